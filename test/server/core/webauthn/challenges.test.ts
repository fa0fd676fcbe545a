/** A challenge is good for its purpose, its time and one answer. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { CHALLENGE_MS, Challenges } from '../../../../server/core/webauthn/challenges.ts';

const NOW = 1_800_000_000_000;

test('is taken once', () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('sign-in', NOW);
  expect(challenge).toMatch(/^[\w-]{86}$/);
  expect(challenges.holds('sign-in', challenge, NOW + 1)).toBe(true);
  expect(challenges.spend('sign-in', challenge, NOW + 1)).toBe(true);
  expect(challenges.spend('sign-in', challenge, NOW + 1)).toBe(false);
  expect(challenges.holds('sign-in', challenge, NOW + 1)).toBe(false);
});

test('ends after two minutes', () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('sign-in', NOW);
  expect(challenges.holds('sign-in', challenge, NOW + CHALLENGE_MS - 1)).toBe(true);
  expect(challenges.spend('sign-in', challenge, NOW + CHALLENGE_MS)).toBe(false);
});

test('is for its purpose and of its server alone', () => {
  const challenges = new Challenges();
  const challenge = challenges.issue('add 1', NOW);
  expect(challenges.spend('add 2', challenge, NOW)).toBe(false);
  expect(challenges.spend('add 1', new Challenges().issue('add 1', NOW), NOW)).toBe(false);
  expect(challenges.spend('add 1', challenge, NOW)).toBe(true);
});

test('is not remembered longer than it is good for', () => {
  const challenges = new Challenges();
  const [first, second] = [challenges.issue('x', NOW), challenges.issue('x', NOW)];
  challenges.spend('x', first, NOW);
  // forgotten, and too old by then
  challenges.spend('x', challenges.issue('x', NOW + CHALLENGE_MS), NOW + CHALLENGE_MS);
  expect(challenges.holds('x', first, NOW + CHALLENGE_MS)).toBe(false);
  expect(challenges.holds('x', second, NOW + CHALLENGE_MS)).toBe(false);
});

test('in any other writing is none', () => {
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
