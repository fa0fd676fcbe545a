/**
 * Private keys under a passphrase: EncryptedPrivateKeyInfo of PKCS #8 (RFC 5958 3) with PBES2 (RFC 8018 6.2),
 * PBKDF2 with HMAC-SHA-256 and AES-256 in CBC mode. OpenSSL reads and writes the same.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  der,
  type Fields,
  fields,
  nul,
  octetString,
  oid,
  parseTlv,
  smallInteger,
  TAG,
} from '../../../emrtd/asn1/mod.ts';
import { ServerError } from '../errors.ts';

const OID = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const;

/** OWASP Password Storage Cheat Sheet, 2023, for PBKDF2 with HMAC-SHA-256. */
const ITERATIONS = 600_000;
/** Takes some seconds; more is a mistake. */
const MOST_ITERATIONS = 10_000_000;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const CIPHER = 'aes-256-cbc';

const LABEL = 'ENCRYPTED PRIVATE KEY';
const PEM =
  /^-----BEGIN ENCRYPTED PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END ENCRYPTED PRIVATE KEY-----\s*$/;
const MAX_CHARACTERS = 65_536;

const derive = promisify(pbkdf2);

export function isEncryptedKey(pem: string): boolean {
  return pem.includes(`-----BEGIN ${LABEL}-----`);
}

/**
 * @param pem PKCS #8, unencrypted
 * @returns the same key, encrypted, in PEM
 */
export async function encryptKey(pem: string, passphrase: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES), iv = randomBytes(BLOCK_BYTES);
  const key = await derive(passphrase, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = Buffer.concat([cipher.update(bytesOf(pem)), cipher.final()]);
  const kdf = der.sequence(
    der.oid(OID.pbkdf2),
    der.sequence(
      der.octetString(salt),
      der.integer(ITERATIONS),
      der.sequence(der.oid(OID.hmacSha256), der.nul()),
    ),
  );
  const encryption = der.sequence(der.oid(OID.aes256Cbc), der.octetString(iv));
  const algorithm = der.sequence(der.oid(OID.pbes2), der.sequence(kdf, encryption));
  return toPem(LABEL, der.sequence(algorithm, der.octetString(sealed)));
}

/**
 * @param name stands for the file in messages
 * @returns PKCS #8 in PEM, unencrypted
 * @throws ServerError CONFIG_INVALID when it is no such key, or the passphrase is another
 */
export async function decryptKey(pem: string, passphrase: string, name: string): Promise<string> {
  const { salt, iterations, iv, sealed } = read(pem, name);
  const key = await derive(passphrase, salt, iterations, KEY_BYTES, 'sha256');
  let opened: Buffer | undefined;
  try {
    const decipher = createDecipheriv(CIPHER, key, iv);
    const parts = [decipher.update(sealed), decipher.final()];
    opened = Buffer.concat(parts);
    for (const part of parts) part.fill(0);
    // a wrong passphrase can leave padding that looks right
    parseTlv(opened);
    return toPem('PRIVATE KEY', opened);
  } catch {
    throw new ServerError('CONFIG_INVALID', `${name}: does not open with this passphrase`);
  } finally {
    key.fill(0);
    opened?.fill(0);
  }
}

interface Sealed {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly iv: Uint8Array;
  readonly sealed: Uint8Array;
}

function read(pem: string, name: string): Sealed {
  try {
    return readInfo(pem, name);
  } catch {
    const message = `${name}: no key encrypted with PBES2, HMAC-SHA-256 and AES-256-CBC`;
    throw new ServerError('CONFIG_INVALID', message);
  }
}

/** Throws anything. */
function readInfo(pem: string, name: string): Sealed {
  const base64 = pem.length > MAX_CHARACTERS ? undefined : PEM.exec(pem)?.[1];
  if (base64 === undefined) throw new RangeError('no PEM');
  const info = fields(parseTlv(Uint8Array.fromBase64(base64), { name }), 'EncryptedPrivateKeyInfo');
  const scheme = parametersOf(info, OID.pbes2);
  const sealed = octetString(info.required('encryptedData'));
  info.end();

  const pbes2 = fields(scheme.required('parameters'), 'PBES2-params');
  scheme.end();
  const kdf = parametersOf(pbes2, OID.pbkdf2);
  const encryption = parametersOf(pbes2, OID.aes256Cbc);
  pbes2.end();
  const iv = octetString(encryption.required('iv'));
  encryption.end();

  const { salt, iterations } = readPbkdf2(kdf);
  if (iv.length !== BLOCK_BYTES || sealed.length % BLOCK_BYTES !== 0) {
    throw new RangeError('length');
  }
  return { salt, iterations, iv, sealed };
}

/** RFC 8018 A.2. */
function readPbkdf2(kdf: Fields): { salt: Uint8Array; iterations: number } {
  const parameters = fields(kdf.required('parameters'), 'PBKDF2-params');
  kdf.end();
  const salt = octetString(parameters.required('salt'));
  const iterations = smallInteger(parameters.required('iterationCount'));
  const length = parameters.optional(TAG.integer);
  if (length !== undefined && smallInteger(length) !== KEY_BYTES) throw new RangeError('length');
  const prf = parametersOf(parameters, OID.hmacSha256);
  nul(prf.required('parameters'));
  prf.end();
  parameters.end();
  if (iterations < 1 || iterations > MOST_ITERATIONS) throw new RangeError('iterations');
  return { salt, iterations };
}

/** What follows the identifier of an AlgorithmIdentifier that must be this one. */
function parametersOf(structure: Fields, expected: string): Fields {
  const algorithm = fields(structure.required('algorithm'), 'AlgorithmIdentifier');
  if (oid(algorithm.required('algorithm')) !== expected) throw new RangeError('algorithm');
  return algorithm;
}

function bytesOf(pem: string): Uint8Array {
  return Uint8Array.fromBase64(pem.replace(/-----[^-]+-----/g, ''));
}

function toPem(label: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
