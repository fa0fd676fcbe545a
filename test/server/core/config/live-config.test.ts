/** Settings that change under a running server: all of a good change, nothing of a bad one. */
import { beforeEach, describe, expect, test } from 'bun:test';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConfigSources,
  LiveConfig,
  readConfig,
  type ServerConfig,
} from '../../../../server/core/config/mod.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { createLogger } from '../../../../server/core/logging.ts';
import { configFolder } from './support.ts';

const folder = configFolder();
const START = '[server]\nport = 1\n[log]\nlevel = "info"\n[limits]\ndeadline_ms = 1000\n';

let file: string;
let lines: { event: string; [key: string]: unknown }[];
let applied: ServerConfig[];
/** What putting settings in force throws. */
let refusal: Error | undefined;
/** How many are being put in force, now and at most. */
let inside = 0, most = 0;

beforeEach(() => {
  file = folder.write('gatehouse.toml', START);
  lines = [];
  applied = [];
  refusal = undefined;
  most = 0;
});

function follow(sources: Partial<ConfigSources> = {}): LiveConfig {
  const whole = { env: {}, file, ...sources };
  return new LiveConfig({
    sources: whole,
    reading: readConfig(whole),
    log: createLogger('info', (line) => lines.push(JSON.parse(line))),
    apply: async (config) => {
      most = Math.max(most, ++inside);
      await Bun.sleep(0);
      inside--;
      if (refusal !== undefined) throw refusal;
      applied.push(config);
    },
  });
}

/** Looks until nothing moves any more. */
async function settle(live: LiveConfig): Promise<void> {
  for (let i = 0; i < 3; i++) await live.poll();
}

const events = () => lines.map(({ event }) => event);

describe('reading again', () => {
  test('puts in force what can change, and names what changed and what needs a restart', async () => {
    const live = follow();
    folder.write(
      'gatehouse.toml',
      '[server]\nport = 2\ncors_origins = ["https://a.example"]\n[log]\nlevel = "debug"\n',
    );
    await live.reload();
    expect(lines).toEqual([expect.objectContaining({
      level: 'info',
      event: 'config-reloaded',
      file,
      changed: ['server.cors_origins', 'log.level', 'limits.deadline_ms'],
      needs_restart: ['server.port'],
    })]);
    expect(applied).toEqual([expect.objectContaining({
      port: 1,
      logLevel: 'debug',
      corsOrigins: ['https://a.example'],
      deadlineMs: 30_000,
    })]);

    await live.reload();
    expect(lines[1]).toMatchObject({ changed: [], needs_restart: ['server.port'] });
  });

  test('shows what is in force and where it is from', async () => {
    const live = follow({ env: { LOG_LEVEL: 'WARN' } });
    const shown = () =>
      ['server.port', 'log.level', 'limits.deadline_ms', 'server.host'].map((key) => {
        const setting = live.shown.settings.find((one) => one.key === key);
        return `${setting?.value} ${setting?.from}`;
      });
    const before = [`1 ${file}:2`, 'warn LOG_LEVEL', `1000 ${file}:6`, '127.0.0.1 default'];
    expect(shown()).toEqual(before);
    expect(live.shown.file).toBe(file);
    folder.write('gatehouse.toml', '[limits]\ndeadline_ms = 2000\n[server]\nport = 2\n');
    await live.reload();
    // the port waits for a restart
    expect(shown()).toEqual([before[0], before[1], `2000 ${file}:2`, before[3]]);
  });

  test('keeps what the environment and the command line decide', async () => {
    const live = follow({ env: { LOG_LEVEL: 'warn' }, options: { deadlineMs: 500 } });
    folder.write('gatehouse.toml', '[log]\nlevel = "debug"\n[limits]\ndeadline_ms = 2000\n');
    await live.reload();
    expect(applied[0]).toMatchObject({ logLevel: 'warn', deadlineMs: 500 });
    expect(lines[0]).toMatchObject({ changed: [], needs_restart: ['server.port'] });
  });

  test.each([
    [
      'a wrong value',
      '[log]\nlevel = "loud"\n[limits]\ndeadline_ms = 2000\n',
      'log.level (FILE:2): ',
    ],
    ['an unknown key', '[log]\nlevle = "debug"\n', 'log.levle (FILE:2): unknown key'],
    ['half a file', '[log]\nlevel = "deb', 'FILE:2: is no TOML: '],
  ])('changes nothing for %s', async (_, text, problem) => {
    const live = follow();
    folder.write('gatehouse.toml', text);
    await live.reload();
    expect(applied).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', event: 'config-refused', file });
    const [first] = lines[0].problems as string[];
    expect(first.replaceAll(file, 'FILE')).toStartWith(problem);

    folder.write('gatehouse.toml', START.replace('1000', '2000'));
    await live.reload();
    expect(applied).toEqual([expect.objectContaining({ deadlineMs: 2000, logLevel: 'info' })]);
  });

  test('changes nothing when the file is gone, named or found', async () => {
    const data = folder.path;
    for (
      const sources of [
        { file },
        { file: undefined, systemFile: '/nowhere', options: { dataFolder: data } },
      ]
    ) {
      folder.write('gatehouse.toml', START);
      const live = follow(sources);
      rmSync(file);
      await live.reload();
    }
    expect(events()).toEqual(['config-refused', 'config-refused']);
    expect(lines[1].problems).toEqual([`${file}: does not exist any more`]);
    expect(applied).toEqual([]);
  });

  test('finds a file that was not there at the start', async () => {
    rmSync(file);
    const live = follow({
      file: undefined,
      systemFile: '/nowhere',
      options: { dataFolder: folder.path },
    });
    folder.write('gatehouse.toml', '[log]\nlevel = "warn"\n');
    await live.reload();
    expect(lines[0]).toMatchObject({ event: 'config-reloaded', file, changed: ['log.level'] });
  });

  test('changes nothing when a setting cannot be put in force; the reason is told unless it is unknown', async () => {
    const live = follow();
    folder.write('clients.json', '');
    folder.write('gatehouse.toml', '[docval]\nclients = "clients.json"\n');
    refusal = new ServerError('CONFIG_INVALID', 'docval.clients /x: not JSON');
    await live.reload();
    refusal = new TypeError('hunter2');
    await live.reload();
    expect(events()).toEqual(['config-refused', 'config-refused']);
    expect(lines[0].problems).toEqual(['docval.clients /x: not JSON']);
    expect(JSON.stringify(lines[1])).not.toContain('hunter2');

    refusal = undefined;
    // in a file that the settings in force do not name
    folder.write('clients.json', 'repaired');
    await settle(live);
    expect(lines[2]).toMatchObject({ event: 'config-reloaded' });
    expect(lines[2].changed).toContain('docval.clients');
  });

  test('is done one after the other', async () => {
    const live = follow();
    const levels = ['warn', 'error', 'debug'];
    await Promise.all(levels.map((level) => {
      folder.write('gatehouse.toml', START.replace('info', level));
      return live.reload();
    }));
    expect(events()).toEqual(Array(3).fill('config-reloaded'));
    expect(applied.at(-1)?.logLevel).toBe('debug');
    expect(most).toBe(1);
  });

  test('never tells a secret', async () => {
    const live = follow();
    folder.write('gatehouse.toml', '[identy]\ntemplate_encryption_key = "hunter2"\n');
    await live.reload();
    folder.write('gatehouse.toml', '[identy]\ntemplate_encryption_key = hunter2\n');
    await live.reload();
    folder.write('gatehouse.toml', '[identy]\ntemplate_encryption_key = "hunter2"\n', 0o644);
    await live.reload();
    expect(events()).toEqual(['config-reloaded', 'config-refused', 'config-refused']);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0].needs_restart).toContain('identy.template_encryption_key');
  });
});

describe('watching', () => {
  test('reads nothing while nothing changes', async () => {
    await settle(follow());
    expect(lines).toEqual([]);
  });

  test('sees a file that takes the place of the old one', async () => {
    const live = follow();
    const next = folder.write('next', START.replace('info', 'warn'));
    renameSync(next, file);
    await settle(live);
    expect(lines).toEqual([expect.objectContaining({ changed: ['log.level'] })]);
  });

  test('waits for a file that is being written', async () => {
    const live = follow();
    const text = START.replace('info', 'warn');
    for (let length = 0; length < text.length; length += 7) {
      folder.write('gatehouse.toml', text.slice(0, length));
      await live.poll();
    }
    expect(lines).toEqual([]);
    folder.write('gatehouse.toml', text);
    await settle(live);
    expect(lines).toEqual([expect.objectContaining({ changed: ['log.level'] })]);
  });

  test('waits for a file that is away for a moment', async () => {
    const live = follow();
    rmSync(file);
    await live.poll();
    folder.write('gatehouse.toml', START.replace('info', 'warn'));
    await settle(live);
    expect(events()).toEqual(['config-reloaded']);
  });

  test('reads a change once, also when it names other files than before', async () => {
    const live = follow();
    folder.write('clients.json', '{}');
    folder.write('gatehouse.toml', '[docval]\nclients = "clients.json"\n');
    await live.reload();
    await settle(live);
    expect(events()).toEqual(['config-reloaded']);
  });

  test('sees a change of a file that was named a moment before', async () => {
    const live = follow();
    const clients = folder.write('clients.json', '{"clients":[]}');
    folder.write('gatehouse.toml', `${START}[docval]\nclients = "clients.json"\n`);
    await live.reload();
    expect(applied.at(-1)?.docvalClients).toBe(clients);
    // before anybody has looked again
    folder.write('clients.json', '{"clients": []}');
    await settle(live);
    expect(events()).toEqual(['config-reloaded', 'config-reloaded']);
  });

  test('sees a file that goes before the one in use', async () => {
    const systemFile = folder.write('system.toml', START);
    rmSync(file);
    const live = follow({ file: undefined, systemFile, options: { dataFolder: folder.path } });
    folder.write('gatehouse.toml', START.replace('info', 'warn'));
    await settle(live);
    expect(lines).toEqual([expect.objectContaining({ file, changed: ['log.level'] })]);
  });

  test('sees changes of secret files and of the clients file', async () => {
    const secret = folder.write('secret', 'one');
    const clients = folder.write('clients.json', '{"clients":[]}');
    folder.write(
      'gatehouse.toml',
      '[identy]\ntemplate_encryption_key_file = "secret"\n[docval]\nclients = "clients.json"\n',
    );
    const live = follow();
    folder.write('clients.json', '{"clients": []}');
    await settle(live);
    expect([events(), applied[0].docvalClients]).toEqual([['config-reloaded'], clients]);

    folder.write('secret', 'two', 0o640);
    await settle(live);
    expect(lines[1]).toMatchObject({ event: 'config-refused' });
    folder.write('secret', 'two', 0o600);
    await settle(live);
    expect(lines[2]).toMatchObject({ needs_restart: ['identy.template_encryption_key'] });
    expect(secret).toBe(join(folder.path, 'secret'));
  });
});

test('a reading with something wrong is no beginning', () => {
  folder.write('gatehouse.toml', '[');
  expect(() => follow()).toThrow('is no TOML');
});
