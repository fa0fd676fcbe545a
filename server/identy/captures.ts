/** Opens what SDKs send: the envelope with the keys of this installation, the capture inside it. */
import type { ReplayGuard } from '../core/replay/replay-guard.ts';
import { type Capture, parseCapture } from './capture.ts';
import type { CaptureKeys } from './envelope/capture-keys.ts';
import { NonceCache } from '../core/replay/nonce-cache.ts';
import { MAX_AGE_MS, openEnvelope } from './envelope/open.ts';

export interface OpenedCapture extends Capture {
  /** Milliseconds since 1970 UTC, as the client packed it. */
  readonly packedAtMs: number;
}

export class Captures {
  readonly keys: CaptureKeys;
  /** Of captures that could be sent again. */
  readonly nonces: ReplayGuard;

  /** @param nonces default such as end with the process */
  constructor(keys: CaptureKeys, nonces: ReplayGuard = new NonceCache(2 * MAX_AGE_MS)) {
    this.keys = keys;
    this.nonces = nonces;
  }

  /** @throws EnvelopeError, CaptureError; ServerError BUSY, STORAGE_FAILED */
  async open(bytes: Uint8Array, nowMs: number): Promise<OpenedCapture> {
    const { keys, nonces } = this;
    const { payload, packedAtMs } = await openEnvelope(bytes, { keys, nonces, nowMs });
    return { ...parseCapture(payload), packedAtMs };
  }
}
