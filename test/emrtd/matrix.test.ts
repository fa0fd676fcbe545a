/**
 * The reader against the software chip: two readings of ICAO 9303-11 that share no protocol code, over every
 * access method, mapping, group, cipher, APDU length, document size and proof of the chip.
 * EMRTD_MATRIX=triples covers all combinations of three axes, EMRTD_MATRIX=full the whole list.
 */
import { describe, expect, test } from 'bun:test';
import { accessCells, AXES, type Cell } from './matrix/axes.ts';
import { coveringArray, fullList } from './matrix/covering.ts';
import { readCell } from './matrix/read-cell.ts';

const mode = process.env.EMRTD_MATRIX ?? 'pairs';

function cellsOfMode(): Iterable<Cell> {
  if (mode === 'full') return fullList();
  return coveringArray(mode === 'triples' ? 3 : 2).cells;
}

describe(`reader and chip (${mode})`, () => {
  test('there are 142 ways in', () => {
    const cells = accessCells();
    const ways = (access: string) => cells.filter((cell) => cell.access === access).length;
    expect([ways('BAC'), ways('GM'), ways('IM'), ways('CAM')]).toEqual([1, 56, 52, 33]);
  });

  test('every combination of two axes is covered once it is valid', () => {
    const { cells, covered } = coveringArray(2);
    expect(covered).toBeGreaterThan(2500);
    for (const domain of AXES.caDomain) {
      for (const aa of AXES.aa) {
        expect(cells.some((cell) => cell.caDomain === domain && cell.aa === aa)).toBe(true);
      }
    }
  });

  test('every cell is read in full, proven and authentic', async () => {
    const failures: { cell: Cell; problems: string[] }[] = [];
    let cells = 0;
    for (const cell of cellsOfMode()) {
      cells++;
      const problems = await readCell(cell);
      if (problems.length > 0) failures.push({ cell, problems });
    }
    expect(failures).toEqual([]);
    expect(cells).toBeGreaterThan(200);
  }, 7_200_000);

  test('a cell that is not as described is noticed', async () => {
    const { cells } = coveringArray(2);
    const cell = cells.find(({ aa, caDomain }) => aa === 'none' && caDomain === 'none');
    if (cell === undefined) throw new Error('no cell without proofs');
    expect(await readCell(cell)).toEqual([]);
    expect(await readCell(cell, { ...cell, aa: 'P-256 SHA-256', caDomain: 13 })).toEqual([
      'chip authentication is unavailable instead of success',
      'active authentication is unavailable instead of success',
    ]);
  });
});
