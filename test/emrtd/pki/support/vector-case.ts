/** A path validation vector and what came of it, common to PKITS and x509-limbo. */

/** One run of one vector. */
export interface VectorOutcome {
  id: string;
  /** Section or namespace that it is counted under. */
  group: string;
  /** Whether the product claims the verdict; otherwise the reason it does not. */
  scope: 'in' | string;
  expected: 'valid' | 'invalid';
  actual: 'valid' | 'invalid';
  durationMs: number;
  /** First check or deviation that refused. */
  reason: string;
}

/** One row of the printed table. */
export interface VectorRow {
  group: string;
  inScope: number;
  agreed: number;
  outOfScope: number;
  slowestMs: number;
}

/** Counts by group, in the order of their names. */
export function rows(outcomes: VectorOutcome[]): VectorRow[] {
  const table = new Map<string, VectorRow>();
  for (const outcome of outcomes) {
    let row = table.get(outcome.group);
    if (row === undefined) {
      row = { group: outcome.group, inScope: 0, agreed: 0, outOfScope: 0, slowestMs: 0 };
      table.set(outcome.group, row);
    }
    if (outcome.scope === 'in') {
      row.inScope++;
      if (outcome.expected === outcome.actual) row.agreed++;
    } else row.outOfScope++;
    row.slowestMs = Math.max(row.slowestMs, outcome.durationMs);
  }
  return [...table.values()].sort((a, b) =>
    a.group.localeCompare(b.group, 'en', { numeric: true })
  );
}

/** Cases in scope whose verdict is not the one stated. */
export function disagreements(outcomes: VectorOutcome[]): VectorOutcome[] {
  return outcomes.filter((o) => o.scope === 'in' && o.expected !== o.actual);
}
