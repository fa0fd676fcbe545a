/** What the chip remembers between two commands. */
import type { Random } from '../types.ts';
import type { ChipReply } from './apdu.ts';
import type { ChipAuthenticationKey } from './chip-authentication.ts';
import type { ChipDocument } from './document.ts';
import type { Faults } from './fault.ts';
import type { ChipFile } from './file.ts';
import type { PaceRun } from './pace.ts';
import type { ChipChannel } from './secure-channel.ts';

export interface ChipState {
  readonly document: ChipDocument;
  readonly random: Random;
  readonly faults: Faults;
  /** Secure messaging, when it is established. */
  channel?: ChipChannel;
  /** How it was established first. */
  access?: 'bac' | 'pace';
  application: 'master' | 'emrtd';
  file?: ChipFile;
  /** Challenge given for basic access control, good once. */
  challenge?: Uint8Array;
  pace?: PaceRun;
  /** Key chosen by MSE:Set AT for chip authentication. */
  agreement?: ChipAuthenticationKey;
}

/** A reply, and the channel that replaces the present one after it. */
export interface Outcome {
  reply: ChipReply;
  channel?: ChipChannel;
}

/** True when the chip has access control and nobody has passed it. */
export function locked(state: ChipState): boolean {
  const { bac, pace } = state.document;
  return (bac || pace.length > 0) && state.access === undefined;
}
