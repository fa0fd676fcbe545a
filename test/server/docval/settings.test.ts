/** What `serve` reads at start-up for DocVal, and how a server ends with sockets open. */
import { afterAll, expect, test } from 'bun:test';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrustStore } from '../../../emrtd/mod.ts';
import { NO_AUDIT } from '../../../server/core/audit/audit.ts';
import { createLogger } from '../../../server/core/logging.ts';
import { openDocval } from '../../../server/docval/mod.ts';
import { openSocket, relay } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { startDocval } from './support/server.ts';

const folder = await mkdtemp(join(tmpdir(), 'docval-'));
const log = createLogger('error', () => {});

afterAll(() => rm(folder, { recursive: true }));

async function clientsFile(result_server: object): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.json`);
  const client = { name: 'bank', client_id: 'key-of-the-bank', result_server };
  await writeFile(path, JSON.stringify({ clients: [client] }), { mode: 0o600 });
  return path;
}

test('without a clients file nobody is a client and nothing is trusted', async () => {
  const { clients, trust } = await openDocval(undefined, folder, log, NO_AUDIT);
  expect(clients.count).toBe(0);
  expect((await trust.current()).contents.anchors.size).toBe(0);
});

test('a clients file that is not there is named', async () => {
  const path = join(folder, 'nowhere.json');
  await expect(openDocval(path, folder, log, NO_AUDIT)).rejects.toThrow(
    `docval.clients ${path}: does not exist`,
  );
});

test('a clients file or a key that others may read is refused, since ids are access keys', async () => {
  const path = await clientsFile({ url: 'https://kyc.example/' });
  await chmod(path, 0o644);
  await expect(openDocval(path, folder, log, NO_AUDIT)).rejects.toThrow(
    `docval.clients ${path}: is open to other users: chmod 600 it`,
  );
  const key = join(folder, 'open-key.pem');
  await writeFile(key, 'a key', { mode: 0o644 });
  const tls = { cert_file: key, key_file: key };
  const withKey = await clientsFile({ url: 'https://kyc.example/', tls });
  await expect(openDocval(withKey, folder, log, NO_AUDIT)).rejects.toThrow(
    'client bank: is open to other users: chmod 600 it',
  );
});

test('a PEM file that is not there is named by the client and the key', async () => {
  const path = await clientsFile({
    url: 'https://kyc.example/',
    tls: { ca_file: join(folder, 'nowhere.pem') },
  });
  await expect(openDocval(path, folder, log, NO_AUDIT)).rejects.toThrow(
    'client bank: result_server.tls: ENOENT',
  );
});

test('a good file opens', async () => {
  const { clients } = await openDocval(
    await clientsFile({ url: 'https://kyc.example/' }),
    folder,
    log,
    NO_AUDIT,
  );
  expect(clients.find('key-of-the-bank')?.result_server?.url).toBe('https://kyc.example/');
});

test('a server that stops tells the sockets that wait', async () => {
  const server = startDocval({ trust: TrustStore.empty });
  const socket = await openSocket(server.v1);
  await server.stop();
  expect(await socket.closed).toMatchObject({
    code: 1011,
    texts: [{ close_code: 1011, close_reason: 'SERVER_ERROR' }],
  });
});

test('a server that stops lets a reading come to its end', async () => {
  const specimen = makeSpecimen(PROFILES.BAC);
  const server = startDocval({ trust: specimen.trust });
  const chip = specimen.insert();
  const begun = Promise.withResolvers<void>();
  const session = relay(server.v1, {
    transceive: (command) => {
      begun.resolve();
      return chip.transceive(command);
    },
  });
  await begun.promise;
  await server.stop();
  expect((await session).code).toBe(1000);
});
