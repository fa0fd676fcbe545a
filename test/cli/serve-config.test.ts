/** `gatehouse serve` with a configuration file: what it says at the start, and changes while it runs. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Served } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ORIGIN = 'https://bank.example';
const file = join(folder, 'gatehouse.toml');
const clientsFile = join(folder, 'clients.json');

/** As it should be done: a finished file takes the place of the old one. */
function replaceFile(text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function writeClients(clientId: string): void {
  const clients = [{ name: 'bank', client_id: clientId }];
  writeFileSync(clientsFile, JSON.stringify({ clients }), { mode: 0o600 });
}

const UNKNOWN = 'INVALID_CLIENT_ID';
/** What follows on the check of the client id when the access key is none. */
const KNOWN = 'INVALID_ACCESS_KEY_VALUES';

/** How the server ends a DocVal session that begins with this client id. */
function closeReason(url: string, clientId: string): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}ws1/validate`);
  socket.onopen = () =>
    socket.send(JSON.stringify({
      client_id: clientId,
      validation_id: 'x',
      access_key: { can: '' },
      nfc_adapter_supports_extended_length: false,
      platform: 'android',
    }));
  return new Promise((resolve) => socket.onclose = ({ reason }) => resolve(reason));
}

test(
  'serve takes changes on SIGHUP and by itself, and keeps what it has when they are wrong',
  async () => {
    writeClients('the-first-key');
    const start =
      '[server]\nport = 0\nworkers = 1\n[docval]\nclients = "clients.json"\n[data]\nfolder = "data"\n';
    replaceFile(start);
    const served = new Served(folder, { GATEHOUSE_CONFIG: file, TOMCAT_SHUTDOWN: '8005' });
    try {
      expect(await served.line('config')).toMatchObject({ file });
      expect(await served.line('variable-ignored')).toMatchObject({ variable: 'TOMCAT_SHUTDOWN' });
      const url = String((await served.line('listening')).url);
      const allowed = async () =>
        (await fetch(`${url}api/v1/face_health`, { headers: { Origin: ORIGIN } }))
          .headers.get('access-control-allow-origin');
      expect(await allowed()).toBeNull();
      // the handler of the signal is there before the networks are
      await served.line('engine-ready');

      const reloaded = await served.line('config-reloaded', () => {
        replaceFile(`server.cors_origins = ["${ORIGIN}"]\nlimits.queue = 5\nserver.port = 0\n`);
        served.hangUp();
      });
      expect(reloaded).toMatchObject({ changed: ['server.cors_origins', 'docval.clients'] });
      expect(reloaded.needs_restart).toContain('limits.queue');
      expect(await allowed()).toBe(ORIGIN);
      expect(await closeReason(url, 'the-first-key')).toBe(UNKNOWN);

      const refused = await served.line('config-refused', () => {
        replaceFile('[server]\nport = "x"\n');
        served.hangUp();
      });
      expect(refused.problems).toEqual([
        `server.port (${file}:2): must be a whole number from 0 to 65535`,
      ]);
      expect(await allowed()).toBe(ORIGIN);

      // nobody tells it this time
      const found = await served.line('config-reloaded', () => replaceFile(start));
      expect(found).toMatchObject({ changed: ['server.cors_origins', 'docval.clients'] });
      expect(await allowed()).toBeNull();
      expect(await closeReason(url, 'the-first-key')).toBe(KNOWN);

      await served.line('config-reloaded', () => {
        writeClients('the-second-key');
        served.hangUp();
      });
      expect(await closeReason(url, 'the-first-key')).toBe(UNKNOWN);
      expect(await closeReason(url, 'the-second-key')).toBe(KNOWN);

      const broken = await served.line('config-refused', () => {
        writeFileSync(clientsFile, '{');
        served.hangUp();
      });
      expect(broken.problems).toEqual([`docval.clients ${clientsFile}: not JSON`]);
      expect(await closeReason(url, 'the-second-key')).toBe(KNOWN);
    } finally {
      expect(await served.end()).toBe(0);
    }
  },
  60_000,
);
