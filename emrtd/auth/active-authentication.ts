/**
 * Active authentication (9303-11 6.1): the chip signs a challenge with the private key of DG15. RSA by
 * ISO 9796-2, ECDSA plain as the standard says or DER as some documents do.
 */
import {
  ecdsaVerify,
  HASH_NAMES,
  type HashName,
  parseEcdsaDer,
  parseEcdsaPlain,
  parseSpki,
  type PublicKey,
  rsaLength,
  verifyIso9796,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { atStep, refused, type Session, SW } from '../iso7816/mod.ts';
import type { SecurityInfos } from '../lds/mod.ts';

/** What the chip was asked and what it answered. */
export interface ActiveAuthenticationEvidence {
  /** SubjectPublicKeyInfo of DG15. */
  publicKey: Uint8Array;
  /** RND.IFD, 8 bytes. */
  challenge: Uint8Array;
  signature: Uint8Array;
  /** DG14, which may name the hash function of ECDSA. */
  infos?: SecurityInfos;
}

/** How a signature was verified, for the report. */
export interface ActiveAuthenticationMatch {
  algorithm: 'RSA' | 'ECDSA';
  hash: HashName;
}

/** Bytes of RND.IFD. */
export const CHALLENGE_BYTES = 8;
const INTERNAL_AUTHENTICATE = { cla: 0x00, ins: 0x88, p1: 0x00, p2: 0x00 };
const SHORT_LE = 256;
/** Tag, length and sign bytes that DER puts around r and s. */
const DER_OVERHEAD = 10;
/** ecdsa-plain-signatures 1 to 5: SHA-1 to SHA-512 (BSI TR-03111 5.2.1, 9303-11 9.2.4). */
const ECDSA_PLAIN = '0.4.0.127.0.7.1.1.4.1.';

/** The hash that DG14 names first, then the others: documents name none or a wrong one. */
function candidateHashes(infos: SecurityInfos | undefined): readonly HashName[] {
  const named = (infos?.activeAuthentication ?? [])
    .filter(({ signatureAlgorithm }) => signatureAlgorithm.startsWith(ECDSA_PLAIN))
    .map(({ signatureAlgorithm }) => signatureAlgorithm.slice(ECDSA_PLAIN.length))
    .flatMap((last) => /^[1-5]$/.test(last) ? [HASH_NAMES[Number(last) - 1]] : []);
  return [...new Set([...named, ...HASH_NAMES])];
}

/** Undefined instead of an error where the bytes are no signature of this form. */
function orUndefined<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof EmrtdError && error.code.startsWith('CRYPTO_')) return undefined;
    throw error;
  }
}

function verifyEcdsa(
  key: PublicKey & { kind: 'ec' },
  evidence: ActiveAuthenticationEvidence,
): ActiveAuthenticationMatch | undefined {
  const { curve, point } = key;
  const { challenge, signature } = evidence;
  const forms = [
    orUndefined(() => parseEcdsaPlain(curve, signature)),
    orUndefined(() => parseEcdsaDer(curve, signature)),
  ];
  for (const form of forms) {
    if (form === undefined) continue;
    for (const hash of candidateHashes(evidence.infos)) {
      if (ecdsaVerify(curve, point, hash, challenge, form)) return { algorithm: 'ECDSA', hash };
    }
  }
  return undefined;
}

/**
 * Verifies the answer; undefined when the signature is not that of the key over the challenge. The chip is
 * proven only if passive authentication vouches for DG15. Throws ACTIVE_AUTHENTICATION when the key of DG15
 * cannot sign, CRYPTO_* and ASN1_* when it cannot be read.
 */
export function verifyActiveAuthentication(
  evidence: ActiveAuthenticationEvidence,
): ActiveAuthenticationMatch | undefined {
  const key = parseSpki(evidence.publicKey, 'DG15');
  switch (key.kind) {
    case 'rsa': {
      const { challenge, signature } = evidence;
      const match = orUndefined(() => verifyIso9796(key.key, challenge, signature));
      return match && { algorithm: 'RSA', hash: match.hash };
    }
    case 'ec':
      return verifyEcdsa(key, evidence);
    default:
      throw new EmrtdError('ACTIVE_AUTHENTICATION', 'DG15: the key cannot sign');
  }
}

/** Longest answer that the key can give. */
function answerLength(key: PublicKey): number {
  if (key.kind === 'rsa') return rsaLength(key.key);
  return key.kind === 'ec' ? 2 * key.curve.orderLength + DER_OVERHEAD : SHORT_LE;
}

/**
 * Asks the chip to sign `challenge` with the key of DG15 and gives its signature. An answer longer than a
 * short one is asked for with extended length first; some documents cut it without, others refuse it with.
 * Throws ACTIVE_AUTHENTICATION with the status word, and what `Session.send` throws.
 */
export function requestSignature(
  session: Session,
  publicKey: Uint8Array,
  challenge: Uint8Array,
): Promise<Uint8Array> {
  return atStep('AA', 'ACTIVE_AUTHENTICATION', async () => {
    const key = parseSpki(publicKey, 'DG15');
    const wanted = answerLength(key);
    const fits = (session.channel?.maxAnswerData(SHORT_LE) ?? SHORT_LE) >= wanted;
    const lengths = fits || !session.extendedLength
      ? [SHORT_LE]
      : [Math.max(wanted, SHORT_LE + 1), SHORT_LE];
    let best = new Uint8Array(0);
    let last: number = SW.OK;
    for (const le of lengths) {
      const { sw, data } = await session.send({ ...INTERNAL_AUTHENTICATE, data: challenge, le });
      last = sw;
      if (sw === SW.OK && data.length > best.length) best = new Uint8Array(data);
      if (best.length > 0 && (key.kind !== 'rsa' || best.length >= wanted)) return best;
    }
    if (best.length === 0) throw refused('ACTIVE_AUTHENTICATION', last);
    return best;
  });
}
