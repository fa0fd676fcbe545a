import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { runCommandLine } from '../../cli/mod.ts';
import { describeWithData, sharedPath } from '../support/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pki-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function gatehouse(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = {
    stdout: (text: string) => void (out += text),
    stderr: (text: string) => void (err += text),
  };
  return { code: await runCommandLine(args, io), out, err };
}

const emrtd = (path: string): string => sharedPath(`emrtd/${path}`);

describeWithData('pki and emrtd commands', ['emrtd/csca', 'emrtd/masterlist', 'emrtd/sod'], () => {
  const trust = ['--trust', join(folder, 'trust')];
  const list = emrtd('masterlist/DE-2024-08-07.ml');
  const at = ['--at', '2024-09-01'];

  test('a master list needs the certificate that vouches for it; nothing is written before', async () => {
    const { code, err } = await gatehouse('pki', 'import', list, ...trust, ...at);
    expect(code).toBe(EXIT.negative);
    expect(err).toContain('Nothing was imported: DE-2024-08-07.ml');
    expect(err).toContain('--root');
    expect((await gatehouse('pki', 'list', ...trust)).out).toContain('0 CSCA certificates');
  });

  test('with --root it is imported, and the next list needs no --root', async () => {
    const root = emrtd('csca/DE.cer');
    const first = await gatehouse('pki', 'import', '--root', root, list, ...trust, ...at, '--json');
    expect(first.code).toBe(EXIT.ok);
    const report = JSON.parse(first.out);
    expect(report.accepted).toBe(true);
    expect(
      report.added.length + report.expired.length + report.known.length + report.refused.length,
    )
      .toBe(542);
    const again = await gatehouse('pki', 'import', list, ...trust, ...at);
    expect(again.out).toMatch(/^added +0 /);
  });

  test('list and show find certificates by state and identifier', async () => {
    const { out } = await gatehouse('pki', 'list', '--country', 'at', ...trust, '--json');
    const { certificates } = JSON.parse(out);
    expect(certificates.every(({ country }: { country: string }) => country === 'AT')).toBe(true);
    const [{ fingerprint, subjectKeyIdentifier }] = certificates;
    for (const id of [fingerprint, subjectKeyIdentifier.slice(0, 10)]) {
      const shown = await gatehouse('pki', 'show', id, ...trust);
      expect(shown.out).toContain(fingerprint);
      expect(shown.out).toContain('vouched for by C=DE');
    }
    expect((await gatehouse('pki', 'show', 'zz', ...trust)).code).toBe(EXIT.usage);
    expect((await gatehouse('pki', 'show', 'ffffffffff', ...trust)).code).toBe(EXIT.negative);
  });

  test('list lines up its columns and says what has expired and who vouches', async () => {
    const crl = await gatehouse('pki', 'list', ...trust, '--at', '2024-09-01');
    expect(crl.code).toBe(EXIT.ok);
    const [head, ...lines] = crl.out.split('\n');
    expect(head).toMatch(/^state +subject +serial +until +key +SHA-256/);
    expect(lines.filter((line) => line.endsWith('vouches for lists')).length).toBe(1);
    expect(lines.filter((line) => line.includes('expired')).length).toBe(5);
    expect(lines.some((line) => line.includes('link'))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    expect(crl.out).toMatch(/\n540 CSCA certificates/);
  });

  test('help is there for each command', async () => {
    for (
      const words of [['pki'], ['pki', 'import'], ['pki', 'list'], ['pki', 'show'], [
        'emrtd',
        'verify',
      ]]
    ) {
      const { code, out } = await gatehouse(...words, '--help');
      expect([code, out.startsWith(`Usage: gatehouse ${words.join(' ')}`)]).toEqual([
        EXIT.ok,
        true,
      ]);
    }
    expect((await gatehouse('pki')).code).toBe(EXIT.usage);
    expect((await gatehouse('emrtd', 'nonsense')).code).toBe(EXIT.usage);
    expect((await gatehouse('pki', 'list', '--at', 'yesterday')).code).toBe(EXIT.usage);
  });

  test('emrtd verify: a document with a trusted chain is authentic', async () => {
    const files = ['--sod', emrtd('sod/AT.bin'), '--dg14', emrtd('dg/dg14-AT.bin')];
    const { code, out } = await gatehouse('emrtd', 'verify', ...files, ...trust, ...at);
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^document +authentic/);
    expect(out).toContain('no CRL of C=AT');
    const strict = await gatehouse('emrtd', 'verify', ...files, ...trust, ...at, '--require-crl');
    expect(strict.code).toBe(EXIT.negative);
    const late = await gatehouse(
      'emrtd',
      'verify',
      ...files,
      ...trust,
      '--at',
      '2045-01-01',
      '--json',
    );
    expect(late.code).toBe(EXIT.negative);
    const { signature, chain, hashes, authentic } = JSON.parse(late.out);
    expect([signature.valid, chain.valid, hashes.valid, authentic]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('emrtd verify: --trust may be a folder of certificates', async () => {
    const { code } = await gatehouse(
      ...['emrtd', 'verify', '--sod', emrtd('sod/DE.bin'), '--dg14', emrtd('dg/dg14-DE.bin')],
      ...['--trust', emrtd('csca'), '--at', '2024-06-01'],
    );
    expect(code).toBe(EXIT.ok);
  });

  test('emrtd verify: wrong files and wrong command lines', async () => {
    const missing = await gatehouse('emrtd', 'verify', '--sod', '/nonexistent', ...trust);
    expect(missing.code).toBe(EXIT.input);
    expect((await gatehouse('emrtd', 'verify', ...trust)).code).toBe(EXIT.usage);
    expect(
      (await gatehouse('emrtd', 'verify', '--sod', list, '--trust', join(folder, 'none'))).code,
    )
      .toBe(EXIT.usage);
    const noise = await gatehouse('emrtd', 'verify', '--sod', list, ...trust);
    expect(noise.code).toBe(EXIT.negative);
    expect(noise.out).toContain('NOT AUTHENTIC');
  });
});
