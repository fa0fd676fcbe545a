/** The configuration file: every way it can be wrong, with the line where it is. */
import { describe, expect, test } from 'bun:test';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConfig, readConfig } from '../../../../server/core/config/mod.ts';
import { configFolder, problemsOf } from './support.ts';

const folder = configFolder();
let count = 0;

/** What is wrong with a file of this text, FILE standing for its path. */
function wrong(text: string | Uint8Array): string[] {
  const file = folder.write(`${++count}.toml`, text);
  return problemsOf({ file }).map((problem) => problem.replaceAll(file, 'FILE'));
}

describe('a file', () => {
  test('sets what it names, in any of the ways of TOML', () => {
    const file = folder.write(
      'good.toml',
      `# comment
server.port = 8_081
log = { level = "WARN" }
[limits]
"deadline_ms" = 0x3e8 # one second
` + `[docval]\r\ndemo = 'off'\r\n`,
    );
    expect(openConfig({ env: {}, file })).toMatchObject({
      port: 8081,
      logLevel: 'warn',
      deadlineMs: 1000,
      docvalDemo: 'off',
    });
  });

  test.each([
    ['', ['FILE: is empty; a file that is to set nothing has a comment in it']],
    ['# nothing\n', []],
    ['\ufeff[server]\nport = 1\n', []],
    ['[server]\nport = "80"\n', ['server.port (FILE:2): must be a whole number from 0 to 65535']],
    ['server.port = 1.5', ['server.port (FILE:1): must be a whole number from 0 to 65535']],
    ['server.port = {}', ['server.port (FILE:1): must be a whole number from 0 to 65535']],
    [
      '\n\n[server.port]\nx = 1\n',
      ['server.port (FILE:3): must be a whole number from 0 to 65535'],
    ],
    [
      '[server]\nport = 80\n\ncors_origins = [\n  "https://a.example",\n  "b",\n]\nworkers = 0\n',
      [
        'server.workers (FILE:8): must be a whole number from 1 to 64',
        'server.cors_origins (FILE:4): must be a list of origins, each * or http(s)://host[:port], at most 1000',
      ],
    ],
    ['[server]\nhost = ""\n', ['server.host (FILE:2): must be an address or a host name']],
    ['[models]\npack = ""\n', [
      'models.pack (FILE:2): must be the path of a pack folder or .gpack file',
    ]],
    ['[models]\npack = "a\\u0000b"\n', [
      'models.pack (FILE:2): must be the path of a pack folder or .gpack file',
    ]],
  ])('%j is checked', (text, problems) => {
    expect(wrong(text)).toEqual(problems);
  });
});

describe('an unknown key', () => {
  test.each([
    ['[server]\nprot = 80\n', ['server.prot (FILE:2): unknown key; did you mean server.port?']],
    ['[log]\nport = 80\n', ['log.port (FILE:2): unknown key; did you mean server.port?']],
    ['port = 80\n', ['port (FILE:1): unknown key; did you mean server.port?']],
    ['"server.port" = 80\n', [
      '"\\"server.port\\"" (FILE:1): unknown key; did you mean server.port?',
    ]],
    ['\n[sever]\nport = 80\nhost = "x"\n', ['sever (FILE:2): unknown key; did you mean server?']],
    ['[sever]\n', ['sever (FILE:1): unknown key; did you mean server?']],
    ['[[nonsense]]\nx = 1\n', ['nonsense (FILE:1): unknown key']],
    ['[server.tls.x]\ny = 1\n', ['server.tls (FILE:1): unknown key']],
    ['[server]\nhost_file = "x"\n', [
      'server.host_file (FILE:2): unknown key',
    ]],
    ['server = 80\n', ['server (FILE:1): must be a section, [server]']],
    ['[[server]]\nport = 80\n', ['server (FILE:1): must be a section, [server]']],
    ['__proto__ = 1\nconstructor.x = 1\n[server]\ntoString = 1\n', [
      '__proto__ (FILE:1): unknown key',
      'constructor (FILE:2): unknown key',
      'server.toString (FILE:4): unknown key',
    ]],
    [`["a\\nb\\u001b"]\n`, ['"a\\nb\\u001b" (FILE:1): unknown key']],
  ])('%j is refused', (text, problems) => {
    expect(wrong(text)).toEqual(problems);
  });

  test('however long it is makes a short message', () => {
    const [problem] = wrong(`${'x'.repeat(50_000)} = 1\n`);
    expect(problem).toBe(`${'x'.repeat(80)}... (FILE:1): unknown key`);
  });
});

describe('what is no TOML', () => {
  test.each([
    ['[server]\nport = = 80\n', "FILE:2: is no TOML: Expected a value but found '='"],
    ['[server]\nhost = "a\n', 'FILE:2: is no TOML: Unterminated string'],
    ['[log]\nlevel = """\nx\n', 'FILE:2: is no TOML: Unterminated string'],
    ['[log]\nlevel = "x"\n\n\n[ser', "FILE:5: is no TOML: Expected ']' to close a table header"],
    ['[server]\nport = 1\n# x\nport = 2\n', 'FILE:4: is no TOML: Cannot redefine key'],
    ['a = """\n[server]\n"""\nb\n', "FILE:4: is no TOML: Expected '=' after a key"],
    ['x = [\n1,\n2,\n\n', 'FILE:1: is no TOML: '],
    ['a = 1\nb = 080\n', 'FILE:2: is no TOML: Leading zeros'],
  ])('%j is told with its line', (text, problem) => {
    const problems = wrong(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toStartWith(problem);
  });

  test.each([
    'template_encryption_key = hunter2',
    'template_encryption_key = hunter2 hunter2',
    'template_encryption_key = "\\hunter2"',
    'template_encryption_key = [1 hunter2]',
    'template_encryption_key = 12hunter2',
    'template_encryption_key = "x"\nhunter2 = 1\nhunter2 = 2',
  ])('%j is told without the word that may be the secret', (line) => {
    const [problem] = wrong(`[identy]\n${line}\n`);
    expect(problem).toContain('is no TOML: ');
    expect(problem).not.toMatch(/hunter2|'h'|"h"/);
  });

  test('may be nested as deeply as a file can be', () => {
    expect(wrong('a = ' + '['.repeat(60_000))).toEqual(['FILE:1: is no TOML: nested too deeply']);
    expect(wrong('x' + '.x'.repeat(30_000) + ' = 1')).toHaveLength(1);
  });

  test('does not hide what is wrong with the environment', () => {
    const file = folder.write('broken.toml', '[');
    expect(problemsOf({ file, env: { GATEHOUSE_PORT: 'x' } })).toHaveLength(2);
  });
});

describe('a file that cannot be used', () => {
  test.each([
    ['missing', join(folder.path, 'missing.toml'), 'does not exist'],
    ['below a file', join(folder.write('a-file', ''), 'x.toml'), 'does not exist'],
    ['a folder', folder.path, 'is no file'],
    ['a device', '/dev/zero', 'is no file'],
    [
      'no UTF-8',
      folder.write('latin.toml', new Uint8Array([0x23, 0xe9, 0x0a])),
      'is no text in UTF-8',
    ],
    ['large', folder.write('large.toml', '#'.repeat(65_537)), 'is larger than 65536 bytes'],
  ])('%s: is named', (_, file, reason) => {
    expect(problemsOf({ file })).toEqual([`${file}: ${reason}`]);
  });

  test('nobody writes to: a pipe does not stop the server', () => {
    const pipe = join(folder.path, 'pipe');
    Bun.spawnSync(['mkfifo', pipe]);
    expect(problemsOf({ file: pipe })).toEqual([`${pipe}: is no file`]);
  });
});

describe('the file that is read', () => {
  const data = join(folder.path, 'data');
  mkdirSync(data);
  const inData = folder.write('data/gatehouse.toml', '[server]\nport = 1\n');
  const named = folder.write('named.toml', '[server]\nport = 2\n');
  const byVariable = folder.write('by-variable.toml', '[server]\nport = 3\n');
  const systemFile = folder.write('system.toml', '[server]\nport = 4\n');
  const empty = join(folder.path, 'empty');
  mkdirSync(empty);

  test('is that of the option, of GATEHOUSE_CONFIG, of the data folder, of the machine, or none', () => {
    const variables = { GATEHOUSE_CONFIG: byVariable, GATEHOUSE_DATA: data };
    const port = (env: Record<string, string>, file?: string, dataFolder?: string) =>
      openConfig({ env, file, systemFile, options: { dataFolder } }).port;
    expect(port(variables, named)).toBe(2);
    expect(port(variables)).toBe(3);
    expect(port({ GATEHOUSE_DATA: data })).toBe(1);
    expect(port({ GATEHOUSE_DATA: empty }, undefined, data)).toBe(1);
    expect(port({ GATEHOUSE_DATA: empty })).toBe(4);
    expect(
      openConfig({ env: { GATEHOUSE_DATA: empty }, systemFile: join(empty, 'none') }).port,
    ).toBe(8080);
  });

  test('is an error where it is named and is not there', () => {
    const gone = join(empty, 'gone.toml');
    expect(problemsOf({ env: { GATEHOUSE_CONFIG: gone, GATEHOUSE_DATA: data } })).toEqual([
      `${gone}: does not exist`,
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'is not what another user has put into a folder we are in',
    () => {
      const before = process.cwd();
      const common = mkdtempSync(join(folder.path, 'common-'));
      process.chdir(common);
      try {
        mkdirSync('data');
        writeFileSync('data/gatehouse.toml', '[server]\nport = 5\n');
        const problems = () => readConfig({ env: {}, systemFile: join(empty, 'none') }).problems;
        expect(problems()).toEqual([]);
        chownSync('data', 12345, 12345);
        // a file of ours in it, or of root
        expect(problems()).toEqual([]);
        chownSync('data/gatehouse.toml', 12345, 12345);
        const reason =
          'belongs to another user; if it is meant, name it: GATEHOUSE_CONFIG, GATEHOUSE_DATA';
        const path = join(process.cwd(), 'data/gatehouse.toml');
        expect(problems()).toEqual([{ from: path, reason }]);
        expect(readConfig({ env: { GATEHOUSE_DATA: 'data' } }).problems).toEqual([]);
        expect(readConfig({ env: {}, file: path }).problems).toEqual([]);
        rmSync('data/gatehouse.toml');
        expect(problems()).toEqual([{ from: join(process.cwd(), 'data'), reason }]);
        // with a file of the machine that folder is nobody's
        expect(readConfig({ env: {}, systemFile }).problems).toEqual([]);
      } finally {
        process.chdir(before);
      }
    },
  );

  test('lies beside others that do not count', () => {
    expect(inData).toEndWith('gatehouse.toml');
    expect(openConfig({ env: { GATEHOUSE_DATA: data }, systemFile }).host).toBe('127.0.0.1');
  });
});
