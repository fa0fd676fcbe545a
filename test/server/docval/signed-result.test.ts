/** `signed_result`: a statement that an auditor checks with the published key set and nothing else of ours. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { openSigningKey, type SigningKey } from '../../../server/core/keys/signing-key.ts';
import type { ResultStatement } from '../../../server/docval/signed-result.ts';
import { CHECKED_AT } from '../../emrtd/chip/support.ts';
import { passportOf, relay, startMessage } from './support/client.ts';
import { filesOf, makeSpecimen, PROFILES } from './support/documents.ts';
import { CLIENT_ID, DEVICE_CLIENT, type DocvalServer, startDocval } from './support/server.ts';

const specimen = makeSpecimen(PROFILES['BAC, CA and AA']);
const asking = startMessage({ signed_result: true });
let folder: string, key: SigningKey, server: DocvalServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-signed-'));
  key = await openSigningKey(folder);
  server = startDocval({ trust: specimen.trust, signingKey: key });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Checks a signature as a relying party would: with the key set that the server publishes. */
async function verified(origin: string, token: unknown): Promise<ResultStatement> {
  const response = await fetch(`${origin}/.well-known/jwks.json`);
  expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
  const keys = createLocalJWKSet(await response.json() as JSONWebKeySet);
  const { payload, protectedHeader } = await compactVerify(String(token), keys);
  expect(protectedHeader.typ).toBe('gatehouse-docval-result+jwt');
  return JSON.parse(new TextDecoder().decode(payload));
}

const resultOf = ({ texts }: { texts: Record<string, unknown>[] }) =>
  texts.find(({ emrtd_passport: passport }) => passport !== undefined)!;

describe('a signed result', () => {
  test('states the result, for whom, when, by which checks and on which trust', async () => {
    const transcript = await relay(server.v1, specimen.insert(), asking);
    const statement = await verified(server.origin, resultOf(transcript).signed_result);
    expect(statement.emrtd_passport).toEqual(passportOf(transcript) as never);
    const [line] = server.sessions();
    expect(statement).toMatchObject({
      iss: 'gatehouse',
      aud: 'device',
      jti: String(line.session),
      validation_id: 'cf847daa-a548-4509-bdeb-4edd51aee448',
      verified_at: CHECKED_AT.toISOString(),
    });
    expect(Math.abs(statement.iat - Date.now() / 1000)).toBeLessThan(60);
    expect(statement.trust_anchors).toEqual([
      statement.emrtd_passport.passive_authentication_details!.trust_anchor!,
    ]);
    expect(statement.trust_anchors[0].sources[0].file).toBe('csca.cer');
    const procedures = new Set(statement.checks.map(({ procedure }) => procedure));
    expect([...procedures].toSorted()).toEqual([
      'access_control',
      'active_authentication',
      'chip_authentication',
      'chip_authentication_mapping',
      'data_group_hashes',
      'document_certificate',
      'sod_signature',
    ]);
    expect(statement.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(statement.checks.filter(({ status }) => status === 'passed').length)
      .toBeGreaterThan(10);
    for (const { check, reason } of statement.checks) {
      expect(check).not.toBe('');
      expect(reason).not.toBe('');
    }
  });

  test('says of a copied chip that it failed', async () => {
    const copy = specimen.insert({ faults: ['ca-cloned'] });
    const transcript = await relay(server.v1, copy, asking);
    const statement = await verified(server.origin, resultOf(transcript).signed_result);
    expect(statement.emrtd_passport.chip_authentication_result).toBe('FAILED');
    expect(
      statement.checks.some(({ procedure, status }) =>
        procedure === 'chip_authentication' && status === 'failed'
      ),
    ).toBe(true);
  });

  test('names no anchor when there is no chain', async () => {
    const stranger = makeSpecimen({ ...PROFILES.BAC, can: '111111' });
    const transcript = await relay(server.v1, stranger.insert(), asking);
    const statement = await verified(server.origin, resultOf(transcript).signed_result);
    expect(statement.trust_anchors).toEqual([]);
    expect(statement.emrtd_passport.passive_authentication).toBe(false);
  });

  test('is not checked by another key, nor after a change', async () => {
    const token = String(resultOf(await relay(server.v1, specimen.insert(), asking)).signed_result);
    const [header, payload, signature] = token.split('.');
    const changed = `${header}.${payload.slice(0, -4)}AAAA.${signature}`;
    expect(verified(server.origin, changed)).rejects.toThrow();
    const other = await openSigningKey(join(folder, 'other'));
    const keys = createLocalJWKSet({ keys: [other.jwk] } as JSONWebKeySet);
    expect(compactVerify(token, keys)).rejects.toThrow();
  });

  test('is only made when it is asked for, and only with a key', async () => {
    const silent = resultOf(await relay(server.v1, specimen.insert()));
    expect(Object.keys(silent)).toEqual(['emrtd_passport']);
    const keyless = startDocval({ trust: specimen.trust });
    const result = resultOf(await relay(keyless.v1, specimen.insert(), asking));
    expect(Object.keys(result)).toEqual(['emrtd_passport']);
    expect((await fetch(`${keyless.origin}/.well-known/jwks.json`)).status).toBe(404);
    await keyless.stop();
  });

  test('reaches the result server in the same words', async () => {
    let body = '';
    const receiver = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: async (request) => {
        body = await request.text();
        return new Response('');
      },
    });
    const client = { ...DEVICE_CLIENT, result_server: { url: receiver.url.href } };
    const posting = startDocval({ trust: specimen.trust, signingKey: key, clients: [client] });
    const transcript = await relay(posting.v1, specimen.insert(), asking);
    expect(JSON.parse(body).signed_result).toBe(resultOf(transcript).signed_result as string);
    await posting.stop();
    await receiver.stop(true);
  });

  test('is made of files sent by HTTP as well', async () => {
    const form = new FormData();
    form.set('client_id', CLIENT_ID);
    form.set('signed_result', 'true');
    for (const [name, bytes] of Object.entries(await filesOf(specimen))) {
      form.set(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
    }
    const response = await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: form });
    const answer = await response.json() as Record<string, unknown>;
    const statement = await verified(server.origin, answer.signed_result);
    expect(statement.emrtd_passport.passive_authentication).toBe(true);
    expect(statement.checks.find(({ procedure }) => procedure === 'chip_authentication'))
      .toMatchObject({ status: 'skipped', reason: 'no chip took part' });
  });
});
