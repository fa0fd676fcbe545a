/**
 * One token, logged in: finds its RSA key, opens with it what was encrypted for it, makes a new one (PKCS #11 3.1,
 * 5.5 to 5.18). What goes wrong is said with the name of the setting that it is about.
 */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { type Cryptoki, loadCryptoki } from './cryptoki.ts';
import { attempt, ignore, wrong } from './faults.ts';
import { findSlot, logIn, openSession } from './slot.ts';
import {
  type AttributeValue,
  CKA,
  CKK_RSA,
  CKM,
  CKO,
  type OaepHash,
  oaepMechanism,
  plainMechanism,
  Template,
} from './structures.ts';

export interface TokenSettings {
  /** Path of the module. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  /** Label of the key pair on it. */
  readonly key: string;
  readonly pin: string;
}

/** Of RSA: the most that is read of a modulus. */
const MAX_MODULUS_BYTES = 1024;
const MAX_EXPONENT_BYTES = 8;
/** BSI TR-02102-1 asks for 3000 bits and more. */
const NEW_KEY_BITS = 3072;
/** NIST SP 800-131A: less is not strong enough. */
const LEAST_BITS = 2048;
const ID_BYTES = 16;
/** Handles asked for: one, and a second to see that there is not another. */
const FEW = 2;

export class Token {
  readonly #call: Cryptoki;
  readonly #slot: bigint;
  /** Logged in, and with it all others of this program. */
  readonly #session: bigint;
  readonly #settings: TokenSettings;

  private constructor(call: Cryptoki, slot: bigint, session: bigint, settings: TokenSettings) {
    this.#call = call;
    this.#slot = slot;
    this.#session = session;
    this.#settings = settings;
  }

  /**
   * Does something with a token, and lets go of it.
   * @param write whether objects may be made
   * @throws ServerError CONFIG_INVALID naming the setting that is wrong
   */
  static use<T>(settings: TokenSettings, work: (token: Token) => T, write = false): T {
    const call = loadCryptoki(settings.module);
    if (typeof call === 'string') throw wrong('pkcs11_module', `${settings.module} ${call}`);
    attempt('pkcs11_module', settings.module, () => call('C_Initialize', null));
    try {
      const slot = attempt('pkcs11_token', settings.token, () => findSlot(call, settings.token));
      const session = attempt(
        'pkcs11_token',
        settings.token,
        () => openSession(call, slot, write),
      );
      logIn(call, session, settings.pin);
      return work(new Token(call, slot, session, settings));
    } finally {
      // ends the login and the session as well; what fails here changes nothing any more
      ignore(() => call('C_Finalize', null));
    }
  }

  /**
   * Opens what was encrypted for the key: RSA-OAEP with an empty label.
   * @throws ServerError CONFIG_INVALID
   */
  open(encrypted: Uint8Array, hash: OaepHash): Uint8Array {
    const key = this.#find(CKO.privateKey, 'private');
    return attempt('pkcs11_key', this.#settings.key, () => {
      // SoftHSM 2.6 does not end an operation that has failed, so it ends with a session of its own
      const session = openSession(this.#call, this.#slot);
      try {
        this.#call('C_DecryptInit', session, oaepMechanism(hash), key);
        const opened = new Uint8Array(encrypted.length);
        const length = BigUint64Array.of(BigInt(opened.length));
        this.#call('C_Decrypt', session, encrypted, encrypted.length, opened, length);
        if (length[0] > BigInt(opened.length)) throw new Error('a length that is none');
        return opened.subarray(0, Number(length[0]));
      } finally {
        ignore(() => this.#call('C_CloseSession', session));
      }
    });
  }

  /** The public half of the key. @throws ServerError CONFIG_INVALID */
  publicKey(): KeyObject {
    const { key: label } = this.#settings;
    const key = this.#find(CKO.publicKey, 'public');
    const [n, e] = attempt(
      'pkcs11_key',
      label,
      () =>
        this.#read(key, [[CKA.modulus, MAX_MODULUS_BYTES], [
          CKA.publicExponent,
          MAX_EXPONENT_BYTES,
        ]]),
    );
    let read: KeyObject;
    try {
      read = createPublicKey({ key: { kty: 'RSA', n: text(n), e: text(e) }, format: 'jwk' });
    } catch {
      throw wrong('pkcs11_key', `${label}: it is no RSA key`);
    }
    const { modulusLength: bits = 0 } = read.asymmetricKeyDetails ?? {};
    if (bits < LEAST_BITS) {
      throw wrong('pkcs11_key', `${label}: RSA of ${bits} bits, at least ${LEAST_BITS} are needed`);
    }
    return read;
  }

  /** Whether there is a key of the label. */
  get hasKey(): boolean {
    return this.#handles(CKO.privateKey).length > 0;
  }

  /** Makes the key, which never leaves the token. @throws ServerError CONFIG_INVALID */
  makeKey(): void {
    const { key: label } = this.#settings;
    const id = randomBytes(ID_BYTES);
    const shared = [[CKA.token, true], [CKA.label, label], [CKA.id, id]] as const;
    const publicHalf = new Template([
      ...shared,
      [CKA.encrypt, true],
      [CKA.modulusBits, NEW_KEY_BITS],
      [CKA.publicExponent, Uint8Array.of(1, 0, 1)],
    ]);
    const privateHalf = new Template([
      ...shared,
      [CKA.private, true],
      [CKA.sensitive, true],
      [CKA.extractable, false],
      [CKA.decrypt, true],
    ]);
    attempt('pkcs11_key', label, () =>
      this.#call(
        'C_GenerateKeyPair',
        this.#session,
        plainMechanism(CKM.rsaKeyPairGen),
        publicHalf.bytes,
        publicHalf.count,
        privateHalf.bytes,
        privateHalf.count,
        new BigUint64Array(1),
        new BigUint64Array(1),
      ));
  }

  #find(kind: number, half: string): bigint {
    const { key: label, token } = this.#settings;
    const handles = this.#handles(kind);
    if (handles.length === 1) return handles[0];
    const found = handles.length === 0
      ? `${token} has no ${half} RSA key of this label: "gatehouse keys token create" makes one`
      : `${token} has more than one ${half} RSA key of this label`;
    throw wrong('pkcs11_key', `${label}: ${found}`);
  }

  /** At most two. */
  #handles(kind: number): bigint[] {
    const { key: label } = this.#settings;
    return attempt('pkcs11_key', label, () => {
      const template = new Template([
        [CKA.class, kind],
        [CKA.keyType, CKK_RSA],
        [CKA.label, label],
      ]);
      this.#call('C_FindObjectsInit', this.#session, template.bytes, template.count);
      const found = new BigUint64Array(FEW), count = new BigUint64Array(1);
      try {
        this.#call('C_FindObjects', this.#session, found, FEW, count);
      } finally {
        ignore(() => this.#call('C_FindObjectsFinal', this.#session));
      }
      return [...found.subarray(0, Math.min(FEW, Number(count[0])))];
    });
  }

  /** Values of attributes, of at most so many bytes each. */
  #read(object: bigint, wanted: readonly (readonly [type: number, bytes: number])[]): Uint8Array[] {
    const room = wanted.map(([type, bytes]): [number, AttributeValue] => [
      type,
      new Uint8Array(bytes),
    ]);
    const template = new Template(room);
    this.#call('C_GetAttributeValue', this.#session, object, template.bytes, template.count);
    return wanted.map((_, i) => template.valueOf(i));
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
