/**
 * Dates of the machine readable zone (ICAO 9303-3 4.8): yyMMdd with the century left open, because
 * the zone does not state it. Unknown parts of a date of birth are fillers.
 */

export interface MrzDate {
  /** The six characters as they stand. */
  text: string;
  /** 0 to 99, or null when unknown. */
  yearOfCentury: number | null;
  /** 1 to 12, or null when unknown. */
  month: number | null;
  /** 1 to 31, or null when unknown. */
  day: number | null;
  /** False when a part is neither a filler nor a number in range, or the day is beyond the month. */
  valid: boolean;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function part(text: string): number | null | undefined {
  if (text === '<<') return null;
  return /^\d\d$/.test(text) ? Number(text) : undefined;
}

/** Reads six characters; never throws, an impossible date comes back with `valid` false. */
export function mrzDate(text: string): MrzDate {
  const year = part(text.slice(0, 2));
  const month = part(text.slice(2, 4));
  const day = part(text.slice(4, 6));
  const monthGood = month === null || (month !== undefined && month >= 1 && month <= 12);
  const limit = typeof month === 'number' && monthGood ? DAYS[month - 1] : 31;
  const dayGood = day === null || (day !== undefined && day >= 1 && day <= limit);
  return {
    text,
    yearOfCentury: year ?? null,
    month: monthGood ? month ?? null : null,
    day: dayGood ? day ?? null : null,
    valid: year !== undefined && monthGood && dayGood,
  };
}
