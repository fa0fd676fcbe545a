/** Private keys under a passphrase: the same form that OpenSSL writes and reads, and refusals that say nothing. */
import { afterAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { der } from '../../../../emrtd/asn1/mod.ts';
import {
  decryptKey,
  encryptKey,
  isEncryptedKey,
} from '../../../../server/core/keys/encrypted-key.ts';
import { ServerError } from '../../../../server/core/errors.ts';

const PASSPHRASE = 'correct horse bättery';
const options = {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
} as const;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256', ...options }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048, ...options }).privateKey;
const sealed = await encryptKey(ec, PASSPHRASE);

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sealed-'));
afterAll(() => rm(folder, { recursive: true }));

describe('a key', () => {
  test.each([['ECDSA', ec], ['RSA', rsa]])('%s comes back as it went in', async (_, pem) => {
    const encrypted = await encryptKey(pem, PASSPHRASE);
    expect(isEncryptedKey(encrypted)).toBe(true);
    expect(isEncryptedKey(pem)).toBe(false);
    expect(await decryptKey(encrypted, PASSPHRASE, 'key')).toBe(pem);
  });

  test('is sealed differently each time', async () => {
    expect(await encryptKey(ec, PASSPHRASE)).not.toBe(sealed);
  });

  test('does not open with another passphrase, and says no more', async () => {
    for (const other of ['', 'x', PASSPHRASE.toUpperCase(), `${PASSPHRASE} `]) {
      expect(decryptKey(sealed, other, 'the file')).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: 'the file: does not open with this passphrase',
      });
    }
  });
});

describe.skipIf(Bun.which('openssl') === null)('OpenSSL [needs openssl]', () => {
  async function openssl(...args: string[]): Promise<string> {
    const child = Bun.spawn(['openssl', ...args], { cwd: folder, stdout: 'pipe', stderr: 'pipe' });
    const text = await new Response(child.stdout).text();
    if (await child.exited !== 0) throw new Error(await new Response(child.stderr).text());
    return text;
  }

  test('reads what we write: PBKDF2 with HMAC-SHA-256, 600,000 rounds, AES-256', async () => {
    await Bun.write(join(folder, 'ours.pem'), sealed);
    expect(await openssl('pkcs8', '-in', 'ours.pem', '-passin', `pass:${PASSPHRASE}`)).toBe(ec);
    const structure = await openssl('asn1parse', '-in', 'ours.pem');
    for (const part of ['PBES2', 'PBKDF2', ':0927C0', 'hmacWithSHA256', 'aes-256-cbc']) {
      expect(structure).toContain(part);
    }
  });

  test.each(['2048', '1000'])('writes what we read: %s rounds', async (rounds) => {
    await Bun.write(join(folder, 'plain.pem'), rsa);
    await openssl(
      ...['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-in', 'plain.pem', '-out', 'theirs.pem'],
      ...['-passout', `pass:${PASSPHRASE}`, '-iter', rounds],
    );
    const theirs = await Bun.file(join(folder, 'theirs.pem')).text();
    expect(await decryptKey(theirs, PASSPHRASE, 'key')).toBe(rsa);
  });

  test.each(['-v2 aes-128-cbc', '-scrypt', '-v2 des3'])(
    'keys of other kinds are refused: %s',
    async (kind) => {
      await Bun.write(join(folder, 'plain.pem'), ec);
      await openssl(
        ...['pkcs8', '-topk8', ...kind.split(' '), '-in', 'plain.pem', '-out', 'other.pem'],
        ...['-passout', `pass:${PASSPHRASE}`],
      );
      const other = await Bun.file(join(folder, 'other.pem')).text();
      expect(decryptKey(other, PASSPHRASE, 'key'))
        .rejects.toThrow('key: no key encrypted with PBES2, HMAC-SHA-256 and AES-256-CBC');
    },
  );
});

describe('any text', () => {
  const refused = async (text: string) => {
    const error = await decryptKey(text, 'x', 'the file').then(() => undefined, (thrown) => thrown);
    expect(error).toBeInstanceOf(ServerError);
    expect(error.message).toMatch(/^the file: (no key encrypted|does not open)/);
  };
  const wrapped = (base64: string) =>
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${base64}\n-----END ENCRYPTED PRIVATE KEY-----\n`;

  test('is refused', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      await refused(text);
      await refused(wrapped(text));
    }));
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await refused(wrapped(bytes.toBase64()));
    }));
  });

  test('that was a key before a byte of its parameters changed is read or refused', async () => {
    const bytes = Uint8Array.fromBase64(sealed.replace(/-----[^-]+-----/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.nat(110), fc.nat(255), async (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        try {
          expect(await decryptKey(wrapped(changed.toBase64()), PASSPHRASE, 'key'))
            .toStartWith('-----BEGIN PRIVATE KEY-----');
        } catch (error) {
          expect(error).toBeInstanceOf(ServerError);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test.each([[1, 'does not open'], [0, 'no key'], [10_000_001, 'no key']])(
    'that asks for %i rounds: %s',
    async (iterations, message) => {
      const kdf = der.sequence(
        der.octetString(new Uint8Array(16)),
        der.integer(iterations),
        der.sequence(der.oid('1.2.840.113549.2.9'), der.nul()),
      );
      const info = der.sequence(
        der.sequence(
          der.oid('1.2.840.113549.1.5.13'),
          der.sequence(
            der.sequence(der.oid('1.2.840.113549.1.5.12'), kdf),
            der.sequence(der.oid('2.16.840.1.101.3.4.1.42'), der.octetString(new Uint8Array(16))),
          ),
        ),
        der.octetString(new Uint8Array(32)),
      );
      expect(decryptKey(wrapped(info.toBase64()), 'x', 'key')).rejects.toThrow(message);
    },
  );
});
