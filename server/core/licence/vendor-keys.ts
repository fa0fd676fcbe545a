/**
 * Whose licences count: the keys that the program was built with, and those of the files that the operator
 * names. A program with keys of its own takes a further key only with an endorsement signed by one of them.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { ServerError } from '../errors.ts';
import { LICENCE_ALGORITHM } from './format.ts';
import builtIn from './vendor-keys.pem' with { type: 'text' };

/** `typ` of an endorsement: a JWS whose payload is `{"name", "keys": [PEM]}`. */
export const ENDORSEMENT_TYPE = 'gatehouse-licence-keys+jwt';
const MAX_TEXT = 65_536;

export const EndorsementSchema = z.strictObject({
  /** Whose keys they are. */
  name: z.string().min(1).max(200),
  keys: z.array(z.string().max(1000)).min(1).max(100),
});

const PEM = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]*-----END PUBLIC KEY-----/g;

/** Id of a key -> key; the id is the thumbprint of RFC 7638. */
export type VendorKeys = ReadonlyMap<string, KeyObject>;

/** The id that a key has in headers. */
export async function vendorKeyId(key: KeyObject): Promise<string> {
  const { kty, crv, x } = key.export({ format: 'jwk' });
  return await calculateJwkThumbprint({ kty: kty ?? '', crv, x });
}

/** All public keys in a text of PEM blocks. @throws ServerError CONFIG_INVALID */
export async function readVendorKeys(pem: string, name: string): Promise<VendorKeys> {
  const keys = new Map<string, KeyObject>();
  for (const [block] of pem.slice(0, MAX_TEXT).matchAll(PEM)) {
    let key: KeyObject | undefined;
    try {
      key = createPublicKey(block);
    } catch {
      // said below
    }
    if (key?.asymmetricKeyType !== 'ed25519') {
      throw new ServerError('CONFIG_INVALID', `${name}: no Ed25519 public key in PEM`);
    }
    keys.set(await vendorKeyId(key), key);
  }
  return keys;
}

/**
 * The keys of the program and those of files, PEM or endorsements.
 * @param own PEM text of the keys that the program was built with
 * @throws ServerError CONFIG_INVALID naming the file
 */
export async function openVendorKeys(
  paths: readonly string[],
  own: string = builtIn,
): Promise<VendorKeys> {
  const ours = await readVendorKeys(own, 'keys of this program');
  const all = new Map(ours);
  for (const path of paths) {
    const file = Bun.file(path);
    if (!(await file.exists())) {
      throw new ServerError('CONFIG_INVALID', `licence.keys ${path}: does not exist`);
    }
    const name = `licence.keys ${path}`;
    for (const [id, key] of await keysOfFile(await file.text(), name, ours)) all.set(id, key);
  }
  return all;
}

async function keysOfFile(text: string, name: string, ours: VendorKeys): Promise<VendorKeys> {
  const endorsed = await endorsedKeys(text.trim(), name, ours);
  if (endorsed === undefined && ours.size > 0) {
    const reason = 'this program takes only keys that its vendor has endorsed';
    throw new ServerError('CONFIG_INVALID', `${name}: ${reason}`);
  }
  const keys = endorsed ?? await readVendorKeys(text, name);
  if (keys.size > 0) return keys;
  throw new ServerError('CONFIG_INVALID', `${name}: no Ed25519 public key in PEM`);
}

/** Undefined when the text is no endorsement by one of our keys. */
async function endorsedKeys(
  text: string,
  name: string,
  ours: VendorKeys,
): Promise<VendorKeys | undefined> {
  let pem: string;
  try {
    const { kid = '', typ } = decodeProtectedHeader(text.slice(0, MAX_TEXT));
    const key = ours.get(kid);
    if (typ !== ENDORSEMENT_TYPE || key === undefined) return undefined;
    const { payload } = await compactVerify(text, key, { algorithms: [LICENCE_ALGORITHM] });
    pem = EndorsementSchema.parse(JSON.parse(new TextDecoder().decode(payload))).keys.join('\n');
  } catch {
    return undefined;
  }
  return await readVendorKeys(pem, name);
}
