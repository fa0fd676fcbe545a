/** What a caller passes to the reader: the line to the chip, what to trust, and how much a chip may cost. */
import type { AccessPassword } from '../access/mod.ts';
import type { FileAccess, SessionLimits } from '../iso7816/mod.ts';
import type { TrustStore } from '../pki/mod.ts';
import type { Clock, Random, Transceiver } from '../types.ts';
import type { ReadEvent } from './steps.ts';

export interface ReaderLimits extends SessionLimits {
  /** Time for one step, in milliseconds. */
  stepTimeoutMs: number;
  /** How often access may be given again after the chip lost the session. */
  maxReconnects: number;
}

export interface ReadOptions {
  transceiver: Transceiver;
  /** Password: `mrzPassword`, `canPassword`. */
  password: AccessPassword;
  trust: TrustStore;
  clock: Clock;
  random: Random;
  onEvent?: (event: ReadEvent) => void;
  limits?: Partial<ReaderLimits>;
  /** Ends the reading with CANCELLED. */
  signal?: AbortSignal;
  /** Data groups wanted of those announced. Default 1, 2, 7, 11, 12. DG14 and DG15 are always read. */
  groups?: readonly number[];
  /** Leaves out DG2, DG5, DG6 and DG7. */
  skipImages?: boolean;
  /** Whether the line to the chip takes extended length. Default no. */
  extendedLength?: boolean;
  /** Longest command and response APDU where known; without the second EF.ATR/INFO is asked. */
  maxCommandBytes?: number;
  maxResponseBytes?: number;
  /** How files are selected. Default `select`. */
  fileAccess?: FileAccess;
  /** `required`: a signer whose chain has no usable CRL is not trusted. */
  revocation?: 'required' | 'when-available';
}

/** A portrait of 60 KB takes some 20 s over a slow line in blocks of 160 bytes. */
export const DEFAULT_STEP_TIMEOUT_MS = 60_000;
export const DEFAULT_MAX_RECONNECTS = 4;
