/**
 * Transaction identifiers, IDENTY Web Server 6: `W-{modality}-{action}-{uid}-{timestamp}`. The
 * specification calls uid and timestamp numeric, its examples carry a UUID and epoch milliseconds;
 * the examples are what clients parse.
 */
export type RefidAction =
  | 'MATCH121'
  | 'process'
  | 'VERIFY'
  | 'GENERATE'
  | 'antispoof'
  | 'REQUEST';

export function newRefid(action: RefidAction, nowMs: number = Date.now()): string {
  return `W-face-${action}-${crypto.randomUUID()}-${nowMs}`;
}
