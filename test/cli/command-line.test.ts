/** What all commands share: help, errors, exit codes. */
import { describe, expect, test } from 'bun:test';
import { tmpdir } from 'node:os';
import { EXIT } from '../../cli/command.ts';
import { runCommandLine } from '../../cli/mod.ts';
import { inProcess, json, program } from './support.ts';

const NAMES = [
  'serve',
  'match',
  'inspect',
  'models',
  'emrtd',
  'chip',
  'pki',
  'config',
  'doctor',
  'version',
];

describe('help', () => {
  test.each(['--help', '-h', 'help'])(
    '%s lists the commands and what the exit codes mean',
    async (word) => {
      const { code, stdout, stderr } = await inProcess(word);
      expect([code, stderr]).toEqual([EXIT.ok, '']);
      for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
      for (const exit of Object.values(EXIT)) {
        expect(stdout).toMatch(
          new RegExp(`^  ${exit}  \\S`, 'm'),
        );
      }
    },
  );

  test('without a command says what there is, as a wrong command line', async () => {
    const { code, stdout } = await inProcess();
    expect(code).toBe(EXIT.usage);
    expect(stdout).toContain('Usage: gatehouse <command>');
  });

  test.each(NAMES)('%s explains itself', async (name) => {
    for (const word of ['--help', '-h']) {
      const { code, stdout } = await inProcess(name, word);
      expect(code).toBe(EXIT.ok);
      expect(stdout).toStartWith(`Usage: gatehouse ${name}`);
    }
  });

  test.each(['list', 'build', 'export', 'verify', 'import', 'calibrate'])(
    'models %s explains itself',
    async (name) => {
      for (const word of ['--help', '-h']) {
        const { code, stdout } = await inProcess('models', name, '--json', word);
        expect(code).toBe(EXIT.ok);
        expect(stdout).toStartWith(`Usage: gatehouse models ${name}`);
        expect(stdout).toContain('--json');
      }
    },
  );
});

describe('a wrong command line', () => {
  test.each([
    [['nonsense'], 'gatehouse nonsense: no such command; "gatehouse --help" lists them'],
    [['toString'], 'gatehouse toString: no such command'],
    [['__proto__'], 'gatehouse __proto__: no such command'],
    [
      ['models'],
      'gatehouse models: models needs one of list, build, export, verify, import, calibrate',
    ],
    [['models', 'constructor'], 'gatehouse models: models needs one of list'],
    [['match'], 'gatehouse match: match needs two files: gatehouse match A B'],
    [['match', 'a', 'b', 'c'], 'gatehouse match: match needs two files'],
    [
      ['match', 'a', 'b', '--level', 'SURE'],
      'gatehouse match: --level must be one of LOW, MEDIUM,',
    ],
    [['match', 'a', 'b', '--levle', 'LOW'], "gatehouse match: Unknown option '--levle'"],
    [['match', 'a', 'b', '--pack'], 'gatehouse match: Option'],
    [['inspect'], 'gatehouse inspect: inspect needs one file'],
    [['models', 'import'], 'gatehouse models: import needs one pack folder or .gpack file'],
    [['models', 'verify', 'a', 'b'], 'gatehouse models: verify takes one pack'],
    [['models', 'list', 'a'], 'gatehouse models: unexpected argument "a"'],
    [['models', 'build', 'a'], 'gatehouse models: unexpected argument "a"'],
    [['models', 'calibrate'], 'gatehouse models: calibrate needs --images DIR'],
    [['doctor', 'a'], 'gatehouse doctor: unexpected argument "a"'],
    [['version', 'a'], 'gatehouse version: unexpected argument "a"'],
    [['serve', 'a'], 'gatehouse serve: unexpected argument "a"'],
  ])('%j is explained, as text and as JSON', async (args, message) => {
    const { code, stdout, stderr } = await inProcess(...args);
    expect([code, stdout]).toEqual([EXIT.usage, '']);
    expect(stderr).toStartWith(message);
    if (args[0] === 'serve') return; // writes JSON lines anyway and takes no --json
    const asJson = await inProcess(args[0], '--json', ...args.slice(1));
    if (args[0] === 'models') return; // --json comes after the models command
    expect([asJson.code, asJson.stderr]).toEqual([EXIT.usage, '']);
    const { error } = json(asJson);
    expect(error.code).toBe('USAGE');
    expect(`gatehouse ${args[0]}: ${error.message}`).toBe(stderr.trimEnd());
  });

  test('of models is explained as JSON too', async () => {
    const outcome = await inProcess('models', 'list', 'a', '--json');
    expect(outcome.code).toBe(EXIT.usage);
    expect(json(outcome)).toEqual({ error: { code: 'USAGE', message: 'unexpected argument "a"' } });
  });
});

describe('a failure nobody foresaw', () => {
  test('is neither a match nor none: it ends with 4 and says where', async () => {
    let stderr = '';
    const code = await runCommandLine(['version'], {
      stdout: () => {
        throw new TypeError('the pipe burst');
      },
      stderr: (text) => stderr += text,
    });
    expect(code).toBe(EXIT.environment);
    expect(stderr).toStartWith('gatehouse version: the pipe burst\n');
    expect(stderr).toContain('command-line.test.ts');
  });
});

describe('the program', () => {
  test('prints its version and ends with the exit code of its command', async () => {
    const { code, stdout } = await program(['version', '--json'], tmpdir());
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(stdout)).toEqual({
      gatehouse: expect.stringMatching(/^\d+\.\d+\.\d+/),
      bun: Bun.version,
    });
    const wrong = await program(['nonsense', '--json'], tmpdir());
    expect(wrong.code).toBe(EXIT.usage);
    expect(json(wrong).error.code).toBe('USAGE');
  });
});
