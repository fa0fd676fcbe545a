/** Registration and sign-in: what is taken, and each thing that is refused with its reason. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readAssertion } from '../../../../server/core/webauthn/assertion.ts';
import { parseAuthenticatorData } from '../../../../server/core/webauthn/authenticator-data.ts';
import { readClientData } from '../../../../server/core/webauthn/client-data.ts';
import { type PasskeyReason, PasskeyRefusal } from '../../../../server/core/webauthn/refusal.ts';
import { readRegistration } from '../../../../server/core/webauthn/registration.ts';
import { Authenticator, FLAG, type Saying } from '../../support/authenticator.ts';

const ORIGIN = 'https://gate.example:8443';
const PARTY = { origin: ORIGIN, id: 'gate.example' };
const CHALLENGE = 'the-challenge';
const isOurs = (challenge: string) => challenge === CHALLENGE;

function reasonOf(work: () => unknown): PasskeyReason | 'taken' {
  try {
    work();
    return 'taken';
  } catch (error) {
    if (error instanceof PasskeyRefusal) return error.reason;
    throw error;
  }
}

/** What both ceremonies refuse alike. */
const WRONG: readonly (readonly [PasskeyReason, Saying, string?])[] = [
  ['type', { type: 'payment.get' }],
  ['origin', { origin: 'https://gate.example' }],
  ['origin', { origin: 'http://gate.example:8443' }],
  ['origin', { origin: 'https://evil.gate.example:8443' }],
  ['origin', { origin: 'https://gate.example:8443/' }],
  ['framed', { more: { crossOrigin: true } }],
  ['framed', { more: { topOrigin: ORIGIN } }],
  ['rp-id', { rpId: 'example' }],
  ['malformed', { more: { origin: 7 } }],
  ['challenge', {}, 'another'],
];

describe('a registration', () => {
  test.each([-7, -8, -257] as const)('gives what is kept, with algorithm %d', (algorithm) => {
    const key = new Authenticator(ORIGIN, algorithm);
    const flags = FLAG.UP | FLAG.UV | FLAG.AT | FLAG.BE;
    const credential = readRegistration(
      key.register(CHALLENGE, { flags, counter: 7 }),
      PARTY,
      isOurs,
    );
    expect({ ...credential, id: Buffer.from(credential.id) }).toEqual({
      id: Buffer.from(key.id),
      algorithm,
      publicKey: key.publicKey,
      counter: 7,
      backupEligible: true,
      backedUp: false,
    });
  });

  const more: typeof WRONG = [
    ['type', { type: 'webauthn.get' }],
    ['user-presence', { flags: FLAG.UV | FLAG.AT }],
    ['user-verification', { flags: FLAG.UP | FLAG.AT }],
    ['backup', { flags: FLAG.UP | FLAG.UV | FLAG.AT | FLAG.BS }],
    ['malformed', { flags: FLAG.UP | FLAG.UV }],
  ];
  test.each([...WRONG, ...more])(
    'is refused for %s: %j',
    (reason, saying, challenge = CHALLENGE) => {
      const key = new Authenticator(ORIGIN);
      expect(reasonOf(() => readRegistration(key.register(challenge, saying), PARTY, isOurs))).toBe(
        reason,
      );
    },
  );

  test('is refused for a key of another kind than it says, and for none', () => {
    const key = new Authenticator(ORIGIN);
    const response = key.register(CHALLENGE);
    for (
      const wrong of [
        { algorithm: -8 },
        { algorithm: -257 },
        { algorithm: -35 },
        { publicKey: key.publicKey.slice(0, -1) },
        { publicKey: new Uint8Array(0) },
        { publicKey: new Uint8Array(2000) },
      ]
    ) {
      expect(reasonOf(() => readRegistration({ ...response, ...wrong }, PARTY, isOurs))).toBe(
        'key',
      );
    }
  });

  test('that is refused uses no challenge up', () => {
    const key = new Authenticator(ORIGIN);
    const asked: string[] = [];
    const response = key.register(CHALLENGE, { flags: FLAG.UP | FLAG.AT });
    reasonOf(() => readRegistration(response, PARTY, (challenge) => asked.push(challenge) > 0));
    expect(asked).toEqual([]);
  });
});

describe('a sign-in', () => {
  const registered = (algorithm: -7 | -8 | -257 = -7, saying: Saying = {}) => {
    const key = new Authenticator(ORIGIN, algorithm);
    return { key, credential: readRegistration(key.register(CHALLENGE, saying), PARTY, isOurs) };
  };

  test.each([-7, -8, -257] as const)('is taken with algorithm %d', (algorithm) => {
    const { key, credential } = registered(algorithm);
    const response = key.assert(CHALLENGE, { counter: 9 });
    expect(readAssertion(response, credential, PARTY, isOurs)).toEqual({
      counter: 9,
      backedUp: false,
    });
    const other = new Authenticator(ORIGIN, algorithm).assert(CHALLENGE);
    expect(reasonOf(() => readAssertion(other, credential, PARTY, isOurs))).toBe('signature');
  });

  const more: typeof WRONG = [
    ['type', { type: 'webauthn.create' }],
    ['user-presence', { flags: FLAG.UV }],
    ['user-verification', { flags: FLAG.UP }],
    ['backup', { flags: FLAG.UP | FLAG.UV | FLAG.BS }],
    // what may be copied is settled when the credential is made
    ['backup', { flags: FLAG.UP | FLAG.UV | FLAG.BE }],
  ];
  test.each([...WRONG, ...more])(
    'is refused for %s: %j',
    (reason, saying, challenge = CHALLENGE) => {
      const { key, credential } = registered();
      const response = key.assert(challenge, saying);
      expect(reasonOf(() => readAssertion(response, credential, PARTY, isOurs))).toBe(reason);
    },
  );

  test.each([
    [0, 0, 'taken'],
    [0, 1, 'taken'],
    [5, 6, 'taken'],
    [5, 5, 'counter'],
    [5, 4, 'counter'],
    [5, 0, 'counter'],
  ])('after counter %d with %d is %s', (before, counter, outcome) => {
    const { key, credential } = registered(-7, { counter: before });
    const response = key.assert(CHALLENGE, { counter });
    expect(reasonOf(() => readAssertion(response, credential, PARTY, isOurs))).toBe(
      outcome as PasskeyReason,
    );
  });

  test('with a byte changed anywhere is refused', () => {
    const { key, credential } = registered();
    const response = key.assert(CHALLENGE, { counter: 3 });
    const parts = ['clientData', 'authenticatorData', 'signature'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...parts),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (part, at, change) => {
          const bytes = Uint8Array.from(response[part]);
          bytes[at % bytes.length] ^= change;
          const changed = { ...response, [part]: bytes };
          expect(reasonOf(() => readAssertion(changed, credential, PARTY, isOurs))).not.toBe(
            'taken',
          );
        },
      ),
    );
  });
});

describe('bytes of strangers', () => {
  const onlyRefused = (work: () => unknown) => expect(() => reasonOf(work)).not.toThrow();

  test('are authenticator data or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        onlyRefused(() => parseAuthenticatorData(bytes));
      }),
    );
  });

  test('that claim a longer identifier than there is are refused', () => {
    const head = Buffer.concat([Buffer.alloc(32), Buffer.from([0x45, 0, 0, 0, 0])]);
    fc.assert(
      fc.property(fc.nat(0xffff), fc.uint8Array({ maxLength: 1100 }), (length, rest) => {
        const bytes = Buffer.concat([
          head,
          Buffer.alloc(16),
          Buffer.from([length >> 8, length & 255]),
          rest,
        ]);
        const fits = length > 0 && length <= 1023 && length < rest.length;
        expect(reasonOf(() => parseAuthenticatorData(bytes))).toBe(fits ? 'taken' : 'malformed');
        if (fits) {
          expect(parseAuthenticatorData(bytes).credentialId).toEqual(rest.slice(0, length));
        }
      }),
    );
  });

  test('behind the head need a flag that announces them', () => {
    const bytes = new Uint8Array(38);
    for (const [flags, outcome] of [[0x05, 'malformed'], [0x85, 'taken'], [0x45, 'malformed']]) {
      bytes[32] = Number(flags);
      expect(reasonOf(() => parseAuthenticatorData(bytes))).toBe(outcome as PasskeyReason);
    }
  });

  test('are client data or refused, whatever they are', () => {
    const read = (bytes: Uint8Array) => () => readClientData(bytes, 'webauthn.get', ORIGIN);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => onlyRefused(read(bytes))));
    fc.assert(
      fc.property(fc.json(), (text) => onlyRefused(read(new TextEncoder().encode(text)))),
    );
    expect(reasonOf(read(new Uint8Array(5000).fill(0x20)))).toBe('malformed');
  });
});
