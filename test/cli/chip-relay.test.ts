/** The phone of the command line against the real server. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../cli/mod.ts';
import { importInto, TrustStore } from '../../emrtd/mod.ts';
import { CLIENT_ID, startDocval } from '../server/docval/support/server.ts';

const folder = await mkdtemp(join(tmpdir(), 'relay-'));
/** Filled by the first session, which writes what its document is signed by. */
let trust = TrustStore.empty;
const server = startDocval({
  trust: { current: async () => trust },
  now: () => new Date(),
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function chipRelay(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const exit = await runCommandLine(['chip', 'relay', ...args], {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
  });
  return { exit, stdout, stderr };
}

const base = ['--url', server.v1.split('?')[0], '--client-id', CLIENT_ID];

test('a document that nobody vouches for ends with exit code 1', async () => {
  const { exit, stdout, stderr } = await chipRelay(...base, '--trust-out', folder);
  expect(exit).toBe(1);
  expect(stderr).toContain('ACCESS_CONTROL\nREAD_SOD\n');
  expect(stdout).toContain('closed with 1000\npassive authentication  false\n');
  expect(stdout).toContain('DOCUMENT_CERTIFICATE: ');
});

test('with its trust anchor imported it is good', async () => {
  const names = ['csca.cer', 'ds.crl'];
  const files = await Promise.all(
    names.map(async (name) => ({ name, bytes: await Bun.file(join(folder, name)).bytes() })),
  );
  trust = importInto(TrustStore.empty, files, { at: new Date() }).store;
  const { exit, stdout } = await chipRelay(...base, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    code: 1000,
    passport: { passive_authentication: true, chip_authentication_result: 'SUCCESS', errors: [] },
  });
  expect(exit).toBe(0);
});

test('a wrong client id ends with the reason of the server', async () => {
  const { exit, stdout } = await chipRelay(...base.slice(0, 3), 'somebody-else');
  expect([exit, stdout]).toEqual([1, 'closed with 4401 INVALID_CLIENT_ID\n']);
});

test('a server that is not there ends with exit code 4', async () => {
  const url = 'ws://127.0.0.1:1/ws1/validate';
  const { exit } = await chipRelay('--url', url, '--client-id', CLIENT_ID);
  expect(exit).toBe(4);
});

test('what is missing is named', async () => {
  const { exit, stderr } = await chipRelay('--client-id', CLIENT_ID);
  expect(exit).toBe(2);
  expect(stderr).toContain('chip relay needs --url ws://');
});
