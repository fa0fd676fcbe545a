/** `gatehouse config`: checking, showing and explaining settings, for people and for programs. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { allSettings, readConfig } from '../../server/core/config/mod.ts';
import { inProcess, json, program } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const VARIABLES = [
  'GATEHOUSE_CONFIG',
  'GATEHOUSE_PORT',
  'GATEHOUSE_PROT',
  'TOMCAT_AJP',
  'GATEHOUSE_DATA',
  'LOG_LEVEL',
];
const before = VARIABLES.map((name) => [name, process.env[name]] as const);
function restore(): void {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
  process.env.GATEHOUSE_DATA = join(folder, 'no-data');
});
afterEach(restore);

const good = write('good.toml', '[server]\nport = 8081\ncors_origins = ["https://a.example"]\n');

describe('config check', () => {
  test('says that all is well, and which file it read', async () => {
    expect(await inProcess('config', 'check', '--config', good)).toEqual({
      code: EXIT.ok,
      stdout: `valid: ${good}\n`,
      stderr: '',
    });
    expect((await inProcess('config', 'check')).stdout).toBe('valid: no configuration file\n');
    process.env.GATEHOUSE_DATA = join(folder, 'data');
    mkdirSync(process.env.GATEHOUSE_DATA);
    const found = write('data/gatehouse.toml', '# nothing\n');
    expect((await inProcess('config', 'check')).stdout).toBe(`valid: ${found}\n`);
  });

  test('says everything that is wrong, one line each, as text and as JSON', async () => {
    const file = write('bad.toml', '[server]\nprot = 1\n[limits]\nqueue = 0\n');
    process.env.GATEHOUSE_PORT = 'x';
    process.env.GATEHOUSE_PROT = '1';
    const { code, stdout } = await inProcess('config', 'check', '--config', file);
    expect(code).toBe(EXIT.negative);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `server.prot (${file}:2): unknown key; did you mean server.port?`,
      `limits.queue (${file}:4): must be a whole number of pictures from 1 to 100000`,
      'GATEHOUSE_PROT (environment): unknown variable; did you mean GATEHOUSE_PORT?',
      'server.port (GATEHOUSE_PORT): must be a whole number from 0 to 65535',
    ]);
    const asJson = await inProcess('config', 'check', '--config', file, '--json');
    expect(asJson.code).toBe(EXIT.negative);
    const { ok, problems, ...rest } = json(asJson);
    expect([ok, problems.length, rest]).toEqual([false, 4, { file, ignored: [] }]);
    expect(problems[1]).toEqual({
      key: 'limits.queue',
      from: `${file}:4`,
      reason: 'must be a whole number of pictures from 1 to 100000',
    });
  });

  test('says which file is missing or no TOML', async () => {
    const gone = join(folder, 'gone.toml');
    const missing = await inProcess('config', 'check', '--config', gone);
    expect([missing.code, missing.stdout]).toEqual([EXIT.negative, `${gone}: does not exist\n`]);
    const broken = write('broken.toml', '\n[');
    const { problems } = json(await inProcess('config', 'check', '--config', broken, '--json'));
    expect(problems[0].from).toBe(`${broken}:2`);
  });

  test('reads the clients of DocVal, the keys of packs and the certificate', async () => {
    const clients = write('clients.json', '{"clients":[{"name":"bank","client_id":"short"}]}');
    const file = write(
      'files.toml',
      '[docval]\nclients = "clients.json"\n[models]\npack_keys = ["gone.pub"]\n' +
        '[tls]\ncert = "gone.crt"\nkey = "gone.key"\n',
    );
    const { code, stdout } = await inProcess('config', 'check', '--config', file);
    expect(code).toBe(EXIT.negative);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `docval.clients (${file}:2): ${clients}: clients[0].client_id: must have at least 8 characters`,
      `models.pack_keys (${file}:4): ${join(folder, 'gone.pub')}: not a readable PEM public key`,
      `tls.cert (${file}:6): ${join(folder, 'gone.crt')} does not exist`,
    ]);
  });

  test('tells variables of the replaced product that have no effect', async () => {
    process.env.TOMCAT_AJP = '8009';
    const { code, stdout } = await inProcess('config', 'check', '--config', good);
    expect([code, stdout]).toEqual([
      EXIT.ok,
      `TOMCAT_AJP: has no effect here\nvalid: ${good}\n`,
    ]);
    expect(json(await inProcess('config', 'check', '--json')).ignored).toEqual(['TOMCAT_AJP']);
  });
});

describe('config show', () => {
  test('has every setting, its value and where it is from', async () => {
    process.env.LOG_LEVEL = 'WARN';
    const { code, stdout } = await inProcess('config', 'show', '--config', good);
    expect(code).toBe(EXIT.ok);
    for (const [, { path }] of allSettings()) {
      expect(stdout).toMatch(new RegExp(`^${path} +\\S`, 'm'));
    }
    expect(stdout).toMatch(/^server\.host +127\.0\.0\.1 +default$/m);
    expect(stdout).toMatch(/^log\.level +warn +LOG_LEVEL$/m);
    expect(stdout).toMatch(/^server\.port +8081 +\/.*good\.toml:2$/m);
    expect(stdout).toMatch(/^server\.cors_origins +https:\/\/a\.example +\/.*good\.toml:3$/m);
    expect(stdout).toMatch(/^models\.pack +none +default$/m);
    expect(stdout).toEndWith(`\nconfiguration file: ${good}\n`);
  });

  test('never shows a secret, only whether there is one', async () => {
    write('secret', 'hunter2');
    const file = write('secret.toml', '[identy]\ntemplate_encryption_key_file = "secret"\n');
    const text = await inProcess('config', 'show', '--config', file);
    const data = await inProcess('config', 'show', '--config', file, '--json');
    expect(text.stdout + data.stdout).not.toContain('hunter2');
    expect(text.stdout).toMatch(/^identy\.template_encryption_key +set +\/.*secret\.toml:2$/m);
    const setting = json(data).settings.find(({ key }: { key: string }) =>
      key.endsWith('encryption_key')
    );
    expect(setting).toEqual({
      key: 'identy.template_encryption_key',
      secret: true,
      set: true,
      from: `${file}:2`,
    });
    expect((await inProcess('config', 'show', '--config', good)).stdout).toMatch(
      /^identy\.template_encryption_key +not set +default$/m,
    );
  });

  test('gives programs the values in their own types', async () => {
    const { file, settings } = json(await inProcess('config', 'show', '--config', good, '--json'));
    expect(file).toBe(good);
    const value = (key: string) =>
      settings.find((setting: { key: string }) => setting.key === key).value;
    expect([value('server.port'), value('server.cors_origins'), value('models.pack')]).toEqual([
      8081,
      ['https://a.example'],
      null,
    ]);
  });

  test('of something that is wrong is an error of the installation', async () => {
    const file = write('wrong.toml', 'x = 1\n');
    const { code, stderr } = await inProcess('config', 'show', '--config', file);
    expect([code, stderr]).toEqual([
      EXIT.environment,
      `gatehouse config: x (${file}:1): unknown key\n`,
    ]);
    const { error } = json(await inProcess('config', 'show', '--config', file, '--json'));
    expect(error.code).toBe('CONFIG_INVALID');
  });
});

describe('config explain', () => {
  test('explains a setting by its key and by each of its variables', async () => {
    const { code, stdout } = await inProcess('config', 'explain', 'server.port');
    expect(code).toBe(EXIT.ok);
    expect(stdout).toBe(`server.port
Port to listen on; 0 lets the system choose.

value      a whole number from 0 to 65535
default    8080
variables  GATEHOUSE_PORT, TOMCAT_HTTP
option     --port
change     needs a restart
`);
    expect((await inProcess('config', 'explain', 'TOMCAT_HTTP')).stdout).toBe(stdout);
    const secret = await inProcess('config', 'explain', 'TEMPLATE_ENCRYPTION_KEY_FILE');
    expect(secret.stdout).toContain('identy.template_encryption_key_file');
    expect((await inProcess('config', 'explain', 'log.level')).stdout).toContain(
      'taken by a running server',
    );
  });

  test('explains variables that are no settings', async () => {
    for (const name of ['TOMCAT_SHUTDOWN', 'GATEHOUSE_CONFIG']) {
      const { code, stdout } = await inProcess('config', 'explain', name);
      expect([code, stdout.split('\n')[0]]).toEqual([EXIT.ok, name]);
      expect(json(await inProcess('config', 'explain', name, '--json')).variable).toBe(name);
    }
  });

  test('without a key lists all settings', async () => {
    const { stdout } = await inProcess('config', 'explain');
    const { settings } = json(await inProcess('config', 'explain', '--json'));
    expect(settings).toHaveLength(allSettings().length);
    for (const { key, variables } of settings) {
      expect(stdout).toMatch(new RegExp(`^${key} .*${variables.join(', ')}$`, 'm'));
    }
    expect(settings[1]).toEqual({
      key: 'server.port',
      value: 'a whole number from 0 to 65535',
      default: '8080',
      variables: ['GATEHOUSE_PORT', 'TOMCAT_HTTP'],
      option: '--port',
      reload: false,
      secret: false,
      about: 'Port to listen on; 0 lets the system choose.',
    });
  });

  test.each([
    ['server.prot', 'no such setting; did you mean server.port?'],
    ['prot', 'no such setting; did you mean server.port?'],
    ['GATEHOUSE_PRT', 'no such setting; did you mean GATEHOUSE_PORT?'],
    ['__proto__', 'no such setting'],
  ])('%s is a wrong command line', async (key, message) => {
    const { code, stderr } = await inProcess('config', 'explain', key);
    expect([code, stderr]).toEqual([EXIT.usage, `gatehouse config: ${message}\n`]);
  });
});

describe('config example', () => {
  test('is valid as it is, and has every setting', async () => {
    const { code, stdout } = await inProcess('config', 'example');
    expect(code).toBe(EXIT.ok);
    const file = write('example.toml', stdout);
    expect((await inProcess('config', 'check', '--config', file)).code).toBe(EXIT.ok);
    expect(json(await inProcess('config', 'example', '--json'))).toEqual({ toml: stdout });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('sets every setting once its lines are no comments any more', async () => {
    const { stdout } = await inProcess('config', 'example');
    const secrets = {
      'integrator.pem': 'text',
      'keys.passphrase': 'correct horse battery',
      'database.url': 'postgres://user:secret@host/database',
      'token.pin': '1234',
    };
    let all = stdout.replaceAll(/^# (?=[a-z0-9_]+ = )/gm, '');
    for (const [name, text] of Object.entries(secrets)) {
      all = all.replace(`/etc/gatehouse/${name}`, write(name, text));
    }
    const file = write('all.toml', all);
    const { found, problems } = readConfig({ env: {}, file });
    expect(problems).toEqual([]);
    for (const [name] of allSettings()) expect(found.get(name)?.from).toStartWith(file);
  });
});

describe('every command', () => {
  test('reads the same file: a pack that is named there, a data folder, a mistake', async () => {
    const data = join(folder, 'elsewhere');
    mkdirSync(data);
    delete process.env.GATEHOUSE_DATA;
    process.env.GATEHOUSE_CONFIG = write(
      'installation.toml',
      '[models]\npack = "gone.gpack"\n[data]\nfolder = "elsewhere"\n',
    );
    const match = await inProcess('match', 'a', 'b');
    expect([match.code, match.stderr.includes(join(folder, 'gone.gpack'))]).toEqual([
      EXIT.environment,
      true,
    ]);
    const doctor = json(await inProcess('doctor', '--json'));
    const check = doctor.checks.find(({ check }: { check: string }) => check === 'data folder');
    expect(check).toMatchObject({ status: 'ok', reason: data });

    process.env.GATEHOUSE_CONFIG = write('mistaken.toml', '[models]\npac = "x"\n');
    const { code, stderr } = await inProcess('pki', 'list');
    expect(code).toBe(EXIT.environment);
    expect(stderr).toStartWith('gatehouse pki: models.pac (');
  });

  test('serve ends with everything that is wrong', async () => {
    process.env.GATEHOUSE_PORT = 'x';
    const { code, stderr } = await inProcess('serve', '--config', good, '--workers', '0');
    expect(code).toBe(EXIT.environment);
    expect(stderr).toContain('server.port (GATEHOUSE_PORT): ');
    expect(stderr).toContain('; server.workers (--workers): ');
  });
});

test('the program finds the file of the data folder in its working directory', async () => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const file = write('data/gatehouse.toml', '[log]\nlevel = "debug"\n');
  const shown = json(await program(['config', 'show', '--json'], folder));
  expect(shown.file).toBe(file);
  expect(readFileSync(file, 'utf8')).toContain('debug');
});
