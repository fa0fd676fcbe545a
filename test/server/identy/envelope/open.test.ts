/** Capture envelopes: what opens, and that all that does not open looks the same. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  type CaptureKeys,
  openCaptureKeys,
} from '../../../../server/identy/envelope/capture-keys.ts';
import { EnvelopeError } from '../../../../server/identy/envelope/error.ts';
import { NonceCache } from '../../../../server/core/replay/nonce-cache.ts';
import { MAX_AGE_MS, openEnvelope } from '../../../../server/identy/envelope/open.ts';
import { sealCapture } from '../../../../server/web/face-sdk/seal.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const payload = new TextEncoder().encode('a capture of nobody');
let folder: string;
let keys: CaptureKeys;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-envelope-'));
  keys = await openCaptureKeys(join(folder, 'keys'));
});
afterAll(() => rm(folder, { recursive: true }));

const nonces = () => new NonceCache(2 * MAX_AGE_MS);

function sealFor({ current }: CaptureKeys, packedAtMs = NOW) {
  const key = { kid: current.id, spki: Buffer.from(current.spki).toString('base64') };
  return sealCapture(payload, key, packedAtMs);
}

/** How an envelope ends: its payload, or the code and message of its error. */
async function outcome(
  bytes: Uint8Array,
  options: Partial<Parameters<typeof openEnvelope>[1]> = {},
) {
  try {
    const opened = await openEnvelope(bytes, { keys, nonces: nonces(), nowMs: NOW, ...options });
    return opened.payload;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

const REFUSED = 'REFUSED envelope: wrong key or changed';

describe('an envelope', () => {
  test('opens to what was sealed, with the time it was packed at', async () => {
    const sealed = await sealFor(keys);
    const opened = await openEnvelope(sealed, { keys, nonces: nonces(), nowMs: NOW + 5000 });
    expect(new Uint8Array(opened.payload)).toEqual(payload);
    expect(opened.packedAtMs).toBe(NOW);
  });

  test('opens once', async () => {
    const sealed = await sealFor(keys);
    const seen = nonces();
    expect(await outcome(sealed, { nonces: seen })).toBeInstanceOf(Uint8Array);
    expect(await outcome(sealed, { nonces: seen })).toBe('REPLAYED envelope: seen before');
    expect(await outcome(await sealFor(keys), { nonces: seen })).toBeInstanceOf(Uint8Array);
  });

  test('that names another key is refused, though it was sealed for this one', async () => {
    const { current: { id, spki } } = keys;
    const named = (kid: string) => sealCapture(payload, { kid, spki: spki.toBase64() }, NOW);
    expect(await outcome(await named(id))).toBeInstanceOf(Uint8Array);
    expect(await outcome(await named('0'.repeat(32)))).toBe(REFUSED);
  });

  test('opens within two minutes of being packed', async () => {
    const sealed = await sealFor(keys);
    const expired = 'EXPIRED envelope: packed more than two minutes away from now';
    for (const late of [-MAX_AGE_MS, 0, MAX_AGE_MS]) {
      expect(await outcome(sealed, { nowMs: NOW + late })).toBeInstanceOf(Uint8Array);
    }
    for (const late of [-MAX_AGE_MS - 1, MAX_AGE_MS + 1, 1e12]) {
      expect(await outcome(sealed, { nowMs: NOW + late })).toBe(expired);
    }
  });

  test('with any byte changed is refused, and in the same words wherever the MAC decides', async () => {
    const sealed = await sealFor(keys);
    const lengths = [46, 47], head = [0, 1, 2, 3, 4, 5];
    // every byte of the head and of the wrapped keys, then every seventh of the rest
    for (let at = 0; at < sealed.length; at += at < 450 ? 1 : 7) {
      const changed = sealed.with(at, sealed[at] ^ 0x40);
      const result = await outcome(changed);
      if (head.includes(at) || lengths.includes(at)) {
        expect(result).toMatch(/^(MALFORMED|REFUSED) /);
      } else if (at >= 6 && at < 14) expect(result).toMatch(/^(REFUSED|MALFORMED) /);
      else expect([at, result]).toEqual([at, REFUSED]);
    }
  });

  test('cut short or with something behind it is refused', async () => {
    const sealed = await sealFor(keys);
    for (let length = 0; length < sealed.length; length += 11) {
      expect(await outcome(sealed.subarray(0, length))).toMatch(/^(MALFORMED|REFUSED) /);
    }
    expect(await outcome(new Uint8Array([...sealed, ...new Uint8Array(16)]))).toBe(REFUSED);
  });

  test('for another installation is refused like a damaged one', async () => {
    const others = await openCaptureKeys(join(folder, 'others'));
    expect(await outcome(await sealFor(others))).toBe(REFUSED);
    const sealed = await sealFor(others);
    sealed.set(Buffer.from(keys.current.id, 'hex'), 30);
    expect(await outcome(sealed)).toBe(REFUSED);
  });

  test('that is refused leaves no nonce behind', async () => {
    const seen = nonces();
    const sealed = await sealFor(keys);
    await outcome(sealed.with(sealed.length - 1, sealed[sealed.length - 1] ^ 1), { nonces: seen });
    await outcome(sealed, { nonces: seen, nowMs: NOW + 1e9 });
    expect(seen.size).toBe(0);
  });

  test('made of any bytes ends in a typed error', async () => {
    const head = [...new TextEncoder().encode('GHCE'), 1, 1];
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 1200 }), async (magic, bytes) => {
        const result = await outcome(magic ? new Uint8Array([...head, ...bytes]) : bytes);
        expect(result).toMatch(/^(MALFORMED|REFUSED) /);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 200) },
    );
  });
});

describe('keys', () => {
  test('are the same at the next start, and older ones still open after a change', async () => {
    const place = join(folder, 'changing');
    const first = await openCaptureKeys(place);
    const sealed = await sealFor(first);
    expect((await openCaptureKeys(place)).current.id).toBe(first.current.id);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(
      join(place, 'capture-2.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
    const second = await openCaptureKeys(place);
    expect(second.current.id).not.toBe(first.current.id);
    expect(await outcome(sealed, { keys: second })).toBeInstanceOf(Uint8Array);
    expect(await outcome(await sealFor(second), { keys: first })).toBe(REFUSED);
  });

  test('that are none are refused by their path', async () => {
    const place = join(folder, 'broken');
    await openCaptureKeys(place);
    const path = join(place, 'capture-2.pem');
    await writeFile(path, 'no key', { mode: 0o600 });
    expect(openCaptureKeys(place)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${path}: no private key in PEM`,
    });
  });
});

describe('nonces', () => {
  test('are forgotten when their envelope has expired anyway, and never earlier', () => {
    const seen = new NonceCache(1000, 3);
    const nonce = (n: number) => new Uint8Array(16).fill(n);
    for (const n of [1, 2, 3]) expect(seen.take(nonce(n), n)).toBe(true);
    expect(seen.take(nonce(1), 900)).toBe(false);
    expect(() => seen.take(nonce(4), 1000)).toThrow('no further nonce');
    expect(seen.take(nonce(4), 1001)).toBe(true);
    expect(seen.take(nonce(2), 1001)).toBe(false);
    expect(seen.size).toBe(3);
  });
});
