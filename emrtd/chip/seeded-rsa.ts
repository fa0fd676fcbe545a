/** Repeatable RSA keys (FIPS 186-4 B.3.3 without its bounds on p - q, which chance meets). For tests only. */
import {
  bitLength,
  bytesToBigInt,
  isPrime,
  modInverse,
  type RsaPrivateKey,
} from '../crypto/mod.ts';
import type { Random } from '../types.ts';

const EXPONENT = 65537n;

/** Primes that sieve candidates before the costly test. */
const SMALL_PRIMES = smallPrimes(2000);

function smallPrimes(limit: number): number[] {
  const primes: number[] = [];
  for (let n = 3; n < limit; n += 2) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}

/** A key of exactly `bits` bits, a multiple of 16, drawn from `random`. About 0.1 s for 2048 bits. */
export function seededRsaKey(bits: number, random: Random): RsaPrivateKey {
  while (true) {
    const p = prime(bits / 2, random);
    const q = prime(bits / 2, random);
    const n = p * q;
    if (p === q || bitLength(n) !== bits) continue;
    const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
    return {
      n,
      e: EXPONENT,
      d,
      p,
      q,
      dp: d % (p - 1n),
      dq: d % (q - 1n),
      qi: modInverse(q, p),
    };
  }
}

/** A prime with its two highest bits set, so that a product of two has full length. */
function prime(bits: number, random: Random): bigint {
  while (true) {
    const bytes = random(bits / 8);
    bytes[0] |= 0xc0;
    bytes[bytes.length - 1] |= 0x01;
    const start = bytesToBigInt(bytes);
    const residues = SMALL_PRIMES.map((small) => Number(start % BigInt(small)));
    for (let step = 0; step < 2000; step += 2) {
      if (SMALL_PRIMES.some((small, i) => (residues[i] + step) % small === 0)) continue;
      const candidate = start + BigInt(step);
      if ((candidate - 1n) % EXPONENT !== 0n && isPrime(candidate)) return candidate;
    }
  }
}

/** Inverse of a number modulo one that need not be prime, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, value % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 > 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}
