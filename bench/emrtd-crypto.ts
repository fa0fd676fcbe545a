/**
 * Microseconds of each cryptographic primitive of emrtd/, alone: `bun bench/emrtd-crypto.ts`. What a
 * whole document costs is measured against the sum of these.
 */
import {
  createMac,
  curveByName,
  decryptCbc,
  dhSharedSecret,
  ecdh,
  ecdsaSign,
  ecdsaVerify,
  encryptCbc,
  generateDhKeyPair,
  generateKeyPair,
  generateRsaKey,
  mac,
  multiply,
  rsaPublicOperation,
  rsaSignPkcs1,
  rsaVerifyPkcs1,
  standardizedDomain,
} from '../emrtd/crypto/mod.ts';
import { printTable } from './statistics.ts';

/** One measured operation. */
interface PrimitiveCost {
  name: string;
  /** Median of the batches, per operation. */
  microseconds: number;
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const BATCHES = 9;
const BATCH_MS = 15;

function measure(name: string, run: () => unknown): PrimitiveCost {
  let count = 1;
  for (;; count *= 2) {
    const startMs = performance.now();
    for (let i = 0; i < count; i++) run();
    if (performance.now() - startMs > BATCH_MS) break;
  }
  const batches = Array.from({ length: BATCHES }, () => {
    const startMs = performance.now();
    for (let i = 0; i < count; i++) run();
    return 1000 * (performance.now() - startMs) / count;
  });
  return { name, microseconds: batches.sort((a, b) => a - b)[BATCHES >> 1] };
}

/** Measures every primitive, one after the other; about 12 seconds. */
function primitiveCosts(): PrimitiveCost[] {
  const costs: PrimitiveCost[] = [];
  const add = (name: string, run: () => unknown) => costs.push(measure(name, run));
  const message = random(256);

  for (const cipher of ['3DES', 'AES-128', 'AES-256'] as const) {
    const key = random(cipher === 'AES-256' ? 32 : 16);
    const iv = random(cipher === '3DES' ? 8 : 16);
    const session = createMac(cipher, key);
    add(`${cipher} CBC encrypt 256 bytes`, () => encryptCbc(cipher, key, iv, message));
    add(`${cipher} CBC decrypt 256 bytes`, () => decryptCbc(cipher, key, iv, message));
    add(`${cipher} MAC 256 bytes, key known`, () => session(message));
    add(`${cipher} MAC 256 bytes, new key`, () => mac(cipher, key, message));
  }
  const names = [
    'P-256',
    'P-384',
    'P-521',
    'brainpoolP256r1',
    'brainpoolP384r1',
    'brainpoolP512r1',
  ];
  for (const curve of names.map(curveByName)) {
    const { privateKey, publicKey } = generateKeyPair(curve, random);
    const signature = ecdsaSign(curve, privateKey, 'SHA-256', message);
    add(`${curve.name} key pair`, () => generateKeyPair(curve, random));
    add(`${curve.name} ECDH`, () => ecdh(curve, privateKey, publicKey));
    add(`${curve.name} multiply`, () => multiply(curve, privateKey, publicKey));
    add(
      `${curve.name} verify`,
      () => ecdsaVerify(curve, publicKey, 'SHA-256', message, signature),
    );
    add(`${curve.name} sign`, () => ecdsaSign(curve, privateKey, 'SHA-256', message));
  }
  for (const bits of [2048, 4096]) {
    const key = generateRsaKey(bits);
    const signature = rsaSignPkcs1(key, 'SHA-256', message);
    add(`RSA-${bits} public operation`, () => rsaPublicOperation(key, signature));
    add(`RSA-${bits} verify`, () => rsaVerifyPkcs1(key, 'SHA-256', message, signature));
  }
  for (const id of [0, 2]) {
    const domain = standardizedDomain(id);
    if (domain.kind !== 'dh') continue;
    const { group } = domain;
    const { privateKey, publicKey } = generateDhKeyPair(group, random);
    add(`DH ${group.name} key pair`, () => generateDhKeyPair(group, random));
    add(`DH ${group.name} shared`, () => dhSharedSecret(group, privateKey, publicKey));
  }
  return costs;
}

export async function run(): Promise<void> {
  const rows = primitiveCosts().map(({ name, microseconds }) => [
    name,
    microseconds.toFixed(microseconds < 10 ? 2 : 0),
  ]);
  printTable([['operation', 'microseconds'], ...rows]);
}
