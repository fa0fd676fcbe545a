/** Secrets in files of their own, and the rule that nobody else may read them. */
import { describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { openConfig } from '../../../../server/core/config/mod.ts';
import { configFolder, problemsOf } from './support.ts';

const folder = configFolder();
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  .export({ type: 'spki', format: 'pem' }) as string;
const KEY = 'identy.template_encryption_key';
const VARIABLE = 'TEMPLATE_ENCRYPTION_KEY';

function fileWith(text: string, mode?: number): string {
  return folder.write(`${crypto.randomUUID()}.toml`, `[identy]\n${text}\n`, mode);
}

describe('a secret', () => {
  const secretFile = folder.write('integrator.pem', `\n  ${pem}\n\n`);

  test('comes from the file that a variable names, trimmed', () => {
    const env = { TEMPLATE_ENCRYPTION_KEY_FILE: secretFile, TEMPLATE_ENCRYPTION_ENABLED: 'true' };
    expect(openConfig({ env }).templateEncryptionKey).toBe(pem.trim());
  });

  test('comes from the file that the configuration names, relative to it', () => {
    const file = fileWith('template_encryption_key_file = "integrator.pem"', 0o644);
    expect(openConfig({ env: {}, file }).templateEncryptionKey).toBe(pem.trim());
  });

  test('of the environment goes before that of the file', () => {
    const file = fileWith('template_encryption_key_file = "integrator.pem"');
    expect(openConfig({ env: { [VARIABLE]: 'other' }, file }).templateEncryptionKey).toBe('other');
  });

  test('given twice in one source is refused', () => {
    const file = fileWith(
      'template_encryption_key = "x"\ntemplate_encryption_key_file = "integrator.pem"',
    );
    const env = { [VARIABLE]: 'x', [`${VARIABLE}_FILE`]: secretFile };
    expect(problemsOf({ file, env })).toEqual([
      `${KEY} (${file}:2): given twice, as ${KEY}_file too`,
      `${KEY} (${VARIABLE}): given twice, as ${VARIABLE}_FILE too`,
    ]);
  });

  test('in a configuration file that others may read is refused', () => {
    for (const mode of [0o644, 0o640, 0o604]) {
      const file = fileWith('template_encryption_key = "hunter2"', mode);
      expect(problemsOf({ file })).toEqual([
        `${KEY} (${file}:2): other users may read this file: chmod 600 it, or name a file in ${KEY}_file`,
      ]);
    }
    const file = fileWith('template_encryption_key = "hunter2"', 0o400);
    expect(openConfig({ env: {}, file }).templateEncryptionKey).toBe('hunter2');
  });
});

describe('a secret file', () => {
  const shared = 'the file is open to other users; take it from them (chmod 600)';
  const cases: [string, string, string][] = [
    ['that others may read', folder.write('others', 'hunter2', 0o604), shared],
    ['that its group may read', folder.write('group', 'hunter2', 0o640), shared],
    ['that its group may write', folder.write('writable', 'hunter2', 0o620), shared],
    ['that is empty', folder.write('empty', ' \n'), 'the file is empty'],
    [
      'that is large',
      folder.write('large', 'x'.repeat(65_537)),
      'the file is larger than 65536 bytes',
    ],
    [
      'that is no text',
      folder.write('bytes', new Uint8Array([0xff])),
      'the file is no text in UTF-8',
    ],
    ['that is not there', join(folder.path, 'missing'), 'the file does not exist'],
    ['that is a folder', folder.path, 'the file is no file'],
    ['that is a device', '/dev/zero', 'the file is no file'],
  ];
  test.each(cases)('%s is refused', (_, path, reason) => {
    expect(problemsOf({ env: { [`${VARIABLE}_FILE`]: path } })).toEqual([
      `${KEY} (${VARIABLE}_FILE): ${reason}`,
    ]);
    const file = fileWith(`template_encryption_key_file = ${JSON.stringify(path)}`);
    expect(problemsOf({ file })).toEqual([`${KEY}_file (${file}:2): ${reason}`]);
  });

  test.each(['1', '""', '["x"]', '"a\\u0000b"'])('%s is no path', (value) => {
    const file = fileWith(`template_encryption_key_file = ${value}`);
    expect(problemsOf({ file })).toEqual([`${KEY}_file (${file}:2): must be the path of a file`]);
  });

  test('its owner alone may read is taken, whatever the owner may do', () => {
    for (const mode of [0o600, 0o400, 0o700]) {
      const env = { [`${VARIABLE}_FILE`]: folder.write(`mode-${mode}`, 'text', mode) };
      expect(openConfig({ env }).templateEncryptionKey).toBe('text');
    }
  });
});
