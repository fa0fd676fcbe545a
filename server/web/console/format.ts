/** Numbers and times as the console writes them. Times are in UTC. */
import { strings } from './strings.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

/** Three digits are enough to see a change. */
export function rate(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? whole.format(value) : value.toFixed(value >= 10 ? 1 : 2);
}

export function share(value: number): string {
  return `${Number((100 * value).toPrecision(3))}\u00a0%`;
}

/** `12 ms`, `1.25 s`, or a dash. */
export function duration(ms: number | null): string {
  if (ms === null) return strings.none;
  return ms < 1000 ? `${rate(ms)}\u00a0ms` : `${(ms / 1000).toFixed(2)}\u00a0s`;
}

/** `2026-11-01` */
export function day(iso: string): string {
  return iso.slice(0, 10);
}

/** `12:03:05` */
export function clock(iso: string): string {
  return iso.slice(11, 19);
}

export function moment(iso: string): string {
  return `${day(iso)} ${clock(iso)} UTC`;
}

const regions = new Intl.DisplayNames(['en'], { type: 'region' });

/** Name of a state by its two letters; the letters where they stand for none. */
export function countryName(code: string): string {
  if (code === '') return strings.noCountry;
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}
