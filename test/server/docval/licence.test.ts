/** DocVal under a licence: who is let in, what is billed and recorded, and that nothing is said before it is. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { SigningKey } from '../../../server/core/keys/signing-key.ts';
import { rowOf } from '../../../server/core/ledger/ledger.ts';
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { Records } from '../../../server/core/records.ts';
import { all, FillingStore } from '../support/chains.ts';
import { licensed } from '../support/licences.ts';
import { MRZ_KEY, relay, startMessage } from './support/client.ts';
import { filesOf, makeSpecimen, PROFILES } from './support/documents.ts';
import { CLIENT_ID, DEVICE_CLIENT, type DocvalServer, startDocval } from './support/server.ts';
import { runV2 } from './support/v2-client.ts';

const specimen = makeSpecimen(PROFILES['BAC, CA and AA']);
let signingKey: SigningKey;
beforeAll(async () => {
  signingKey = await SigningKey.generate();
});

let server: DocvalServer | undefined;
afterEach(() => server?.stop());

function start(licensing: Licensing, clients: object[] = [DEVICE_CLIENT]): DocvalServer {
  server = startDocval({ trust: specimen.trust, signingKey, licensing, clients });
  return server;
}

const v1 = ({ v1 }: DocvalServer, changes = {}) =>
  relay(v1, specimen.insert(), startMessage(changes));
const v2 = ({ v1 }: DocvalServer) =>
  runV2({ url: v1.replace('/ws1/', '/ws2/'), chip: specimen.insert() });

async function v4({ origin }: DocvalServer): Promise<Response> {
  const form = new FormData();
  form.set('client_id', CLIENT_ID);
  form.set('signed_result', 'true');
  for (const [name, bytes] of Object.entries(await filesOf(specimen))) {
    form.set(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
  }
  return await fetch(`${origin}/v4/validate`, { method: 'POST', body: form });
}

const rows = async ({ records }: Licensing) => (await all(records.store.read('ledger'))).map(rowOf);
const events = async ({ records }: Licensing) =>
  (await all(records.store.read('audit'))).map(({ topic, body }) => [topic, JSON.parse(body)]);

describe('a session with a result', () => {
  test('is one row of the ledger, by the session and the name of the client', async () => {
    const licensing = licensed();
    const running = start(licensing);
    expect((await v1(running)).code).toBe(1000);
    expect((await v2(running)).code).toBe(1000);
    expect((await v4(running)).status).toBe(200);
    const billed = await rows(licensing);
    expect(billed.map((row) => [row?.action, row?.refid])).toEqual(
      running.sessions().map(({ session }, i) => [`DOCVAL${[1, 2, 4][i]}`, session as string]),
    );
    expect(billed[0]).toMatchObject({ client: 'device', outcome: 'result', used: 1 });
    expect(JSON.stringify(billed)).not.toContain(CLIENT_ID);
  });

  test('is in the audit trail with its client, and with the key when it was signed', async () => {
    const licensing = licensed();
    const running = start(licensing);
    await v1(running, { signed_result: true });
    await v1(running);
    const [first, second] = running.sessions().map(({ session }) => session);
    const actor = { type: 'client', name: 'device' };
    expect(await events(licensing)).toEqual([
      ['docval-session', { actor, session: first, protocol: 'v1' }],
      ['key-used', { actor, key: signingKey.keyId, session: first }],
      ['docval-session', { actor, session: second, protocol: 'v1' }],
    ]);
  });
});

test('a session that comes to nothing is in the trail and is not billed', async () => {
  const licensing = licensed();
  const wrong = { ...MRZ_KEY, document_number: 'X00000000' };
  const transcript = await v1(start(licensing), { access_key: wrong });
  expect(transcript.reason).toBe('ACCESS_CONTROL_FAILED');
  expect((await events(licensing)).map(([kind]) => kind)).toEqual(['docval-session']);
  expect(await rows(licensing)).toEqual([]);
});

test('an unknown client leaves nothing: strangers cannot fill the disk', async () => {
  const licensing = licensed();
  const transcript = await v1(start(licensing), { client_id: 'somebody-else' });
  expect(transcript.reason).toBe('INVALID_CLIENT_ID');
  expect(await events(licensing)).toEqual([]);
});

test('a licence without docval lets nobody in', async () => {
  const licensing = licensed({ features: ['face-match'] });
  const running = start(licensing);
  for (const { code, reason } of [await v1(running), await v2(running)]) {
    expect([code, reason]).toEqual([1011, 'SERVER_ERROR']);
  }
  const answer = await v4(running);
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({
    error: {
      code: 'LICENCE_INVALID',
      message: 'License invalid: the licence does not include docval',
    },
  });
  expect(running.sessions()[0].cause).toBe(
    'LICENCE_INVALID: the licence does not include docval',
  );
  expect(await events(licensing)).toEqual([]);
});

describe('when nothing can be stored', () => {
  const posted: string[] = [];
  const resultServer = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      posted.push(await request.text());
      return new Response();
    },
  });
  afterAll(() => resultServer.stop(true));
  const client = { ...DEVICE_CLIENT, result_server: { url: resultServer.url.href } };

  test('nobody is let in', async () => {
    const store = new FillingStore();
    const running = start(licensed({}, { records: new Records(store) }), [client]);
    store.full = true;
    expect((await v1(running)).reason).toBe('SERVER_ERROR');
    expect((await v2(running)).reason).toBe('SERVER_ERROR');
    expect((await v4(running)).status).toBe(500);
  });

  test('a document that was read has no result, here or at the result server', async () => {
    const store = new FillingStore();
    const licensing = licensed({}, { records: new Records(store) });
    // the disk fills between the admission of the client and its result
    const { trust } = specimen;
    server = startDocval({
      trust: {
        current: async () => {
          store.full = true;
          return trust;
        },
      },
      licensing,
      clients: [client],
    });
    const transcripts = [await v1(server)];
    store.full = false;
    await licensing.records.audit.record({ kind: 'server-stopped' });
    transcripts.push(await relay(server.v1, specimen.insert(), startMessage()));
    for (const { texts, reason } of transcripts) {
      expect(reason).toBe('SERVER_ERROR');
      expect(texts.some((text) => 'emrtd_passport' in text)).toBe(false);
    }
    expect(posted).toEqual([]);
    store.full = false;
    expect(await rows(licensing)).toEqual([]);
  });
});
