/** Where a licence stands at a moment: what its time, its volume and the clock of this machine make of it. */
import { DAY_MS } from '../day.ts';
import type { Licence, Volume } from './format.ts';

/**
 * How far a clock may step back before that is taken for a rollback. ntpd corrects by itself up to 1000 s
 * (its panic threshold), so smaller steps are nothing an operator has done.
 */
export const CLOCK_TOLERANCE_MS = 1_000_000;

export const STATUSES = [
  /** There is no licence: this machine only, for trying it out. */
  'evaluation',
  'valid',
  /** Its time has ended; the server answers until the days of grace have. */
  'grace',
  /** Its volume is used up, and further transactions are answered and counted. */
  'overage',
  'not-yet-valid',
  'expired',
  /** Its volume is used up, and further transactions are refused. */
  'volume-spent',
  /** The clock is behind a time that the ledger has seen under this licence, or behind its issue. */
  'clock-rolled-back',
] as const;
export type LicenceStatus = typeof STATUSES[number];

export interface Standing {
  readonly status: LicenceStatus;
  /** Whether requests are answered. */
  readonly answers: boolean;
  /** In one sentence; it may be shown to clients. */
  readonly reason: string;
  /** When a status that time ends has its end, milliseconds since 1970. */
  readonly untilMs?: number;
}

/** What the ledger knows of a licence. */
export interface Usage {
  /** The latest time recorded under it; 0 for none. */
  readonly highestMs: number;
  /** Transactions of the current period. */
  readonly used: number;
}

export function standingOf(
  licence: Licence | undefined,
  nowMs: number,
  { highestMs, used }: Usage,
): Standing {
  if (licence === undefined) {
    return { status: 'evaluation', answers: true, reason: 'there is no licence' };
  }
  const [issuedMs, beginMs, endMs] = [licence.iat, licence.nbf, licence.exp].map((s) => s * 1000);
  const graceEndMs = endMs + licence.grace_days * DAY_MS;
  const knownMs = Math.max(highestMs, issuedMs);
  if (nowMs < knownMs - CLOCK_TOLERANCE_MS) {
    return refused('clock-rolled-back', 'the clock was set back', knownMs - CLOCK_TOLERANCE_MS);
  }
  if (nowMs < beginMs) return refused('not-yet-valid', 'the licence is not valid yet', beginMs);
  if (nowMs >= graceEndMs) return refused('expired', 'the licence has expired');
  const spent = isSpent(licence.volume, used);
  if (spent && licence.volume?.overage === 'refuse') {
    return refused('volume-spent', 'the licensed volume is used up');
  }
  if (nowMs >= endMs) {
    const reason = 'the licence has expired and is in its days of grace';
    return { status: 'grace', answers: true, reason, untilMs: graceEndMs };
  }
  if (spent) {
    return { status: 'overage', answers: true, reason: 'the licensed volume is exceeded' };
  }
  return { status: 'valid', answers: true, reason: 'the licence is valid', untilMs: endMs };
}

/** Whether a volume has nothing left after so many transactions. */
export function isSpent(volume: Volume | undefined, used: number): boolean {
  return volume !== undefined && used >= volume.transactions;
}

function refused(status: LicenceStatus, reason: string, untilMs?: number): Standing {
  return { status, answers: false, reason, ...(untilMs !== undefined && { untilMs }) };
}

/** The period of UTC that a transaction is counted in: `2026-11`, `2026`, or `-` for the whole licence. */
export function periodOf(volume: Volume | undefined, timeMs: number): string {
  const per = volume?.per ?? 'licence';
  if (per === 'licence') return '-';
  return new Date(timeMs).toISOString().slice(0, per === 'month' ? 7 : 4);
}
