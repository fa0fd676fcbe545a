/** Which Wycheproof files apply to emrtd/crypto and how each kind is checked; why the others do not. */
import {
  createCmac,
  curveByName,
  curveByOid,
  decodePoint,
  decryptCbc,
  ecdh,
  ecdsaVerify,
  encryptCbc,
  equalConstantTime,
  explicitCurve,
  type HashName,
  parseEcdsaDer,
  parseEcdsaPlain,
  parseSpki,
  type PssParameters,
  rsaVerifyPkcs1,
  rsaVerifyPss,
} from '../../../../emrtd/crypto/mod.ts';
import { bytes, type Check, type Group, type Test, type Verdict } from './vectors.ts';

const verdict = (accepted: boolean): Verdict => accepted ? 'accepted' : 'refused';

const CIPHERS = { 128: 'AES-128', 192: 'AES-192', 256: 'AES-256' } as const;

function ecdsa(parse: typeof parseEcdsaDer): Check {
  return (group, test) => {
    const key = parseSpki(bytes(group.publicKeyDer === undefined ? test : group, 'publicKeyDer'));
    if (key.kind !== 'ec') return 'wrong value';
    return verdict(ecdsaVerify(
      key.curve,
      key.point,
      group.sha as HashName,
      bytes(test, 'msg'),
      parse(key.curve, bytes(test, 'sig')),
    ));
  };
}

const NIST_NAMES: Readonly<Record<string, string>> = {
  secp192r1: 'P-192',
  secp224r1: 'P-224',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function agreement(group: Group, test: Test): Verdict {
  const curve = curveByName(NIST_NAMES[group.curve as string] ?? group.curve as string);
  const privateKey = BigInt(`0x${test.private as string}`);
  let point;
  if (group.encoding === 'asn') {
    const key = parseSpki(bytes(test, 'public'));
    // What Chip Authentication asks as well: the key must be on the curve of the private key.
    if (key.kind !== 'ec' || key.curve !== curve) return 'refused';
    point = key.point;
  } else {
    point = decodePoint(curve, bytes(test, 'public'));
  }
  const shared = ecdh(curve, privateKey, point);
  return equalConstantTime(shared, bytes(test, 'shared')) ? 'accepted' : 'wrong value';
}

function pkcs1(group: Group, test: Test): Verdict {
  const key = parseSpki(bytes(group, 'publicKeyDer'));
  if (key.kind !== 'rsa') return 'wrong value';
  return verdict(
    rsaVerifyPkcs1(key.key, group.sha as HashName, bytes(test, 'msg'), bytes(test, 'sig')),
  );
}

function pss(group: Group, test: Test): Verdict {
  const key = parseSpki(bytes(group, 'publicKeyDer'));
  if (key.kind !== 'rsa') return 'wrong value';
  const named: PssParameters = {
    hash: group.sha as HashName,
    mgfHash: group.mgfSha as HashName,
    saltLength: group.sLen as number,
  };
  const inKey = key.pss?.parameters;
  if (inKey !== undefined && !Bun.deepEquals(inKey, named)) return 'wrong value';
  return verdict(rsaVerifyPss(key.key, inKey ?? named, bytes(test, 'msg'), bytes(test, 'sig')));
}

function cmac(group: Group, test: Test): Verdict {
  const cipher = CIPHERS[(8 * bytes(test, 'key').length) as keyof typeof CIPHERS];
  if (cipher === undefined) return 'refused';
  const full = createCmac(cipher, bytes(test, 'key'))(bytes(test, 'msg'));
  return verdict(
    equalConstantTime(full.subarray(0, group.tagSize as number / 8), bytes(test, 'tag')),
  );
}

/** CBC without padding, under a PKCS #5 padding made here. */
function cbc(group: Group, test: Test): Verdict {
  const cipher = CIPHERS[group.keySize as keyof typeof CIPHERS];
  const [key, iv, message, wanted] = ['key', 'iv', 'msg', 'ct'].map((field) => bytes(test, field));
  const padding = 16 - message.length % 16;
  const padded = new Uint8Array(message.length + padding).fill(padding);
  padded.set(message);
  const opened = decryptCbc(cipher, key, iv, wanted);
  if (!equalConstantTime(opened, padded)) return 'refused';
  return equalConstantTime(encryptCbc(cipher, key, iv, padded), wanted)
    ? 'accepted'
    : 'wrong value';
}

/** Named curves must be recognised from their constants; the others must pass as sound. */
function curveConstants(_group: Group, test: Test): Verdict {
  const [p, a, b, n, gx, gy] = ['p', 'a', 'b', 'n', 'gx', 'gy'].map((field) =>
    BigInt(`0x${test[field] as string}`)
  );
  const curve = explicitCurve({ p, a, b, n, gx, gy });
  if (curve.name === 'explicit') return 'accepted';
  return curve.oid === test.oid && curveByOid(test.oid as string) === curve
    ? 'accepted'
    : 'wrong value';
}

const CHECKS: readonly (readonly [RegExp, Check])[] = [
  [/^ecdsa_.*_p1363_test/, ecdsa(parseEcdsaPlain)],
  [/^ecdsa_/, ecdsa(parseEcdsaDer)],
  [/^ecdh_/, agreement],
  [/^rsa_signature_/, pkcs1],
  [/^rsa_pss_/, pss],
  [/^aes_cmac_/, cmac],
  [/^aes_cbc_pkcs5_/, cbc],
  [/^ec_prime_order_curves_/, curveConstants],
];

const SKIPPED: readonly (readonly [RegExp, string])[] = [
  [/^hmac_/, 'Doc 9303 uses no HMAC'],
  [/^rsa_oaep_/, 'Doc 9303 uses no RSA encryption'],
  [/^aes_gcm_/, 'Doc 9303 uses no GCM'],
  [/^a\d+cbc_hs/, 'a JOSE composite, not in Doc 9303'],
  [/^json_web_/, 'JOSE, not in Doc 9303'],
];

/** The check of a file, or the reason why there is none; both undefined means nobody thought of it. */
export function checkOf(file: string): { check?: Check; skipped?: string } {
  const check = CHECKS.find(([pattern]) => pattern.test(file))?.[1];
  if (check !== undefined) return { check };
  const skipped = SKIPPED.find(([pattern]) => pattern.test(file))?.[1];
  return skipped === undefined ? {} : { skipped };
}
