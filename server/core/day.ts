/** The day that settings and reports count in. */
export const DAY_MS = 86_400_000;
