/** When specimen documents are issued. */

export const DAY_MS = 86_400_000;

/** Midnight UTC 30 days before `at`: a document neither new nor about to expire. */
export function usualIssueDay(at: Date): Date {
  return new Date((Math.floor(at.getTime() / DAY_MS) - 30) * DAY_MS);
}
