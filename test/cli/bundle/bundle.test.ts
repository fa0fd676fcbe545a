/** Release bundles: what is written verifies; what was changed in any byte does not. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkBundle } from '../../../cli/bundle/check.ts';
import { BundleError, type BundleErrorCode } from '../../../cli/bundle/error.ts';
import { headerOf, isBundlePath, paddingAfter, writeSums } from '../../../cli/bundle/format.ts';
import { BUNDLE_FORMAT, writeBundle } from '../../../cli/bundle/write.ts';
import { EXIT } from '../../../cli/command.ts';
import { archiveHeader, BLOCK } from '../../../models/mod.ts';
import { inProcess, json } from '../support.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const INFO = {
  format: BUNDLE_FORMAT,
  product: 'gatehouse',
  version: '1.2.3',
  platform: 'linux-x64',
} as const;
const FILES = {
  'program/gatehouse': 'a program',
  'licences/one.txt': 'a'.repeat(512),
  'trust/empty.crl': '',
};

let folder = '', count = 0;
/** Bytes of a good bundle. */
let good: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-bundle-test-'));
  good = await write(FILES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string | Uint8Array<ArrayBuffer>>) {
  const path = join(folder, `${count++}.tar`);
  const blobs = new Map(Object.entries(files).map(([name, data]) => [name, new Blob([data])]));
  await writeBundle(path, INFO, blobs, privateKey);
  return new Uint8Array(await Bun.file(path).arrayBuffer());
}

const check = (bytes: Uint8Array<ArrayBuffer>, keys = [publicKey]) =>
  checkBundle(new Blob([bytes]), keys);

async function refusal(bytes: Uint8Array<ArrayBuffer>): Promise<BundleErrorCode> {
  const error = await check(bytes).then(() => undefined, (error: unknown) => error);
  if (!(error instanceof BundleError)) throw new Error(`not refused: ${error}`);
  return error.code;
}

/** A bundle made by hand, signed by the right key, whose entries may be what no writer makes. */
function craft(
  entries: readonly { header: Uint8Array; data: Uint8Array }[],
  list: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const all = [
    { header: headerOf('SHA256SUMS', list.length), data: list },
    { header: headerOf('SHA256SUMS.sig', 64), data: sign(null, list, privateKey) },
    ...entries,
  ];
  const blocks = all.flatMap(({ header, data }) => [
    header,
    data,
    new Uint8Array(paddingAfter(data.length)),
  ]);
  return new Uint8Array(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]));
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const sum = (path: string, data: Uint8Array) => ({
  path,
  sha256: new Bun.CryptoHasher('sha256').update(data).digest('hex'),
});
const infoBytes = bytesOf(JSON.stringify(INFO));
const info = { header: headerOf('bundle.json', infoBytes.length), data: infoBytes };

describe('a bundle', () => {
  test('verifies with the key that signed it, among others', async () => {
    const { info, keyId, files } = await check(good, [other.publicKey, publicKey]);
    expect(info).toEqual(INFO);
    expect(keyId).toMatch(/^[0-9a-f]{64}$/);
    expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['bundle.json', expect.any(Number)],
      ['licences/one.txt', 512],
      ['program/gatehouse', 9],
      ['trust/empty.crl', 0],
    ]);
  });

  test('is the same whenever it is made, and holds whatever bytes', async () => {
    expect(await write(FILES)).toEqual(good);
    const name = fc.stringMatching(/^[a-z]{1,8}(?:\/[\w.+~-]{1,8})?$/).filter(isBundlePath)
      .filter((path) => path !== 'bundle.json');
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 1500 }), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(files, async (files) => {
        const checked = await check(await write(files as Record<string, Uint8Array<ArrayBuffer>>));
        expect(checked.files.length).toBe(Object.keys(files).length + 1);
      }),
      { numRuns: 100 },
    );
  });

  test('is read by tar, sha256sum and openssl as well', async () => {
    const at = join(folder, 'tools');
    await Bun.write(join(at, 'b.tar'), good);
    await Bun.write(join(at, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const script = `tar -xf b.tar && sha256sum -c --quiet SHA256SUMS && openssl pkeyutl -verify \
      -pubin -inkey key.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig && test -x program/gatehouse`;
    const { exitCode, stderr } = Bun.spawnSync(['sh', '-c', script], { cwd: at });
    expect([exitCode, stderr.toString()]).toEqual([0, '']);
  });

  test('with any one byte changed is refused', async () => {
    for (let at = 0; at < good.length; at++) {
      const changed = good.slice();
      changed[at] ^= 1 << at % 8;
      await refusal(changed);
    }
  });

  test('cut off anywhere, or with anything behind it, is refused', async () => {
    for (let length = 0; length < good.length; length += 37) await refusal(good.slice(0, length));
    for (const more of [1, 512, 1024, 10_240]) {
      expect(await refusal(new Uint8Array(Buffer.concat([good, new Uint8Array(more)])))).toBe(
        'BUNDLE_MALFORMED',
      );
    }
  });

  test('with blocks moved, dropped or doubled is refused', async () => {
    const blocks = Array.from(
      { length: good.length / BLOCK },
      (_, i) => good.subarray(i * BLOCK, (i + 1) * BLOCK),
    );
    const index = fc.nat(blocks.length - 1);
    await fc.assert(
      fc.asyncProperty(
        index,
        index,
        fc.constantFrom('swap', 'drop', 'double'),
        async (i, j, how) => {
          const changed = blocks.slice();
          if (how === 'swap') [changed[i], changed[j]] = [blocks[j], blocks[i]];
          else changed.splice(i, 1, ...(how === 'double' ? [blocks[i], blocks[i]] : []));
          const bytes = new Uint8Array(Buffer.concat(changed));
          fc.pre(!Buffer.from(bytes).equals(good));
          await refusal(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that is none is refused, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
        expect(await refusal(new Uint8Array(bytes))).toBe('BUNDLE_MALFORMED');
      }),
      { numRuns: 300 },
    );
  });

  test('signed by somebody else is refused before it is read', async () => {
    const error = await check(good, [other.publicKey]).catch((error: unknown) => error);
    expect((error as BundleError).code).toBe('BUNDLE_SIGNATURE_INVALID');
    expect((await check(good, []).catch((error: unknown) => error) as BundleError).code)
      .toBe('BUNDLE_SIGNATURE_INVALID');
  });
});

describe('even a signed bundle', () => {
  const data = bytesOf('data');

  test.each([
    '../up',
    '/abs',
    'a/../b',
    './a',
    'a//b',
    '.hidden',
    'a/.b',
    'a\\b',
    'SHA256SUMS',
    'a b',
  ])(
    'may not name %p',
    async (path) => {
      const header = archiveHeader(path, data.length);
      const list = writeSums([sum('bundle.json', infoBytes), sum(path, data)]
        .sort((a, b) => a.path < b.path ? -1 : 1));
      expect(await refusal(craft([info, { header, data }], list))).toBe('BUNDLE_MALFORMED');
    },
  );

  test.each([
    ['a link', (header: Uint8Array) => header[156] = '2'.charCodeAt(0)],
    ['a device', (header: Uint8Array) => header[156] = '3'.charCodeAt(0)],
    ['another mode', (header: Uint8Array) => header.set(bytesOf('0004755'), 100)],
    ['an owner', (header: Uint8Array) => header.set(bytesOf('0001750'), 108)],
    ['a date', (header: Uint8Array) => header.set(bytesOf('00000000001'), 136)],
    ['a link name', (header: Uint8Array) => header.set(bytesOf('/etc/passwd'), 157)],
  ])('may not hold %s', async (_, change) => {
    const header = headerOf('file', data.length);
    change(header);
    header.fill(32, 148, 156);
    const checksum = header.reduce((total, byte) => total + byte, 0);
    header.set(bytesOf(`${checksum.toString(8).padStart(6, '0')}\0 `), 148);
    const list = writeSums([sum('bundle.json', infoBytes), sum('file', data)]);
    expect(await refusal(craft([info, { header, data }], list))).toBe('BUNDLE_MALFORMED');
  });

  test('may not list a file twice, out of order, or without a line end', async () => {
    const file = { header: headerOf('file', data.length), data };
    const [a, b] = [sum('bundle.json', infoBytes), sum('file', data)];
    for (const list of [writeSums([a, b, b]), writeSums([b, a]), writeSums([a, b]).slice(0, -1)]) {
      expect(await refusal(craft([info, file, file], list))).toBe('BUNDLE_MALFORMED');
    }
  });

  test('says when its format is a newer one', async () => {
    const newer = bytesOf(JSON.stringify({ ...INFO, format: 2 }));
    const entry = { header: headerOf('bundle.json', newer.length), data: newer };
    expect(await refusal(craft([entry], writeSums([sum('bundle.json', newer)]))))
      .toBe('BUNDLE_FORMAT_VERSION');
    expect(await refusal(craft([], new Uint8Array()))).toBe('BUNDLE_MALFORMED');
  });
});

describe('writing', () => {
  test.each(['../up', 'SHA256SUMS', 'x'.repeat(101), ''])('refuses the name %p', async (path) => {
    const before = await readdir(folder);
    const error = await write({ [path]: 'x' }).catch((error: unknown) => error);
    expect((error as BundleError).code).toBe('BUNDLE_FILE_REFUSED');
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('gatehouse bundle', () => {
  test('verify prints what it found and ends with 0, or 1 when it refuses', async () => {
    const [bundle, key] = [join(folder, 'cli.tar'), join(folder, 'cli.pub')];
    await Bun.write(bundle, good);
    await Bun.write(key, publicKey.export({ type: 'spki', format: 'pem' }));
    const fine = await inProcess('bundle', 'verify', bundle, '--key', key);
    expect(fine.code).toBe(EXIT.ok);
    expect(fine.stdout).toStartWith('valid: Gatehouse 1.2.3 for linux-x64, 4 files, signed by ');

    await Bun.write(bundle, good.slice(0, -1));
    const refused = await inProcess('bundle', 'verify', bundle, '--key', key, '--json');
    expect(refused.code).toBe(EXIT.negative);
    expect(json(refused)).toEqual({
      valid: false,
      code: 'BUNDLE_MALFORMED',
      reason: 'not a bundle: it does not end where its list does',
    });
  });

  test.each([
    [EXIT.usage, 'verify', 'none.tar'],
    [EXIT.usage, 'verify', '--key', 'none.pub'],
    [EXIT.usage, 'verify', 'none.tar', '--key', 'none.pub'],
    [EXIT.usage, 'out.tar'],
    [EXIT.usage, 'out.tar', '--sign', 'none.pem'],
    [EXIT.ok, '--help'],
    [EXIT.ok, 'verify', '--help'],
  ])('ends with %i for %p %p', async (code, ...args) => {
    expect((await inProcess('bundle', ...args.map(String))).code).toBe(code);
  });
});
