/** The demonstration of DocVal: real sessions with specimens, where it is off, and what it never touches. */
import { afterAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { TrustStore } from '../../../emrtd/mod.ts';
import { loadConfig, startServer } from '../../../server/mod.ts';
import { createLogger } from '../../../server/core/logging.ts';
import { parseClients, ResultPoster } from '../../../server/docval/mod.ts';
import type { DemoAnswer } from '../../../server/docval-demo/answer.ts';
import { validateDocument } from '../../../server/web/docval-client/client.ts';
import type {
  AccessKey,
  ValidateOutcome,
} from '../../../server/web/docval-client/docval-client.d.ts';
import { CLIENT_ID, DEVICE_CLIENT } from '../docval/support/server.ts';
import { makeSpecimen } from '../docval/support/documents.ts';
import { fakeFaces } from '../support/fake-faces.ts';
import { licensed } from '../support/licences.ts';

type Demo = Extract<DemoAnswer, { enabled: true }>;

function start(
  settings: object = {},
  now: () => Date = () => new Date(),
  trust = TrustStore.empty,
) {
  const log: string[] = [];
  const server = startServer(loadConfig({}, { port: 0, drainMs: 500, ...settings }), {
    faces: fakeFaces(),
    licensing: licensed(),
    log: createLogger('info', (line) => log.push(line)),
    docval: {
      clients: parseClients(JSON.stringify({ clients: [DEVICE_CLIENT] }), 'clients'),
      trust: { current: async () => trust },
      poster: new ResultPoster(),
      now,
    },
  });
  const port = Number(new URL(server.url).port);
  const ask = async (headers: HeadersInit = {}): Promise<DemoAnswer> =>
    await (await fetch(`http://127.0.0.1:${port}/docval/demo`, { headers })).json();
  return { server, log, ask, ws: `ws://127.0.0.1:${port}` };
}

const here = start();
const demo = await here.ask() as Demo;
afterAll(() => here.server.stop());

function socketTo(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers } as never);
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = () => reject(new Error('refused'));
  });
}

const chipUrl = (specimen: string, clientId: string, ws = here.ws) =>
  `${ws}/docval/chip?${new URLSearchParams({ specimen, client_id: clientId })}`;

/** Relays a specimen of the demonstration to an endpoint. */
async function verify(
  id: string,
  changes: { path?: string; clientId?: string; ws?: string; from?: Demo } = {},
): Promise<ValidateOutcome> {
  const { path = '/docval/session', ws = here.ws, from = demo } = changes;
  const chip = await socketTo(chipUrl(id, from.clientId, ws));
  const key = from.specimens.find((specimen) => specimen.id === id)?.accessKey as AccessKey;
  return await throughChip(chip, ws + path, changes.clientId ?? from.clientId, key);
}

/** Relays a chip on a reader to a session, then takes it off. */
async function throughChip(
  chip: WebSocket,
  url: string,
  clientId: string,
  accessKey: AccessKey,
): Promise<ValidateOutcome> {
  try {
    return await validateDocument({
      url,
      clientId,
      validationId: 'v',
      accessKey,
      extendedLength: false,
      returnResult: true,
      transceive: (command) =>
        new Promise((resolve) => {
          chip.onmessage = ({ data }) => resolve(new Uint8Array(data as ArrayBuffer));
          chip.send(command as Uint8Array<ArrayBuffer>);
        }),
    });
  } finally {
    chip.close();
  }
}

describe('a session with a specimen', () => {
  const SUCCESS = { passive_authentication: true, errors: [] };
  test.each<[string, string, object, string]>([
    ['pace-ca', 'PACE-GM', { ...SUCCESS, chip_authentication_result: 'SUCCESS' }, ''],
    ['pace-cam', 'PACE-CAM', { ...SUCCESS, chip_authentication_result: 'SUCCESS' }, ''],
    ['aa-rsa', 'BAC', { ...SUCCESS, active_authentication_result: 'SUCCESS' }, ''],
    ['bac', 'BAC', {
      ...SUCCESS,
      chip_authentication_result: 'UNAVAILABLE',
      active_authentication_result: 'UNAVAILABLE',
    }, ''],
    ['cloned', 'PACE-GM', {
      passive_authentication: true,
      chip_authentication_result: 'FAILED',
    }, 'CHIP_AUTHENTICATION: '],
    ['tampered-photo', 'PACE-GM', { passive_authentication: false }, 'DATA_GROUP_HASH: DG2'],
    ['expired-signer', 'PACE-GM', {
      passive_authentication: false,
    }, 'DOCUMENT_CERTIFICATE: signer.validity-period'],
    ['stranger', 'PACE-GM', {
      passive_authentication: false,
    }, 'DOCUMENT_CERTIFICATE: anchor.found'],
  ])('%s: the verdict of the server', async (id, access, expected, error) => {
    const { closeCode, passport } = await verify(id);
    expect(closeCode).toBe(1000);
    expect(passport).toMatchObject(expected);
    expect(passport?.mrz_info?.primary_identifier).toBe('ERIKSSON');
    expect(passport?.errors.map((text) => text.slice(0, error.length))).toEqual(
      error === '' ? [] : [error],
    );
    const line = here.log.findLast((text) => text.includes('docval-session')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ client: 'demonstration', access, outcome: 'DONE' });
  });

  test('is trusted for years: documents are issued anew before their revocation list ends', async () => {
    const clock = { now: new Date('2030-01-15T12:00:00Z') };
    const { server, ws, ask } = start({}, () => clock.now);
    const from = await ask() as Demo;
    for (const day of ['2030-01-15', '2030-02-13', '2030-05-20', '2041-01-01']) {
      clock.now = new Date(`${day}T12:00:00Z`);
      const { passport } = await verify('pace-ca', { ws, from });
      expect([day, passport?.errors]).toEqual([day, []]);
    }
    await server.stop();
  });
});

describe('apart from the installation', () => {
  test('its client id opens no endpoint of the installation', async () => {
    const v1 = await verify('pace-ca', { path: '/ws1/validate' });
    expect([v1.closeCode, v1.closeReason]).toEqual([4401, 'INVALID_CLIENT_ID']);
    const form = new FormData();
    form.append('client_id', demo.clientId);
    form.append('sod', new Blob(['x']), 'sod');
    const v4 = await fetch(`${here.ws.replace('ws', 'http')}/v4/validate`, {
      method: 'POST',
      body: form,
    });
    expect(v4.status).toBe(401);
  });

  test('clients of the installation get no session of the demonstration', async () => {
    const { closeCode } = await verify('pace-ca', { clientId: CLIENT_ID });
    expect(closeCode).toBe(4401);
  });

  test('a specimen is trusted by no client of the installation, before and after a demonstration', async () => {
    for (const id of ['pace-ca', 'pace-cam', 'aa-rsa', 'bac']) {
      expect((await verify(id)).passport?.passive_authentication).toBe(true);
      const { closeCode, passport } = await verify(id, {
        path: '/ws1/validate',
        clientId: CLIENT_ID,
      });
      expect(closeCode).toBe(1000);
      expect(passport?.passive_authentication).toBe(false);
      expect(passport?.passive_authentication_details?.document_certificate_valid).toBe(false);
      expect(passport?.passive_authentication_details?.trust_anchor).toBeUndefined();
    }
  });

  test('the trust store of the installation counts for nothing in the demonstration', async () => {
    const issued = makeSpecimen({ issuedAt: new Date(Date.now() - 86_400_000) });
    const { server, ws, ask } = start({}, () => new Date(), issued.trust);
    const { clientId } = await ask() as Demo;
    const { documentNumber, dateOfBirth, dateOfExpiry } = issued.description.holder;
    const outcomes: unknown[] = [];
    for (const [path, id] of [['/ws1/validate', CLIENT_ID], ['/docval/session', clientId]]) {
      const chip = issued.insert();
      const { passport } = await validateDocument({
        url: ws + path,
        clientId: id,
        validationId: 'v',
        accessKey: { documentNumber, dateOfBirth, dateOfExpiry },
        extendedLength: false,
        returnResult: true,
        transceive: (command) => chip.transceive(command),
      });
      outcomes.push(passport?.passive_authentication);
    }
    expect(outcomes).toEqual([true, false]);
    await server.stop();
  });

  test('another process has another client id and trusts none of these documents', async () => {
    const other = start();
    const { clientId } = await other.ask() as Demo;
    expect(clientId).not.toBe(demo.clientId);
    expect(clientId.length).toBeGreaterThan(64);
    const chip = await socketTo(chipUrl('pace-ca', demo.clientId));
    const url = `${other.ws}/docval/session`;
    const { passport } = await throughChip(chip, url, clientId, { can: '123456' });
    expect(passport?.passive_authentication).toBe(false);
    await other.server.stop();
  });

  test('the client id is in no line of the log', () => {
    expect(here.log.length).toBeGreaterThan(5);
    expect(here.log.join('')).not.toContain(demo.clientId);
  });
});

describe('where it is off', () => {
  const OFF = { enabled: false } as const;

  async function isOff({ ws, ask }: ReturnType<typeof start>, headers = {}): Promise<void> {
    expect(await ask(headers)).toEqual(OFF);
    for (const path of ['/docval/session', '/docval/chip?specimen=bac&client_id=x']) {
      await expect(socketTo(ws + path, headers)).rejects.toThrow('refused');
      const response = await fetch(ws.replace('ws', 'http') + path, { headers });
      expect(response.status).toBe(404);
    }
  }

  test.each(['0.0.0.0', '::'])('on a server that listens on %s', async (host) => {
    const other = start({ host, insecureHttp: true });
    await isOff(other);
    await other.server.stop();
  });

  test('when it is switched off', async () => {
    const other = start({ docvalDemo: 'off' });
    await isOff(other);
    await other.server.stop();
  });

  test.each<Record<string, string>>([
    { Host: 'appliance.example' },
    { Host: '127.0.0.1.evil.example' },
    { 'X-Forwarded-For': '192.0.2.1' },
    { Forwarded: 'for=192.0.2.1' },
  ])('for a request that came from elsewhere: %j', async (headers) => {
    await isOff(here, headers);
  });

  test('until it is switched on', async () => {
    const other = start({ host: '0.0.0.0', insecureHttp: true, docvalDemo: 'on' });
    const from = await other.ask({ Host: 'appliance.example' }) as Demo;
    expect(from.enabled).toBe(true);
    const { passport } = await verify('pace-ca', { ws: other.ws, from });
    expect(passport?.passive_authentication).toBe(true);
    await other.server.stop();
  });
});

describe('the chip at /docval/chip', () => {
  test('is for the client of the page and for known specimens', async () => {
    for (
      const [id, client] of [['bac', 'x'], ['bac', ''], ['nobody', demo.clientId], [
        '__proto__',
        demo.clientId,
      ]]
    ) await expect(socketTo(chipUrl(id, client))).rejects.toThrow('refused');
    const plain = await fetch(chipUrl('bac', demo.clientId).replace('ws', 'http'));
    expect(plain.status).toBe(426);
  });

  const ended = (socket: WebSocket) =>
    new Promise<number>((resolve) => socket.onclose = ({ code }) => resolve(code));

  test('takes no text and no command longer than any', async () => {
    const talker = await socketTo(chipUrl('bac', demo.clientId));
    talker.send('hello');
    expect(await ended(talker)).toBe(1003);
    const giant = await socketTo(chipUrl('bac', demo.clientId));
    giant.send(new Uint8Array(65_545));
    expect(await ended(giant)).toBe(1008);
  });

  test('answers whatever bytes come with a status word', async () => {
    const socket = await socketTo(chipUrl('pace-ca', demo.clientId));
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (command) => {
      const answer = new Promise<Uint8Array>((resolve) => {
        socket.onmessage = ({ data }) => resolve(new Uint8Array(data as ArrayBuffer));
      });
      socket.send(command as Uint8Array<ArrayBuffer>);
      expect((await answer).length).toBeGreaterThanOrEqual(2);
    }));
    socket.close();
  });

  test('is there a limited number of times, and the end of the server takes all away', async () => {
    const other = start();
    const { clientId } = await other.ask() as Demo;
    const chips: WebSocket[] = [];
    for (let i = 0; i < 32; i++) chips.push(await socketTo(chipUrl('bac', clientId, other.ws)));
    await expect(socketTo(chipUrl('bac', clientId, other.ws))).rejects.toThrow('refused');
    const last = ended(chips[0]);
    chips[1].close();
    await ended(chips[1]);
    chips.push(await socketTo(chipUrl('bac', clientId, other.ws)));
    await other.server.stop();
    expect(await last).toBe(1001);
  });
});
