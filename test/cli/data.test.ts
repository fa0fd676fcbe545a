/** Data folders of other program versions, as the commands meet them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { openSigningKey } from '../../server/core/keys/signing-key.ts';
import { VERSION } from '../../server/core/version.ts';
import { inProcess, json } from './support.ts';

let folder = '';

beforeAll(async () => folder = await mkdtemp(join(tmpdir(), 'gatehouse-cli-data-')));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function dataFolder(name: string, mark?: object): Promise<string> {
  const data = join(folder, name);
  await mkdir(join(data, 'keys'), { recursive: true });
  await writeFile(join(data, 'keys/verdict-signing.pem'), name);
  if (mark !== undefined) await writeFile(join(data, 'format.json'), JSON.stringify(mark));
  return data;
}

const NEWER = { format: 99, writtenBy: '9.0.0' };

describe('a data folder of a newer program', () => {
  test('ends "serve" with code 4 and the way back', async () => {
    const data = await dataFolder('newer', NEWER);
    process.env.GATEHOUSE_DATA = data;
    try {
      const outcome = await inProcess('serve', '--port', '0');
      expect(outcome.code).toBe(EXIT.environment);
      expect(outcome.stderr).toBe(
        `gatehouse serve: ${data} has format 99, written by Gatehouse 9.0.0; this is Gatehouse ` +
          `${VERSION}, which reads formats up to 1. Run the newer program, or put your own backup ` +
          'of the folder in its place\n',
      );
    } finally {
      delete process.env.GATEHOUSE_DATA;
    }
  });

  test('is not written to by other commands', async () => {
    const data = await dataFolder('commands', NEWER);
    for (const command of ['key create --name x --scopes match', 'models import x.gpack']) {
      const outcome = await inProcess(...command.split(' '), '--data', data, '--json');
      expect(outcome.code).toBe(EXIT.environment);
      expect(json(outcome).error.code).toBe('DATA_FORMAT');
    }
    expect((await readdir(data)).sort()).toEqual(['format.json', 'keys']);
  });
});

describe('data status and data restore', () => {
  test('list backups and put one back', async () => {
    const data = await dataFolder('restored', { format: 1, writtenBy: VERSION });
    const backup = 'format-1-20261126T190000Z';
    const { jwk } = await openSigningKey(join(data, 'backups', backup, 'keys'));

    const status = await inProcess('data', 'status', '--data', data, '--json');
    expect(json(status)).toEqual({
      folder: data,
      mark: { format: 1, writtenBy: VERSION },
      newest: 1,
      backups: [{ name: backup, format: 1 }],
    });
    const restored = await inProcess('data', 'restore', backup, '--data', data, '--json');
    expect(restored.code).toBe(EXIT.ok);
    expect(json(restored)).toEqual({
      restored: backup,
      kept: expect.stringMatching(/^format-1-\d{8}T\d{6}Z$/),
    });
    expect((await openSigningKey(join(data, 'keys'))).jwk).toEqual(jwk);
    const trail = await inProcess('audit', 'export', '--data', data);
    expect(trail.stdout).toContain('"kind":"data-restored"');
    expect(trail.stdout).toContain(backup);
    const text = await inProcess('data', 'status', '--data', data);
    expect(text.stdout).toContain('format      1\n');
  });

  test('say what is wrong', async () => {
    const empty = join(folder, 'empty');
    expect((await inProcess('data', 'status', '--data', empty)).stdout)
      .toContain('nothing is kept there yet');
    expect((await inProcess('data', 'restore', '--data', empty)).code).toBe(EXIT.usage);
    expect((await inProcess('data', 'restore', 'x', '--data', empty)).code).toBe(EXIT.input);
    const data = await dataFolder('none');
    const outcome = await inProcess('data', 'restore', 'x', '--data', data);
    expect(outcome).toEqual({
      code: EXIT.environment,
      stdout: '',
      stderr: 'gatehouse data: there is no backup x\n',
    });
  });
});
