/**
 * Covering arrays by a greedy search: few cells in which every valid combination of `strength` axes occurs,
 * and every way in as a whole. Deterministic.
 */
import {
  accessCells,
  AXES,
  type Axis,
  AXIS_NAMES,
  type Cell,
  isValid,
  type Value,
} from './axes.ts';

type Partial = { [A in Axis]?: Value };

/** Candidates tried for every cell of the array. */
const CANDIDATES = 40;
/** Tries to complete a combination before it counts as impossible. */
const TRIES = 400;

/** Linear congruential generator (Numerical Recipes): the same array on every run. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * below);
  };
}

function combinations(strength: 2 | 3): Axis[][] {
  const sets: Axis[][] = [];
  AXIS_NAMES.forEach((a, i) =>
    AXIS_NAMES.slice(i + 1).forEach((b, j) => {
      if (strength === 2) sets.push([a, b]);
      else AXIS_NAMES.slice(i + j + 2).forEach((c) => sets.push([a, b, c]));
    })
  );
  return sets;
}

function valuesOf(axes: readonly Axis[]): Partial[] {
  return axes.reduce<Partial[]>(
    (list, axis) => list.flatMap((part) => AXES[axis].map((value) => ({ ...part, [axis]: value }))),
    [{}],
  );
}

function keyOf(axes: readonly Axis[], cell: Partial): string {
  return axes.map((axis) => `${axis}=${cell[axis]}`).join(' ');
}

/** A valid cell with these values, or undefined when chance finds none. */
function complete(fixed: Partial, pick: (below: number) => number): Cell | undefined {
  for (let i = 0; i < TRIES; i++) {
    const cell = { ...fixed } as Cell;
    for (const axis of AXIS_NAMES) {
      if (!(axis in fixed)) cell[axis] = AXES[axis][pick(AXES[axis].length)];
    }
    repair(cell, fixed);
    if (isValid(cell)) return cell;
  }
  return undefined;
}

/** Makes the axes that depend on others agree where they are free. */
function repair(cell: Cell, fixed: Partial): void {
  const set = (axis: Axis, value: Value) => {
    if (!(axis in fixed)) cell[axis] = value;
  };
  if (cell.access === 'BAC') {
    set('paceDomain', 'none');
    set('paceCipher', 'none');
    set('password', 'MRZ');
  }
  if (cell.caDomain === 'none') set('caCipher', 'none');
  if (cell.caCipher === 'none') set('caDomain', 'none');
}

/** The array: every valid combination of 2 or 3 axes at least once, and every way in. */
export function coveringArray(strength: 2 | 3): { cells: Cell[]; covered: number } {
  const pick = generator(9303);
  const sets = combinations(strength);
  const open = new Map<string, Partial>();
  for (const axes of sets) {
    for (const part of valuesOf(axes)) {
      if (complete(part, pick) !== undefined) open.set(keyOf(axes, part), part);
    }
  }
  const ways: Axis[] = ['access', 'paceDomain', 'paceCipher'];
  for (const way of accessCells()) open.set(keyOf(ways, way), way);
  const all = [...sets, ways];
  const covered = open.size;
  const cells: Cell[] = [];
  while (open.size > 0) {
    const [target] = open.values();
    let best: Cell | undefined;
    let bestGain = -1;
    for (let i = 0; i < CANDIDATES; i++) {
      const cell = complete(target, pick);
      if (cell === undefined) continue;
      const gain = new Set(
        all.map((axes) => keyOf(axes, cell)).filter((key) => open.has(key)),
      ).size;
      if (gain > bestGain) [best, bestGain] = [cell, gain];
    }
    if (best === undefined) throw new Error('a combination that was possible no longer is');
    for (const axes of all) open.delete(keyOf(axes, best));
    cells.push(best);
  }
  return { cells, covered };
}

/**
 * The full list: every way in x length x format x cipher of chip authentication x kind of active
 * authentication; groups, key sizes and signatures rotate through their values.
 */
export function* fullList(): Generator<Cell> {
  const kinds: Value[][] = [
    ['none'],
    AXES.aa.filter((value) => value.startsWith('RSA')),
    AXES.aa.filter((value) => !value.startsWith('RSA') && value !== 'none'),
  ];
  const domains = AXES.caDomain.filter((value) => value !== 'none');
  let turn = 0;
  for (const way of accessCells()) {
    for (const length of AXES.length) {
      for (const format of AXES.format) {
        for (const caCipher of AXES.caCipher) {
          for (const kind of kinds) {
            turn++;
            // every third cell has the same kind of key: rotate by rounds, not by cells
            const round = Math.floor(turn / kinds.length);
            yield {
              ...way,
              length,
              format,
              caCipher,
              caDomain: caCipher === 'none' ? 'none' : domains[turn % domains.length],
              aa: kind[round % kind.length],
              password: way.access === 'BAC' ? 'MRZ' : AXES.password[turn % 2],
              signature: AXES.signature[turn % AXES.signature.length],
            };
          }
        }
      }
    }
  }
}
