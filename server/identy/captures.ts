/** Opens what SDKs send: the envelope with the keys of this installation, the capture inside it. */
import { type Capture, parseCapture } from './capture.ts';
import type { CaptureKeys } from './envelope/capture-keys.ts';
import { NonceCache } from './envelope/nonce-cache.ts';
import { MAX_AGE_MS, openEnvelope } from './envelope/open.ts';

export interface OpenedCapture extends Capture {
  /** Milliseconds since 1970 UTC, as the client packed it. */
  readonly packedAtMs: number;
}

export class Captures {
  readonly keys: CaptureKeys;
  /** Of captures that could be sent again. */
  readonly nonces: Pick<NonceCache, 'size' | 'capacity'>;
  readonly #nonces = new NonceCache(2 * MAX_AGE_MS);

  constructor(keys: CaptureKeys) {
    this.keys = keys;
    this.nonces = this.#nonces;
  }

  /** @throws EnvelopeError, CaptureError; ServerError BUSY */
  open(bytes: Uint8Array, nowMs: number): OpenedCapture {
    const { payload, packedAtMs } = openEnvelope(bytes, {
      keys: this.keys,
      nonces: this.#nonces,
      nowMs,
    });
    return { ...parseCapture(payload), packedAtMs };
  }
}
