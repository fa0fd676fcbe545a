/** `gatehouse serve` from evaluation to a licence and to another one, while it runs; and the trail of it. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { recordsPath } from '../../server/core/records.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { all } from '../server/support/chains.ts';
import { Served } from './served.ts';
import { inProcess } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const nextYear = `${new Date().getUTCFullYear() + 1}-12-31`;

/** Issues a licence and puts it in place in one step. */
async function issue(id: string, ...args: string[]): Promise<void> {
  const { code } = await inProcess(
    ...['license', 'issue', '--key', at('vendor'), '--customer', 'Bank', '--expires', nextYear],
    ...['--id', id, '--out', at('new.json'), ...args],
  );
  expect(code).toBe(EXIT.ok);
  renameSync(at('new.json'), at('lic_config.json'));
}

test('a licence is taken, replaced and never lost while the server runs', async () => {
  await inProcess('license', 'keygen', at('vendor'));
  const config = (licence: string) =>
    writeFileSync(
      at('gatehouse.toml'),
      `server.port = 0\nserver.workers = 1\ndata.folder = "data"\n${licence}`,
    );
  config('');
  const served = new Served(folder, { GATEHOUSE_CONFIG: at('gatehouse.toml') });
  const licences: unknown[] = [];
  try {
    const { url } = await served.line('listening');
    await served.line('engine-ready');
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${url}api/v1/matchWithSelfie`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: '{}',
      });
    expect((await ask()).headers.get('gatehouse-licence')).toBe('evaluation');

    await issue('L-1', '--domain', 'a.example');
    const taken = await served.line('licence', () => {
      config('licence.file = "lic_config.json"\nlicence.keys = ["vendor.pub"]\n');
      served.hangUp();
    });
    licences.push([taken.id, taken.status]);
    const licensed = await ask();
    expect(licensed.headers.has('gatehouse-licence')).toBe(false);
    expect((await licensed.json()).message).toBe('Referer header not found');
    expect((await (await ask({ Origin: 'https://a.example' })).json()).code).toBe(501);

    // nobody tells it this time
    await issue('L-2', '--domain', 'b.example');
    const renewed = await served.line('licence', () => {});
    licences.push([renewed.id, renewed.status]);
    expect((await (await ask({ Origin: 'https://a.example' })).json()).code).toBe(600);

    const refused = await served.line('config-refused', () => {
      writeFileSync(at('lic_config.json'), '{"face": {"url": "b.example", "license": "QUJD"}}');
      served.hangUp();
    });
    expect(refused.problems).toEqual([
      `licence.file ${at('lic_config.json')}: face.license: this is no licence of Gatehouse`,
    ]);
    expect((await (await ask()).json()).message).toBe('Referer header not found');
  } finally {
    expect(await served.end()).toBe(0);
  }
  expect(licences).toEqual([['L-1', 'valid'], ['L-2', 'valid']]);

  const store = SqliteStore.open(recordsPath(at('data')));
  const trail = (await all(store.read('audit'))).map(({ topic, body }) =>
    [topic, JSON.parse(body)] as const
  );
  store.close();
  expect(trail.map(([kind]) => kind)).toEqual([
    'licence',
    'server-started',
    'configuration',
    'keys',
    'model-pack',
    'configuration',
    'licence',
    'licence',
    'server-stopped',
  ]);
  const [before, after] = trail.filter(([kind]) => kind === 'configuration');
  expect(before[1].settings).toMatchObject({
    'server.port': 0,
    'licence.file': null,
    'identy.template_encryption_key': { set: false },
  });
  expect(after[1].settings).toMatchObject({ 'licence.file': at('lic_config.json') });
  expect((await inProcess('audit', 'verify', '--data', at('data'))).code).toBe(EXIT.ok);
}, 60_000);
