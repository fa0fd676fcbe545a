/** The verdict and the tree of checks of the page, from results as the server documents them. */
import { describe, expect, test } from 'bun:test';
import { statedChecks } from '../../../../server/web/docval/statement.ts';
import { strings } from '../../../../server/web/docval/strings.ts';
import { type Check, checksOf, verdictOf } from '../../../../server/web/docval/checks.ts';
import { pictureKind } from '../../../../server/web/docval/picture.ts';
import type { EmrtdPassport } from '../../../../server/docval/passport-types.ts';

const GOOD: EmrtdPassport = {
  sod_info: { hash_algorithm: 'SHA-256', hash_for_data_group: {} },
  mrz_info: {} as EmrtdPassport['mrz_info'],
  face_photo: '/9j/',
  signature_photos: null,
  additional_personal_details: null,
  additional_document_details: null,
  passive_authentication: true,
  passive_authentication_details: {
    sod_signature_valid: true,
    document_certificate_valid: true,
    all_hashes_valid: true,
    data_groups_checked: [1, 2],
    data_groups_with_valid_hash: [1, 2],
    error: null,
  },
  chip_authentication_result: 'SUCCESS',
  active_authentication_result: 'UNAVAILABLE',
  errors: [],
};

type Changes = Partial<EmrtdPassport>;
const NONE: Changes = { chip_authentication_result: 'UNAVAILABLE' };

describe('the verdict', () => {
  test.each<[string, Changes, string]>([
    ['genuine, by chip authentication', {}, 'good'],
    ['genuine, by active authentication', {
      ...NONE,
      active_authentication_result: 'SUCCESS',
    }, 'good'],
    ['not proven', NONE, 'fair'],
    ['not genuine', { passive_authentication: false }, 'forged'],
    ['not genuine, although all else is', { passive_authentication: null as never }, 'forged'],
    ['no original', { chip_authentication_result: 'FAILED' }, 'cloned'],
    ['no original by one proof of two', { active_authentication_result: 'FAILED' }, 'cloned'],
    ['incomplete: an error', { errors: ['FILE_ABSENT: DG2: x'] }, 'incomplete'],
    ['incomplete: no zone', { mrz_info: null }, 'incomplete'],
    ['incomplete: no portrait', { face_photo: null }, 'incomplete'],
  ])('%s', (_, changes, kind) => {
    expect(verdictOf({ ...GOOD, ...changes })).toBe(kind as ReturnType<typeof verdictOf>);
  });
});

const flat = (checks: readonly Check[]): Check[] =>
  checks.flatMap((check) => [check, ...flat(check.parts)]);

describe('the tree', () => {
  test('has all that passed as passed, and what the chip does not offer as not available', () => {
    const states = checksOf(GOOD).map(({ state }) => state);
    expect(states).toEqual(['passed', 'passed', 'absent', 'passed']);
    expect(flat(checksOf(GOOD)).filter(({ state }) => state === 'failed')).toEqual([]);
  });

  test('puts each reason where it belongs, once', () => {
    const codes = [
      'SOD_SIGNATURE',
      'DOCUMENT_CERTIFICATE',
      'DATA_GROUP_HASH',
      'CHIP_AUTHENTICATION',
      'ACTIVE_AUTHENTICATION',
      'FILE_ABSENT',
      'FILE_UNREADABLE',
      'FILE_MALFORMED',
      'FILE_UNSIGNED',
      'ACCESS_CONTROL',
      'DOCUMENT_NOT_ALLOWED',
      'A_CODE_OF_TOMORROW',
    ];
    const errors = codes.map((code, index) => `${code}: reason ${index}!`);
    const notes = flat(checksOf({ ...GOOD, errors })).flatMap((check) => check.notes);
    for (const [index] of codes.entries()) {
      expect(notes.filter((note) => note.includes(`reason ${index}!`)).length).toBe(1);
    }
  });

  test('says at the data group which hash is wrong', () => {
    const checks = flat(checksOf({
      ...GOOD,
      passive_authentication: false,
      passive_authentication_details: {
        ...GOOD.passive_authentication_details as NonNullable<
          EmrtdPassport['passive_authentication_details']
        >,
        all_hashes_valid: false,
        data_groups_checked: [1, 2, 11],
        data_groups_with_valid_hash: [2],
      },
      errors: ['DATA_GROUP_HASH: DG1.hash: other', 'DATA_GROUP_HASH: DG11.hash: another'],
    }));
    const group = (name: string) => checks.find((check) => check.name === name);
    expect(group('DG1')).toMatchObject({ state: 'failed', notes: ['DG1.hash: other'] });
    expect(group('DG2')).toMatchObject({ state: 'passed', notes: [] });
    expect(group('DG11')).toMatchObject({ state: 'failed', notes: ['DG11.hash: another'] });
  });

  test('takes nothing as passed that is not said', () => {
    const checks = checksOf({
      ...GOOD,
      sod_info: null,
      passive_authentication: false,
      passive_authentication_details: null,
    });
    expect(flat(checks.slice(0, 1)).map(({ state }) => state)).toEqual(Array(4).fill('failed'));
  });

  test('shows the trust anchor where one was found', () => {
    const details = GOOD.passive_authentication_details as NonNullable<
      EmrtdPassport['passive_authentication_details']
    >;
    const trust_anchor = {
      subject: 'C=UT, CN=CSCA',
      serial_number: '1001',
      fingerprint: 'ab12',
      sources: [{ kind: 'file', file: 'list.ml', vouched_for_by: 'C=D' }],
    };
    const checks = flat(checksOf({
      ...GOOD,
      passive_authentication_details: { ...details, trust_anchor },
    }));
    expect(checks.flatMap(({ notes }) => notes).join('\n')).toContain(
      'Rests on C=UT, CN=CSCA, serial number 1001\nSHA-256 ab12\nFrom list.ml, vouched for by C=D',
    );
  });
});

test.each<[string, string]>([
  ['ffd8ffe0', 'jpeg'],
  ['0000000c6a5020200d0a870a', 'jpeg2000'],
  ['ff4fff51', 'jpeg2000'],
  ['89504e47', 'unknown'],
  ['ffd8', 'unknown'],
  ['', 'unknown'],
])('a picture that begins with %s is %s', (hex, kind) => {
  expect(pictureKind(Uint8Array.fromHex(hex))).toBe(kind as ReturnType<typeof pictureKind>);
});

test('the tree holds the single checks of a signed result, each under its procedure', () => {
  const checks = [
    ['access_control', 'access', 'passed'],
    ['sod_signature', 'message-digest', 'passed'],
    ['document_certificate', 'revocation', 'skipped'],
    ['chip_authentication', 'key', 'passed'],
    ['active_authentication', 'offered', 'skipped'],
    ['data_group_hashes', 'dg1', 'passed'],
  ].map(([procedure, check, status]) => ({ procedure, check, status, reason: `${check} said` }));
  const payload = btoa(JSON.stringify({ checks })).replaceAll('=', '');
  const tree = flat(checksOf(GOOD, statedChecks(`e30.${payload}.AAAA`)));
  const found = tree.flatMap(({ single = [] }) =>
    single.map(({ name, state, notes }) => [name, state, ...notes])
  );
  expect(found.toSorted()).toEqual(
    checks.map(({ check, status, reason }) => [check, status, reason]).toSorted(),
  );
  const signature = tree.find(({ name }) => name === strings.check.signature);
  expect(signature?.single?.map(({ name }) => name)).toEqual(['message-digest']);
  expect(statedChecks(null)).toEqual([]);
});
