/** RSA public keys as text: the forms that are read, and what is refused. */
import { expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { readRsaPublicKey } from '../../../../server/core/keys/rsa-public-key.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

test('a key is taken as PEM, as PEM on one line, and as Base64', () => {
  for (const text of [pem, pem.replaceAll('\n', '\\n'), der]) {
    expect(readRsaPublicKey(text)?.export({ type: 'spki', format: 'pem' })).toBe(pem);
  }
});

test('what is no RSA key of 2048 bits is refused', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const keys = [short, curve].map((key) => key.export({ type: 'spki', format: 'pem' }) as string);
  for (const text of ['', 'secret', der.slice(0, 100), ...keys]) {
    expect(readRsaPublicKey(text)).toBeUndefined();
  }
});
