/**
 * Explicit domain parameters (RFC 3279 2.3.5 ECParameters; 9303-12 requires them in certificates):
 * recognised when they are a named curve, otherwise checked as TR-03111 4.1.1 and SEC 1 3.1.1.2.1 ask.
 */
import {
  fields,
  integer,
  octetString,
  oid,
  smallInteger,
  TAG,
  type Tlv,
  unsigned,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { bitLength, bytesToBigInt, toHex } from './bytes.ts';
import { digest } from './hash.ts';
import { type Curve, type CurveConstants, curveOf, NAMED_CURVES } from './named-curves.ts';
import { decodePoint, isOnCurve, type Point } from './point.ts';
import { isPrime, modPow } from './prime.ts';
import { weierstrassPoint } from './weierstrass.ts';

/** Prime field, X9.62 id-prime-field. */
const PRIME_FIELD = '1.2.840.10045.1.1';
/** Up to P-521, the longest curve in use. */
const MIN_BITS = 160;
const MAX_BITS = 521;
/** Smallest embedding degree accepted (SEC 1 3.1.1.2.1: q^B mod n is not 1 for 1 <= B < 100). */
const MIN_EMBEDDING_DEGREE = 100;

function refuse(what: string): EmrtdError {
  return new EmrtdError('CRYPTO_DOMAIN', `elliptic curve parameters: ${what}`);
}

function sameConstants(a: CurveConstants, b: CurveConstants): boolean {
  return a.p === b.p && a.a === b.a && a.b === b.b && a.n === b.n && a.gx === b.gx && a.gy === b.gy;
}

function checkConstants(curve: Curve): void {
  const { p, a, b, n } = curve;
  if (curve.bits < MIN_BITS || curve.bits > MAX_BITS) throw refuse(`prime of ${curve.bits} bits`);
  // Hasse: |p + 1 - n| <= 2 sqrt(p), which with n prime leaves n as the number of points.
  const trace = p + 1n - n;
  if (trace * trace > 4n * p) throw refuse('order is not that of the whole curve');
  if (n === p) throw refuse('curve is anomalous');
  if (a >= p || b >= p) throw refuse('coefficient is not below the prime');
  if ((4n * a * a * a + 27n * b * b) % p === 0n) throw refuse('curve is singular');
  if (!isOnCurve(curve, { x: curve.gx, y: curve.gy })) throw refuse('generator is off the curve');
  if (!isPrime(n)) throw refuse('order is not prime');
  if (!isPrime(p)) throw refuse('field is not prime');
  for (let power = p % n, degree = 1; degree < MIN_EMBEDDING_DEGREE; degree++) {
    if (power === 1n) throw refuse(`embedding degree is ${degree}`);
    power = (power * p) % n;
  }
  const base = weierstrassPoint(curve).BASE;
  if (!base.multiplyUnsafe(n - 1n).equals(base.negate())) throw refuse('order is wrong');
}

/**
 * Curve of explicit constants: the named one if they are equal to it, else a checked one called
 * `explicit`. Throws CRYPTO_DOMAIN when they are not those of a sound curve of prime order.
 */
export function explicitCurve(constants: CurveConstants): Curve {
  const named = NAMED_CURVES.find((curve) => sameConstants(curve, constants));
  if (named !== undefined) return named;
  const { p, a, b, n, gx, gy } = constants;
  const curve = curveOf('explicit', undefined, { p, a, b, n, gx, gy });
  checkConstants(curve);
  return curve;
}

/** Generator of an ECParameters; a compressed one needs a curve to stand on, so p must be prime first. */
function decodeGenerator(bytes: Uint8Array, p: bigint, a: bigint, b: bigint): Point {
  const length = Math.ceil(bitLength(p) / 8);
  if (bytes[0] === 4 && bytes.length === 1 + 2 * length) {
    return {
      x: bytesToBigInt(bytes.subarray(1, 1 + length)),
      y: bytesToBigInt(bytes.subarray(1 + length)),
    };
  }
  if ((bytes[0] !== 2 && bytes[0] !== 3) || bytes.length !== 1 + length) {
    throw refuse('encoding of the generator is unknown');
  }
  const x = bytesToBigInt(bytes.subarray(1));
  const named = NAMED_CURVES.find((curve) =>
    curve.p === p && curve.a === a && curve.b === b && curve.gx === x
  );
  if (named !== undefined) return decodePoint(named, bytes);
  if (p % 4n !== 3n) throw refuse('generator is compressed');
  const y = modPow((x * x + a) * x + b, (p + 1n) / 4n, p);
  return { x, y: (y & 1n) === BigInt(bytes[0] & 1) ? y : p - y };
}

function parseConstants(element: Tlv): CurveConstants {
  const parameters = fields(element, 'ECParameters');
  const version = smallInteger(parameters.required('version'));
  if (version < 1 || version > 3) throw refuse(`version ${version}`);
  const field = fields(parameters.required('fieldID'), 'FieldID');
  const fieldType = oid(field.required('fieldType'));
  if (fieldType !== PRIME_FIELD) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', `elliptic curve over field ${fieldType}`);
  }
  const p = unsigned(field.required('prime'));
  field.end();
  if (bitLength(p) < MIN_BITS || bitLength(p) > MAX_BITS) {
    throw refuse(`prime of ${bitLength(p)} bits`);
  }
  const curve = fields(parameters.required('curve'), 'Curve');
  const coefficient = (name: string): bigint => {
    const bytes = octetString(curve.required(name));
    if (bytes.length > Math.ceil(MAX_BITS / 8)) {
      throw refuse(`coefficient ${name} of ${bytes.length} bytes`);
    }
    return bytesToBigInt(bytes);
  };
  const a = coefficient('a');
  const b = coefficient('b');
  curve.optional(TAG.bitString);
  curve.end();
  const base = octetString(parameters.required('base'));
  const n = integer(parameters.required('order'));
  if (n <= 0n || bitLength(n) > MAX_BITS + 1) throw refuse('order is out of range');
  // Optional in X9.62, but 9303-12 asks for it with explicit parameters; all real certificates seen have it.
  const cofactor = parameters.optional(TAG.integer);
  if (cofactor === undefined || integer(cofactor) !== 1n) throw refuse('cofactor is not 1');
  parameters.end();
  const { x: gx, y: gy } = decodeGenerator(base, p, a, b);
  return { p, a, b, n, gx, gy };
}

/** Curves by SHA-256 of their DER, so that parameters are checked once; a few issuers cover a country. */
const checked = new Map<string, Curve>();
const MAX_CHECKED = 256;

/**
 * Curve of a DER ECParameters SEQUENCE. Throws CRYPTO_DOMAIN, CRYPTO_UNSUPPORTED (binary fields) and
 * the ASN.1 codes.
 */
export function parseEcParameters(element: Tlv): Curve {
  const key = toHex(digest('SHA-256', element.raw));
  const known = checked.get(key);
  if (known !== undefined) return known;
  const curve = explicitCurve(parseConstants(element));
  if (checked.size >= MAX_CHECKED) checked.delete(checked.keys().next().value as string);
  checked.set(key, curve);
  return curve;
}
