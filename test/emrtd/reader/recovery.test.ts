import { describe, expect, test } from 'bun:test';
import { type LineFault } from '../../../emrtd/chip/mod.ts';
import { mrzPassword, parseDg1, type ReadOptions } from '../../../emrtd/mod.ts';
import { parseCommand } from '../../../emrtd/iso7816/mod.ts';
import type { Transceiver } from '../../../emrtd/types.ts';
import { ERIKSSON } from '../chip/support.ts';
import { chipOf, documentOf, failedChecks, failureOf, readingOf } from './support.ts';

const CA = { chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }] } as const;
const AA = { activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' } } as const;
const PACE = { pace: [{ mapping: 'GM', parameterId: 12, cipher: 'AES-128' }] } as const;
const LARGE = { photo: new Uint8Array(4000).fill(0x55) };
LARGE.photo.set([0xff, 0xd8, 0xff, 0xe0]);

/** A chip that once, at the n-th READ BINARY, gives `spoil` instead of its answer. */
function spoilt(
  document: ReturnType<typeof documentOf>,
  at: number,
  spoil: (answer: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Transceiver {
  const chip = chipOf(document);
  let reads = 0;
  return {
    async transceive(command, signal) {
      const answer = await chip.transceive(command, signal);
      const hit = parseCommand(command).ins === 0xb0 && ++reads === at;
      return hit ? spoil(answer) : answer;
    },
  };
}

describe('a chip that loses the session', () => {
  const wrongMac = (answer: Uint8Array): Uint8Array =>
    answer.with(answer.length - 4, answer[answer.length - 4] ^ 1);

  test.each([
    ['BAC', documentOf({ ...CA, ...LARGE })],
    ['PACE', documentOf({ ...CA, ...LARGE, ...PACE })],
  ])('once is opened again with %s, chip authentication included', async (_, document) => {
    for (const spoil of [wrongMac, () => Uint8Array.of(0x69, 0x88)]) {
      const { result } = await readingOf(document, { transceiver: spoilt(document, 18, spoil) });
      expect(result.passiveAuthentication.authentic).toBe(true);
      expect(result.chipAuthentication.outcome).toBe('success');
      expect(result.complete).toBe(true);
      expect(result.statistics.reconnects).toBe(1);
      expect(result.findings).toEqual([
        expect.objectContaining({ file: 'chip', code: 'reconnected' }),
      ]);
    }
  });

  test('at every read in turn is read all the same', async () => {
    const document = documentOf({ ...CA, ...LARGE });
    const reads = 30;
    for (let at = 1; at <= reads; at += 3) {
      const { result } = await readingOf(document, { transceiver: spoilt(document, at, wrongMac) });
      expect(result.passiveAuthentication.authentic).toBe(true);
      expect(result.groups.dg1?.documentNumber).toBe(ERIKSSON.documentNumber);
    }
  });

  test('again and again gets no more tries than the limit', async () => {
    const document = documentOf(LARGE);
    const { result } = await readingOf(document, { limits: { maxReconnects: 2 } }, {
      faults: ['sm-wrong-mac'],
      faultAfter: 14,
    });
    expect(result.statistics.reconnects).toBeLessThanOrEqual(2);
    expect(result.complete).toBe(false);
    expect(result.findings.map(({ code }) => code)).toContain('unreadable');
  });

  test('blocks of more than 160 bytes refused, as real documents do', async () => {
    const { result } = await readingOf(documentOf(LARGE), {}, { faults: ['read-short-only'] });
    expect(result.passiveAuthentication.authentic).toBe(true);
    expect(result.statistics.reconnects).toBe(0);
  });
});

describe('proofs of the chip', () => {
  const document = documentOf({ ...CA, ...AA });
  const expected: [LineFault, 'chipAuthentication' | 'activeAuthentication', string][] = [
    ['ca-refused', 'chipAuthentication', 'chip-authentication.proof'],
    ['ca-cloned', 'chipAuthentication', 'chip-authentication.proof'],
    ['ca-old-keys', 'chipAuthentication', 'chip-authentication.proof'],
    ['aa-refused', 'activeAuthentication', 'active-authentication.signature'],
    ['aa-cloned', 'activeAuthentication', 'active-authentication.signature'],
    ['aa-replayed', 'activeAuthentication', 'active-authentication.signature'],
    ['aa-truncated', 'activeAuthentication', 'active-authentication.signature'],
  ];

  test.each(expected)('%s: %s fails, the rest is read', async (fault, proof, check) => {
    const { result } = await readingOf(document, {}, { faults: [fault] });
    expect(result[proof].outcome).toBe('failed');
    expect(failedChecks(result)).toEqual([check]);
    expect(result.passiveAuthentication.authentic).toBe(true);
    expect(result.complete).toBe(true);
  });

  test('unavailable where the document offers none', async () => {
    const { result } = await readingOf(documentOf());
    expect(result.chipAuthentication.outcome).toBe('unavailable');
    expect(result.activeAuthentication.outcome).toBe('unavailable');
  });

  test('a group that EF.SOD lists but the chip withholds fails its proof', async () => {
    for (
      const [group, proof] of [[14, 'chipAuthentication'], [15, 'activeAuthentication']] as const
    ) {
      const stripped = {
        ...document,
        document: {
          ...document.document,
          applicationFiles: document.document.applicationFiles.filter(({ fid }) =>
            fid !== 0x0100 + group
          ),
        },
      };
      const { result } = await readingOf(stripped);
      expect(result[proof].outcome).toBe('failed');
      expect(result.complete).toBe(false);
    }
  });

  test('keys that EF.SOD does not vouch for prove nothing', async () => {
    const other = documentOf({ ...CA, ...AA, seed: 'another' });
    const swapped = {
      ...document,
      document: {
        ...other.document,
        applicationFiles: other.document.applicationFiles.map((file) =>
          document.document.applicationFiles.find(({ fid }) =>
            fid === 0x011d && file.fid === fid
          ) ??
            file
        ),
      },
    };
    const { result } = await readingOf(swapped);
    expect(result.chipAuthentication.outcome).toBe('failed');
    expect(result.activeAuthentication.outcome).toBe('failed');
    expect(failedChecks(result)).toContain('chip-authentication.key');
    expect(failedChecks(result)).toContain('active-authentication.key');
    expect(result.passiveAuthentication.authentic).toBe(false);
  });
});

describe('EF.CardAccess against DG14', () => {
  test.each(['card-access-changed', 'card-access-stripped'] as const)('%s', async (fault) => {
    const pace = [
      { mapping: 'GM', parameterId: 13, cipher: 'AES-256' },
      { mapping: 'GM', parameterId: 12, cipher: 'AES-128' },
    ] as const;
    const good = await readingOf(documentOf({ pace }));
    expect(good.result.findings).toEqual([]);
    const { result } = await readingOf(documentOf({ pace, faults: [fault] }));
    expect(result.findings).toContainEqual(
      expect.objectContaining({ file: 'EF.CardAccess', code: 'unconfirmed' }),
    );
  });
});

describe('errors that end the reading', () => {
  const read = (options: Partial<ReadOptions>, faults: LineFault[] = [], faultAfter = 0) =>
    failureOf(readingOf(documentOf({ ...LARGE, ...AA }), options, { faults, faultAfter }));

  test('a wrong password is a denial at its step, with no second protocol tried', async () => {
    const password = mrzPassword({ ...ERIKSSON, documentNumber: 'X00000000' });
    expect(await read({ password })).toMatchObject({ code: 'ACCESS_DENIED', step: 'BAC 2' });
    const error = await failureOf(readingOf(documentOf(PACE), { password }));
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', step: 'PACE 4' });
    expect(error.message).not.toContain('X00000000');
  });

  test('a chip that hangs, by the time of an APDU or of a step', async () => {
    const apdu = await read({ limits: { apduTimeoutMs: 20 } }, ['hang'], 20);
    expect(apdu).toMatchObject({ code: 'TIMEOUT', step: expect.stringMatching(/^READ_|AUTH/) });
    const step = await read({ limits: { stepTimeoutMs: 20 } }, ['hang'], 20);
    expect(step).toMatchObject({ code: 'TIMEOUT', step: expect.stringMatching(/^READ_|AUTH/) });
    expect(step.message).toContain('20 ms');
  });

  test('the caller cancels', async () => {
    const controller = new AbortController();
    const error = await read({
      signal: controller.signal,
      onEvent: ({ step }) => {
        if (step === 'READ_SOD') controller.abort();
      },
    });
    expect(error).toMatchObject({ code: 'CANCELLED', step: 'READ_SOD' });
  });

  test.each(
    [
      ['endless-61', 'LIMIT_EXCEEDED'],
      ['nonsense', 'RESPONSE_MALFORMED'],
      ['empty-answer', 'RESPONSE_MALFORMED'],
    ] as const,
  )('%s', async (fault, code) => {
    expect((await read({}, [fault])).code).toBe(code);
  });

  test('a line that breaks says where', async () => {
    const document = documentOf(LARGE);
    const chip = chipOf(document);
    let count = 0;
    const transceiver: Transceiver = {
      transceive: (command) =>
        ++count > 20 ? Promise.reject(new Error('tag lost')) : chip.transceive(command),
    };
    const error = await failureOf(readingOf(document, { transceiver }));
    expect(error).toMatchObject({ code: 'TRANSCEIVE_FAILED', step: 'READ_DG2' });
  });
});

describe('files that lie', () => {
  test('4 GiB in DG2 costs a few APDUs and loses only DG2', async () => {
    const document = documentOf(LARGE);
    const { result } = await readingOf(document, {}, { faults: ['file-4gib'] });
    const honest = await readingOf(document);
    expect(result.statistics.apdus).toBeLessThan(honest.result.statistics.apdus);
    expect(result.groups.dg1).toEqual(
      parseDg1(result.files.groups.get(1) ?? new Uint8Array()).data,
    );
    expect(result.complete).toBe(false);
    expect(result.findings).toEqual([
      expect.objectContaining({ file: 'EF.DG2', code: 'unreadable' }),
    ]);
  });

  test('endless 6Cxx, nothing at all, one byte at a time', async () => {
    for (const fault of ['endless-6c', 'read-nothing'] as const) {
      const { result } = await readingOf(documentOf(), {}, { faults: [fault] });
      expect(result.complete).toBe(false);
      expect(result.passiveAuthentication.authentic).toBe(false);
      expect(result.statistics.apdus).toBeLessThan(120);
    }
    const slow = readingOf(documentOf(LARGE), { limits: { maxApdus: 500 } }, {
      faults: ['read-one-byte'],
    });
    expect((await failureOf(slow)).code).toBe('LIMIT_EXCEEDED');
  });

  test('a group in EF.COM that EF.SOD does not know is not authentic', async () => {
    const document = documentOf();
    const listed = documentOf({ groups: new Map([[13, Uint8Array.of(0x6d, 1, 0)]]) });
    const mixed = {
      ...document,
      document: {
        ...listed.document,
        applicationFiles: listed.document.applicationFiles.map((file) =>
          file.fid === 0x011d
            ? document.document.applicationFiles.find(({ fid }) => fid === 0x011d) ?? file
            : file
        ),
      },
    };
    const { result } = await readingOf(mixed, { groups: [1, 2, 13] });
    expect(result.findings).toContainEqual(
      expect.objectContaining({ file: 'DG13', code: 'unsigned' }),
    );
    expect(result.passiveAuthentication.authentic).toBe(false);
    expect(failedChecks(result)).toEqual(['DG13.hash']);
  });
});
