/**
 * Modular arithmetic on big numbers. Primality uses random bases, so that who sends bad parameters cannot
 * fit them to the test. Powers are not constant-time: their secret exponents serve for one session only.
 */
import { checkPrimeSync } from 'node:crypto';

/**
 * Miller-Rabin rounds with random bases: a composite passes with a chance below 2^-64. For long numbers the
 * fewest that the runtime makes, 2^-32: an attacker needs a session with a terminal for each attempt.
 */
const ROUNDS = 32;
const ROUNDS_LONG = 16;
const LONG = 1n << 1024n;

/** Whether a number is prime, but for the chance above. About 3 ms at 521 bits, 45 ms at 2048. */
export function isPrime(candidate: bigint): boolean {
  if (candidate < 2n) return false;
  return checkPrimeSync(candidate, { checks: candidate < LONG ? ROUNDS : ROUNDS_LONG });
}

/** base^exponent mod modulus with a fixed window of four bits; the exponent must not be negative. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers: bigint[] = [1n % modulus];
  const reduced = ((base % modulus) + modulus) % modulus;
  for (let i = 1; i < 16; i++) powers.push((powers[i - 1] * reduced) % modulus);
  let result = powers[0];
  for (const digit of exponent.toString(16)) {
    result = (result * result) % modulus;
    result = (result * result) % modulus;
    result = (result * result) % modulus;
    result = (result * result) % modulus;
    result = (result * powers[parseInt(digit, 16)]) % modulus;
  }
  return result;
}

/** Inverse modulo a prime; 0 has none and gives 0. */
export function modInverse(value: bigint, prime: bigint): bigint {
  let [r0, r1] = [prime, ((value % prime) + prime) % prime];
  let [t0, t1] = [0n, 1n];
  while (r1 > 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return r0 === 1n ? ((t0 % prime) + prime) % prime : 0n;
}
