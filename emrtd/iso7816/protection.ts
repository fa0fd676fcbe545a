/** What a session asks of secure messaging (9303-11 9.8), so that APDU handling need not know ciphers. */
import type { CommandApdu } from './command.ts';
import type { ResponseApdu } from './response.ts';

export interface Protection {
  /** The protected command; each call moves the send sequence counter. */
  wrap(command: CommandApdu, options: { extended: boolean }): CommandApdu;
  /**
   * The plain answer. Throws SM_PLAIN for an unprotected answer and SM_FAILED for one that is not
   * authentic; both end the channel.
   */
  unwrap(response: ResponseApdu): ResponseApdu;
  /** Most plain answer bytes whose protected form fits into `bytes`. */
  maxAnswerData(bytes: number): number;
  /** Most plain command data whose protected form fits into `bytes` of command data. */
  maxCommandData(bytes: number): number;
}
