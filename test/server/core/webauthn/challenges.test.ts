/** A challenge is good for its purpose, its time and one answer. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { NonceCache } from '../../../../server/core/replay/nonce-cache.ts';
import { CHALLENGE_MS, Challenges } from '../../../../server/core/webauthn/challenges.ts';

const NOW = 1_800_000_000_000;

test('is taken once', async () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('sign-in', NOW);
  expect(challenge).toMatch(/^[\w-]{86}$/);
  expect(challenges.holds('sign-in', challenge, NOW + 1)).toBe(true);
  expect(await challenges.spend('sign-in', challenge, NOW + 1)).toBe(true);
  expect(await challenges.spend('sign-in', challenge, NOW + 1)).toBe(false);
});

test('ends after two minutes', async () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('sign-in', NOW);
  expect(challenges.holds('sign-in', challenge, NOW + CHALLENGE_MS - 1)).toBe(true);
  expect(await challenges.spend('sign-in', challenge, NOW + CHALLENGE_MS)).toBe(false);
});

test('is for its purpose and of its server alone', async () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('add 1', NOW);
  expect(await challenges.spend('add 2', challenge, NOW)).toBe(false);
  expect(await challenges.spend('add 1', new Challenges().issue('add 1', NOW), NOW)).toBe(false);
  expect(await challenges.spend('add 1', challenge, NOW)).toBe(true);
});

test('of one node is taken by another with the same key and memory, by one of them', async () => {
  const key = crypto.getRandomValues(new Uint8Array(32)), spent = new NonceCache(CHALLENGE_MS);
  const [here, there] = [new Challenges(key, spent), new Challenges(key, spent)];
  const challenge = here.issue('sign-in', NOW);
  expect(await there.spend('sign-in', challenge, NOW)).toBe(true);
  expect(await here.spend('sign-in', challenge, NOW)).toBe(false);
});

test('is remembered for as long as it is good', async () => {
  const spent = new NonceCache(CHALLENGE_MS);
  const challenges = new Challenges(undefined, spent);
  const first = challenges.issue('x', NOW);
  expect(await challenges.spend('x', first, NOW)).toBe(true);
  expect(await challenges.spend('x', first, NOW + CHALLENGE_MS - 1)).toBe(false);
  expect(spent.size).toBe(1);
  const later = NOW + CHALLENGE_MS;
  expect(await challenges.spend('x', challenges.issue('x', later), later)).toBe(true);
  expect(spent.size).toBe(1);
});

test('in any other writing is none', async () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('x', NOW);
  for (const text of ['', `${challenge}=`, `${challenge} `, challenge.slice(1), `A${challenge}`]) {
    expect(challenges.holds('x', text, NOW)).toBe(false);
  }
  // the last letter has bits that the decoder drops
  const last = challenge.at(-1) === 'A' ? 'B' : 'A';
  expect(challenges.holds('x', challenge.slice(0, -1) + last, NOW)).toBe(false);
  fc.assert(
    fc.property(fc.string(), (text) => expect(challenges.holds('x', text, NOW)).toBe(false)),
  );
});
