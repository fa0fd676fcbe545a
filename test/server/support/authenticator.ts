/** An authenticator in software, with a browser around it that says what the test wants it to. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AssertionResponse } from '../../../server/core/webauthn/assertion.ts';
import type { RegistrationResponse } from '../../../server/core/webauthn/registration.ts';

export const FLAG = { UP: 1, UV: 4, BE: 8, BS: 16, AT: 64, ED: 128 } as const;

const KEYS = {
  [-7]: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  [-8]: () => generateKeyPairSync('ed25519'),
  [-257]: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

export interface Saying {
  readonly type?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly counter?: number;
  /** More members of the client data. */
  readonly more?: object;
}

export class Authenticator {
  readonly id: Uint8Array = randomBytes(32);
  readonly algorithm: number;
  readonly origin: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(origin: string, algorithm: keyof typeof KEYS = -7) {
    this.origin = origin;
    this.algorithm = algorithm;
    const { privateKey, publicKey } = KEYS[algorithm]();
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  get publicKey(): Uint8Array {
    return this.#publicKey.export({ format: 'der', type: 'spki' });
  }

  register(challenge: string, saying: Saying = {}): RegistrationResponse {
    const flags = saying.flags ?? FLAG.UP | FLAG.UV | FLAG.AT;
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    // what stands for the COSE key is not read
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, Buffer.from([0xa0])]);
    return {
      clientData: this.#clientData('webauthn.create', challenge, saying),
      authenticatorData: Buffer.concat([
        this.#head(flags, saying),
        ...(flags & FLAG.AT ? [attested] : []),
      ]),
      publicKey: this.publicKey,
      algorithm: this.algorithm,
    };
  }

  assert(challenge: string, saying: Saying = {}): AssertionResponse {
    const clientData = this.#clientData('webauthn.get', challenge, saying);
    const authenticatorData = this.#head(saying.flags ?? FLAG.UP | FLAG.UV, saying);
    const signed = Buffer.concat([
      authenticatorData,
      createHash('sha256').update(clientData).digest(),
    ]);
    const hash = this.algorithm === -8 ? null : 'sha256';
    return { clientData, authenticatorData, signature: sign(hash, signed, this.#privateKey) };
  }

  #head(flags: number, { rpId, counter = 0 }: Saying): Uint8Array {
    const id = rpId ?? new URL(this.origin).hostname;
    const rest = Buffer.alloc(5);
    rest[0] = flags;
    rest.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(id).digest(), rest]);
  }

  #clientData(type: string, challenge: string, saying: Saying): Uint8Array {
    const data = {
      type: saying.type ?? type,
      challenge,
      origin: saying.origin ?? this.origin,
      crossOrigin: false,
      ...saying.more,
    };
    return new TextEncoder().encode(JSON.stringify(data));
  }
}
