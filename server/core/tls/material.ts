/** Certificate, private key and client authorities of the TLS port, read from PEM files and held against each other. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { type KeyProtection, readKeyFile } from '../keys/key-files.ts';
import { readSmallFile } from '../small-file.ts';

export interface TlsFiles {
  /** Chain of the server, its own certificate first. */
  readonly cert: string;
  readonly key: string;
  /** Authorities whose certificates clients may show. */
  readonly clientCa?: string | undefined;
}

export interface TlsMaterial {
  readonly certPem: string;
  readonly keyPem: string;
  readonly clientCaPem: string | undefined;
  /** The server's own. */
  readonly certificate: X509Certificate;
}

/** Chains and bundles are far smaller. */
const LIMIT_BYTES = 1 << 20;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const MAX_CERTIFICATES = 1000;

/** @throws ServerError CONFIG_INVALID naming the file that cannot be used, without a word of its contents */
export async function readTlsMaterial(
  { cert, key, clientCa }: TlsFiles,
  protection: KeyProtection = {},
): Promise<TlsMaterial> {
  const certPem = readText(cert, 'tls.cert');
  const keyPem = await readKeyFile(key, protection);
  const clientCaPem = clientCa === undefined ? undefined : readText(clientCa, 'tls.client_ca');
  const [certificate] = certificatesIn(certPem, `tls.cert ${cert}`);
  if (clientCaPem !== undefined) certificatesIn(clientCaPem, `tls.client_ca ${clientCa}`);
  if (!belongs(certificate, privateKeyIn(keyPem, `tls.key ${key}`))) {
    throw invalid(`tls.key ${key}: it is not the key of the first certificate in ${cert}`);
  }
  return { certPem, keyPem, clientCaPem, certificate };
}

function invalid(message: string): ServerError {
  return new ServerError('CONFIG_INVALID', message);
}

function readText(path: string, setting: string): string {
  const file = readSmallFile(path, LIMIT_BYTES);
  if (typeof file === 'string') throw invalid(`${setting} ${path} ${file}`);
  return new TextDecoder().decode(file.bytes);
}

/** At least one; a file is used whole or not at all. */
export function certificatesIn(pem: string, name: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length > MAX_CERTIFICATES) throw invalid(`${name}: too many certificates`);
  try {
    const [first, ...others] = blocks.map((block) => new X509Certificate(block));
    if (first !== undefined) return [first, ...others];
  } catch {
    // said below
  }
  throw invalid(`${name}: no certificates in PEM`);
}

function privateKeyIn(pem: string, name: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw invalid(`${name}: no private key in PEM`);
  }
}

function belongs(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    // of another algorithm
    return false;
  }
}
