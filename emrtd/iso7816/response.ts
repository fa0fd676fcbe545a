/** Response APDUs (ISO/IEC 7816-4 5.3): answer data followed by the status word SW1 SW2. */
import { EmrtdError } from '../errors.ts';
import { EXTENDED_LE } from './command.ts';

/** One answer. `data` may be empty; `sw` is SW1 * 256 + SW2. */
export interface ResponseApdu {
  data: Uint8Array;
  sw: number;
}

/**
 * Splits the bytes of an answer. Throws RESPONSE_MALFORMED when there is no status word, when SW1 is
 * not 6x or 9x, or when there are more than 65536 data bytes.
 */
export function parseResponse(bytes: Uint8Array): ResponseApdu {
  if (bytes.length < 2) {
    throw new EmrtdError('RESPONSE_MALFORMED', 'answer is too short for a status word');
  }
  if (bytes.length > EXTENDED_LE + 2) {
    throw new EmrtdError('RESPONSE_MALFORMED', `answer of ${bytes.length} bytes is too long`);
  }
  const end = bytes.length - 2;
  const sw = bytes[end] * 256 + bytes[end + 1];
  const kind = sw >> 12;
  if ((kind !== 0x6 && kind !== 0x9) || sw >> 8 === 0x60) {
    throw new EmrtdError('RESPONSE_MALFORMED', 'answer does not end with a status word');
  }
  return { data: bytes.subarray(0, end), sw };
}
