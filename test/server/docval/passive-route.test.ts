/** Passive authentication of files sent by HTTP: the verdicts, and what is refused. */
import { afterAll, describe, expect, test } from 'bun:test';
import { apiDocs } from '../../../server/web/api-docs/mod.ts';
import { ERIKSSON, PHOTO } from '../../emrtd/chip/support.ts';
import { filesOf, makeSpecimen, PROFILES } from './support/documents.ts';
import { checker } from '../support/openapi.ts';
import { CLIENT_ID, DEVICE_CLIENT, startDocval } from './support/server.ts';

const specimen = makeSpecimen(PROFILES['BAC, CA and AA']);
const server = startDocval({
  trust: specimen.trust,
  clients: [DEVICE_CLIENT, { name: 'silent', client_id: 'silent-client-0123' }],
});

afterAll(() => server.stop());

const files = await filesOf(specimen);

const document = JSON.parse(apiDocs()['/openapi.json']);
const { check } = checker(document);

/** The answer, which fits what `/openapi.json` says of it. */
async function post(parts: Record<string, string | Uint8Array | undefined>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) continue;
    form.append(
      name,
      typeof value === 'string' ? value : new Blob([value as Uint8Array<ArrayBuffer>]),
    );
  }
  const response = await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: form });
  const { content } = document.paths['/v4/validate'].post.responses[response.status];
  const faults = check(content['application/json'].schema, await response.clone().json());
  expect(faults).toEqual([]);
  return response;
}

const client_id = CLIENT_ID;

test('authentic files are authentic; nothing is said of the chip', async () => {
  const response = await post({ client_id, validation_id: 'case 7', ...files });
  expect(response.status).toBe(200);
  const { emrtd_passport: passport, client_validation_id } = await response.json();
  expect(client_validation_id).toBe('case 7');
  expect(passport).toMatchObject({
    mrz_info: { document_number: ERIKSSON.documentNumber, primary_identifier: 'ERIKSSON' },
    face_photo: PHOTO.toBase64(),
    passive_authentication: true,
    passive_authentication_details: { data_groups_checked: [1, 2, 14, 15], error: null },
    chip_authentication_result: 'UNAVAILABLE',
    active_authentication_result: 'UNAVAILABLE',
    errors: [],
  });
});

test('files need no file name (RFC 7578 4.2)', async () => {
  const parts = { client_id: new TextEncoder().encode(client_id), ...files };
  const body = Object.entries(parts).flatMap(([name, bytes]) => [
    `--limit\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`,
    bytes as Uint8Array<ArrayBuffer>,
    '\r\n',
  ]);
  const response = await fetch(`${server.origin}/v4/validate`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=limit' },
    body: new Blob([...body, '--limit--\r\n']),
  });
  expect(response.status).toBe(200);
  const { emrtd_passport: passport } = await response.json();
  expect(passport).toMatchObject({ passive_authentication: true, errors: [] });
});

test('a changed data group is named', async () => {
  const dg1 = files.dg1.slice();
  dg1[20] ^= 1;
  const { emrtd_passport: passport } = await (await post({ client_id, ...files, dg1 })).json();
  const reason = 'DATA_GROUP_HASH: DG1.hash: the hash is not the one in the security object';
  expect(passport).toMatchObject({
    passive_authentication: false,
    passive_authentication_details: {
      sod_signature_valid: true,
      document_certificate_valid: true,
      all_hashes_valid: false,
      data_groups_checked: [1, 2, 14, 15],
      data_groups_with_valid_hash: [2, 14, 15],
      error: reason,
    },
    errors: [reason],
  });
});

test('an EF.SOD that is none gives false in every field that clients take for a boolean', async () => {
  const { emrtd_passport: passport } =
    await (await post({ client_id, sod: new Uint8Array(40), dg1: files.dg1 })).json();
  expect(passport).toMatchObject({
    sod_info: null,
    passive_authentication: false,
    passive_authentication_details: {
      sod_signature_valid: false,
      document_certificate_valid: false,
      all_hashes_valid: false,
      data_groups_checked: [],
      data_groups_with_valid_hash: [],
      error: expect.stringContaining('SOD_SIGNATURE: '),
    },
  });
});

test('parts that nobody asked for are left aside, as in the start message', async () => {
  const response = await post({ client_id, ...files, com: new Uint8Array(30), platform: 'web' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ emrtd_passport: { passive_authentication: true } });
});

describe('what is refused', () => {
  const cases: [string, Record<string, string | Uint8Array | undefined>, number, string][] = [
    ['no client id', { ...files }, 400, 'INVALID_REQUEST'],
    ['an unknown client id', { client_id: 'nobody-at-all', ...files }, 401, 'INVALID_CLIENT_ID'],
    [
      'a client without permission',
      { client_id: 'silent-client-0123', ...files },
      403,
      'RESULT_NOT_ALLOWED',
    ],
    ['no EF.SOD', { client_id, dg1: files.dg1 }, 400, 'INVALID_REQUEST'],
    [
      'a data group that does not exist',
      { client_id, ...files, dg17: files.dg1 },
      400,
      'INVALID_REQUEST',
    ],
    ['a data group in upper case', { client_id, ...files, DG2: files.dg1 }, 400, 'INVALID_REQUEST'],
    [
      'more than a document may have',
      { client_id, ...files, dg2: new Uint8Array(5 * 2 ** 20) },
      413,
      'TOO_LARGE',
    ],
  ];
  for (const [name, parts, status, code] of cases) {
    test(name, async () => {
      const response = await post(parts);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { code } });
    });
  }

  test('a part that comes twice', async () => {
    const form = new FormData();
    form.append('client_id', client_id);
    form.append('client_id', client_id);
    form.append('sod', new Blob([files.sod as Uint8Array<ArrayBuffer>]));
    const response = await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: form });
    expect(response.status).toBe(400);
  });

  test('parts without end', async () => {
    const form = new FormData();
    for (let i = 0; i < 100; i++) form.append(`part${i}`, 'x');
    const response = await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ error: { message: 'form: too many parts' } });
  });

  test('other content', async () => {
    const response = await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(400);
  });

  test('other methods', async () => {
    const response = await fetch(`${server.origin}/v4/validate`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('the log has neither the id nor the holder', () => {
  const log = server.log.join();
  expect(log).toContain('"protocol":"v4"');
  for (const secret of [CLIENT_ID, 'case 7', 'ERIKSSON', ERIKSSON.documentNumber]) {
    expect(log).not.toContain(secret);
  }
});
