/** Envelopes that are sealed as they should be but for one thing; `seal.ts` of the Face SDK makes none of these. */
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { SealKey } from '../../server/web/face-sdk/seal.ts';
import type { Bytes } from './case.ts';

const HEAD_BYTES = 48;
const BLOCK_BYTES = 16;

export interface Lies {
  readonly version?: number;
  readonly suite?: number;
  /** Milliseconds since 1970 UTC; default now. */
  readonly packedAtMs?: bigint;
  readonly keyId?: Uint8Array;
  /** In the place of the two wrapped keys. */
  readonly wrapped?: Uint8Array;
  /** How long the wrapped keys are said to be. */
  readonly wrappedBytes?: number;
  /** How many secret bytes are wrapped; default 64. */
  readonly secretBytes?: number;
  /** No padding: the payload must be whole blocks, and the last byte says nothing sensible. */
  readonly unpadded?: boolean;
}

export function sealWith(payload: Uint8Array, key: SealKey, lies: Lies): Bytes {
  const secrets = randomBytes(Math.max(64, lies.secretBytes ?? 0)), iv = randomBytes(BLOCK_BYTES);
  const publicKey = createPublicKey({
    key: Buffer.from(key.spki, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const wrapped = lies.wrapped ?? publicEncrypt({
    key: publicKey,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: 'sha256',
  }, secrets.subarray(0, lies.secretBytes ?? 64));
  const cipher = createCipheriv('aes-256-cbc', secrets.subarray(0, 32), iv);
  cipher.setAutoPadding(lies.unpadded !== true);
  const head = Buffer.alloc(HEAD_BYTES);
  head.write('GHCE');
  head.writeUInt8(lies.version ?? 1, 4);
  head.writeUInt8(lies.suite ?? 1, 5);
  head.writeBigUInt64BE(lies.packedAtMs ?? BigInt(Date.now()), 6);
  randomBytes(16).copy(head, 14);
  head.set(lies.keyId ?? Buffer.from(key.kid, 'hex'), 30);
  head.writeUInt16BE(lies.wrappedBytes ?? wrapped.length, 46);
  const body = Buffer.concat([head, wrapped, iv, cipher.update(payload), cipher.final()]);
  const mac = createHmac('sha256', secrets.subarray(32, 64)).update(body).digest();
  return new Uint8Array(Buffer.concat([body, mac]));
}
