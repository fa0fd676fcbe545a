/** What the reader notes about a document besides its checks: nothing of it makes the rest unreadable. */
import type { Finding, FindingCode } from '../lds/mod.ts';

/** The findings of the parsers, and those of reading. */
export type ReaderFindingCode =
  | FindingCode
  | 'absent' // a file that EF.COM or EF.SOD lists is not on the chip
  | 'unreadable' // the chip refuses a file, ends it early or states more than the limit
  | 'unsigned' // EF.COM lists a group that EF.SOD has no hash of: it is not authentic
  | 'unlisted' // EF.SOD has a hash of a group that EF.COM does not list
  | 'unconfirmed' // EF.CardAccess, which is not signed, announces other protocols than DG14
  | 'fallback' // PACE is offered but was refused; BAC was used
  | 'reconnected'; // the chip lost the session and access was given again

export interface ReaderFinding extends Omit<Finding, 'code'> {
  code: ReaderFindingCode;
}
