/** What the command line says and returns when it cannot do what it was told: never a stack trace, never "no match". */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { trialPack } from '../server/support/trial-pack.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe('a picture that cannot be read', () => {
  writeFileSync(at('text'), 'no picture');
  writeFileSync(at('empty'), '');
  symlinkSync('loop-b', at('loop-a'));
  symlinkSync('loop-a', at('loop-b'));
  const unusable: [string, string][] = [
    ['missing', at('missing')],
    ['below a file', at('text/x')],
    ['a folder', folder],
    ['a name that is too long', at('x'.repeat(300))],
    ['a circle of links', at('loop-a')],
    ['empty', at('empty')],
    ['no picture', at('text')],
    ['endless', '/dev/zero'],
  ];
  test.each(unusable)('%s: exit code 3, and the message names the file', async (_, path) => {
    for (const args of [['match', path, path], ['inspect', path]]) {
      const { code, stdout, stderr } = await inProcess(...args);
      expect(code).toBe(EXIT.input);
      expect(stdout).toBe('');
      expect(stderr).toStartWith(`gatehouse ${args[0]}: `);
      expect(stderr).toContain(path);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('with --json the error is one object with a code', async () => {
    const outcome = await inProcess('match', at('missing'), at('missing'), '--json');
    expect([outcome.code, outcome.stderr]).toEqual([EXIT.input, '']);
    expect(json(outcome).error.code).toBe('ENOENT');
  });
});

describe('an installation that cannot do it', () => {
  test('a taken port: exit code 4, naming address and remedy', async () => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    try {
      const { code, stdout, stderr } = await inProcess('serve', '--port', String(other.port));
      expect(code).toBe(EXIT.environment);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^gatehouse serve: 127\.0\.0\.1:\d+ cannot be opened: .*\n$/);
    } finally {
      other.stop(true);
    }
  });

  test('an address that other machines reach in the clear: exit code 4, naming remedies', async () => {
    const { code, stderr } = await inProcess('serve', '--host', '0.0.0.0', '--port', '0');
    expect(code).toBe(EXIT.environment);
    expect(stderr).toStartWith('gatehouse serve: server.host (--host): other machines would speak');
  });

  test('an address beyond this machine without a licence: exit code 4', async () => {
    process.env.GATEHOUSE_INSECURE_HTTP = 'true';
    const { code, stderr } = await inProcess('serve', '--host', '192.0.2.1', '--port', '0');
    delete process.env.GATEHOUSE_INSECURE_HTTP;
    expect(code).toBe(EXIT.environment);
    expect(stderr).toStartWith('gatehouse serve: without a licence');
    expect(stderr).toContain('SERVER_CONFIG_PATH');
  });

  test('an address of another machine: exit code 4', async () => {
    await inProcess('license', 'keygen', at('vendor'));
    await inProcess(
      ...['license', 'issue', '--key', at('vendor'), '--customer', 'x', '--url', 'a.example'],
      ...['--expires', `${new Date().getUTCFullYear() + 1}-01-01`, '--out', at('lic_config.json')],
    );
    process.env.SERVER_CONFIG_PATH = at('lic_config.json');
    process.env.GATEHOUSE_LICENCE_KEY = at('vendor.pub');
    process.env.GATEHOUSE_INSECURE_HTTP = 'true';
    try {
      const { code, stderr } = await inProcess('serve', '--host', '192.0.2.1', '--port', '0');
      expect(code).toBe(EXIT.environment);
      expect(stderr).toStartWith('gatehouse serve: 192.0.2.1:0 cannot be opened');
    } finally {
      delete process.env.SERVER_CONFIG_PATH;
      delete process.env.GATEHOUSE_LICENCE_KEY;
      delete process.env.GATEHOUSE_INSECURE_HTTP;
    }
  });

  test('with --json the reason has a code', async () => {
    const outcome = await inProcess('serve', '--port', '70000', '--json');
    expect(outcome.code).toBe(EXIT.environment);
    expect(json(outcome).error.code).toBe('CONFIG_INVALID');
  });

  test('a pack calibrated for other networks: exit code 4', async () => {
    const pack = await trialPack(at('foreign'), '0123456789abcdef');
    const { code, stderr } = await inProcess('match', at('text'), at('text'), '--pack', pack);
    expect(code).toBe(EXIT.environment);
    expect(stderr).toContain('0123456789abcdef');
  });

  test('a pack that is refused: exit code 4, with the name of the refusal', async () => {
    const { code, stderr } = await inProcess(
      'models',
      'import',
      at('missing'),
      '--data',
      at('data'),
    );
    expect(code).toBe(EXIT.environment);
    expect(stderr).toContain('PACK_NOT_FOUND');
  });
});
