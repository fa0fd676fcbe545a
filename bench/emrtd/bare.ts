/**
 * The cryptographic operations that reading a document cannot do without, alone: the same primitives on
 * data of the same lengths, taken from the recording, without APDUs, TLV, files or verdicts.
 */
import { readTlvs } from '../../emrtd/asn1/mod.ts';
import type { PaceChoice, SignatureChoice } from '../../emrtd/chip/mod.ts';
import {
  add,
  blockSize,
  type CipherName,
  createMac,
  type Curve,
  curveByName,
  decryptCbc,
  deriveKey,
  digest,
  ecdh,
  ecdsaSign,
  ecdsaVerify,
  encryptBlock,
  encryptCbc,
  generateKeyPair,
  generateRsaKey,
  generator,
  mac,
  multiply,
  rsaSignPkcs1,
  rsaVerifyPkcs1,
  standardizedDomain,
} from '../../emrtd/crypto/mod.ts';
import type { RecordedDocument } from './documents.ts';

export interface BareOperation {
  name: string;
  run(): unknown;
}

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Length after padding by ISO 9797-1 method 2. */
function padded(length: number, block: number): number {
  return length + block - (length % block);
}

interface Shape {
  /** Bytes under DO87. */
  cryptogram: number;
  /** Bytes under the MAC, counter and padding included. */
  authenticated: number;
}

function shapeOf(data: Uint8Array, block: number, header: number): Shape {
  const objects = readTlvs(data, { ber: true });
  const before = objects[objects.length - 1].start;
  const cryptogram = objects.find(({ tag }) => tag === 0x87)?.value.length ?? 1;
  return { cryptogram: cryptogram - 1, authenticated: padded(block + header + before, block) };
}

/** Everything that secure messaging does in the recording. */
function messaging(document: RecordedDocument, cipher: CipherName): BareOperation[] {
  const block = blockSize(cipher);
  const key = random(16);
  const authenticate = createMac(cipher, random(16));
  const counter = random(block);
  const vector = new Uint8Array(block);
  const iv = (): Uint8Array => cipher === '3DES' ? vector : encryptBlock(cipher, key, counter);
  const operations: BareOperation[] = [];
  for (const { command, response } of document.exchanges) {
    if ((command[0] & 0x0c) === 0) continue;
    const sent = shapeOf(command.subarray(5, 5 + command[4]), block, block);
    const got = shapeOf(response.subarray(0, -2), block, 0);
    for (const [shape, transform] of [[sent, encryptCbc], [got, decryptCbc]] as const) {
      const message = random(shape.authenticated);
      operations.push({ name: 'MAC', run: () => authenticate(message) });
      if (shape.cryptogram === 0) continue;
      const data = random(shape.cryptogram);
      operations.push({ name: 'cipher', run: () => transform(cipher, key, iv(), data) });
    }
  }
  return operations;
}

function keyDerivations(count: number, cipher: CipherName): BareOperation[] {
  const secret = random(32);
  return Array.from({ length: count }, () => ({
    name: 'key derivation',
    run: () => deriveKey(secret, 1, cipher),
  }));
}

function bac(): BareOperation[] {
  const key = random(16);
  const iv = new Uint8Array(8);
  const data = random(32);
  const message = random(40);
  return [
    { name: 'hash of the MRZ', run: () => digest('SHA-1', data) },
    ...keyDerivations(4, '3DES'),
    { name: 'BAC encrypt', run: () => encryptCbc('3DES', key, iv, data) },
    { name: 'BAC decrypt', run: () => decryptCbc('3DES', key, iv, data) },
    { name: 'BAC MAC', run: () => mac('3DES', key, message) },
    { name: 'BAC MAC', run: () => mac('3DES', key, message) },
  ];
}

function pace({ cipher, parameterId, mapping }: PaceChoice): BareOperation[] {
  const domain = standardizedDomain(parameterId);
  if (domain.kind !== 'ec') throw new Error('the benchmark has no DH document');
  const { curve } = domain;
  const chip = generateKeyPair(curve, random);
  const own = generateKeyPair(curve, random);
  const key = random(16);
  const iv = new Uint8Array(16);
  const token = random(79);
  const base = multiply(curve, chip.privateKey, own.publicKey);
  const nonce = random(16);
  const data = random(48);
  const cam: BareOperation[] = [
    {
      name: 'CAM decrypt',
      run: () => decryptCbc(cipher, key, encryptBlock(cipher, key, iv), data),
    },
    { name: 'CAM multiply', run: () => multiply(curve, own.privateKey, chip.publicKey) },
  ];
  return [
    { name: 'hash of the MRZ', run: () => digest('SHA-1', data) },
    ...keyDerivations(3, cipher),
    { name: 'nonce', run: () => decryptCbc(cipher, key, iv, nonce) },
    { name: 'mapping key', run: () => generateKeyPair(curve, random) },
    { name: 'mapping', run: () => multiply(curve, own.privateKey, chip.publicKey) },
    { name: 's * G', run: () => multiply(curve, own.privateKey, generator(curve)) },
    { name: 'add', run: () => add(curve, own.publicKey, chip.publicKey) },
    { name: 'agreement key', run: () => generateKeyPair(curve, random, base) },
    { name: 'agreement', run: () => ecdh(curve, own.privateKey, chip.publicKey) },
    { name: 'token', run: () => mac(cipher, key, token) },
    { name: 'token', run: () => mac(cipher, key, token) },
    ...(mapping === 'CAM' ? cam : []),
  ];
}

function chipAuthentication(curve: Curve, cipher: CipherName): BareOperation[] {
  const own = generateKeyPair(curve, random);
  return [
    ...keyDerivations(2, cipher),
    { name: 'CA key', run: () => generateKeyPair(curve, random) },
    { name: 'CA agreement', run: () => ecdh(curve, own.privateKey, own.publicKey) },
  ];
}

function verification(choice: SignatureChoice): BareOperation {
  const message = random(800);
  if (choice.kind === 'ecdsa') {
    const curve = curveByName(choice.curve);
    const { privateKey, publicKey } = generateKeyPair(curve, random);
    const signature = ecdsaSign(curve, privateKey, choice.hash, message);
    const run = () => ecdsaVerify(curve, publicKey, choice.hash, message, signature);
    return { name: 'verify', run };
  }
  const key = generateRsaKey(choice.bits);
  const signature = rsaSignPkcs1(key, choice.hash, message);
  return { name: 'verify', run: () => rsaVerifyPkcs1(key, choice.hash, message, signature) };
}

/** Hash of the signed content, signatures of a signed file and of its signer. */
function signedFile({ description: { signature } }: RecordedDocument): BareOperation[] {
  if (signature === undefined) throw new Error('the benchmark states its signatures');
  const content = random(400);
  return [
    { name: 'hash', run: () => digest(signature.hash, content) },
    verification(signature),
    verification(signature),
  ];
}

/** EF.SOD and the hashes of the groups. */
export function passiveOperations(document: RecordedDocument): BareOperation[] {
  const { files } = document.result;
  const hashes = [...files.groups.values()].map((bytes) => ({
    name: 'hash',
    run: () => digest('SHA-256', bytes),
  }));
  return [...hashes, ...signedFile(document)];
}

/** All operations of one reading. */
export function bareOperations(document: RecordedDocument): BareOperation[] {
  const { pace: [choice] = [], chipAuthentication: [chip] = [] } = document.description;
  const operations = choice === undefined ? bac() : pace(choice);
  if (chip !== undefined) {
    const domain = standardizedDomain(chip.parameterId);
    if (domain.kind !== 'ec') throw new Error('the benchmark has no DH document');
    operations.push(...chipAuthentication(domain.curve, chip.cipher));
  }
  operations.push(...messaging(document, choice?.cipher ?? '3DES'));
  if (document.result.files.cardSecurity !== undefined) operations.push(...signedFile(document));
  return [...operations, ...passiveOperations(document)];
}
