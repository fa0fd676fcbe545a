/** Every fault switch of the chip gives the error, the failed check or the finding that it must give. */
import { describe, expect, test } from 'bun:test';
import { ISSUE_FAULTS, LINE_FAULTS } from '../../emrtd/chip/mod.ts';
import { specimen } from './chip/support.ts';
import { FAULT_CASES, readFaulty } from './matrix/faults.ts';
import { readSpecimen } from './matrix/read-cell.ts';
import { largestArray } from './support/asked-arrays.ts';

describe('faults of the chip', () => {
  test('every switch has a case', () => {
    const covered = new Set<string>(FAULT_CASES.map(({ fault }) => fault));
    const all = [...Object.keys(ISSUE_FAULTS), ...Object.keys(LINE_FAULTS)];
    expect(all.filter((fault) => !covered.has(fault))).toEqual([]);
  });

  test('without a fault everything is proven', async () => {
    const result = await readSpecimen(specimen(FAULT_CASES[0].description));
    expect(result.passiveAuthentication.authentic).toBe(false);
    const { faults: _, ...good } = FAULT_CASES[0].description;
    const proven = await readSpecimen(specimen(good));
    expect(proven.passiveAuthentication.authentic).toBe(true);
    expect(proven.chipAuthentication.outcome).toBe('success');
    expect(proven.activeAuthentication.outcome).toBe('success');
  });

  FAULT_CASES.forEach((one, i) => {
    test(`${one.fault} (${i + 1})`, async () => {
      expect(await readFaulty(one)).toEqual(one.expected);
    }, 20_000);
  });

  test('a length of 4 GiB costs one refused file and no memory', async () => {
    const document = specimen();
    const largest = await largestArray(async () => {
      const result = await readSpecimen(document, { faults: ['file-4gib'] });
      expect(result.statistics.bytesReceived).toBeLessThan(10_000);
    });
    expect(largest).toBeLessThan(10_000);
  });
});
