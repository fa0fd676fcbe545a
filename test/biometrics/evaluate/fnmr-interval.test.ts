import { describe, expect, test } from 'bun:test';
import { compareAll, fnmrAt, fnmrIntervals } from '../../../biometrics/evaluate/mod.ts';

/** Two pictures a person, the angle between them as given: their similarity is its cosine. */
const people = (angles: readonly number[]) =>
  angles.flatMap((angle, i) =>
    [0, angle].map((turn) => ({
      identity: `p${i}`,
      vector: Float32Array.of(Math.cos(turn), Math.sin(turn)),
    }))
  );

describe('fnmrIntervals', () => {
  test('hold the rate, and are narrower with more people', () => {
    const some = (count: number) =>
      people(Array.from({ length: count }, (_, i) => i % 5 === 0 ? 1 : 0.1));
    const [few, many] = [20, 500].map((count) => {
      const faces = some(count);
      const [[low, high]] = fnmrIntervals(faces, [0.9]);
      expect(fnmrAt(compareAll(faces), 0.9)).toBeCloseTo(0.2, 9);
      expect(low).toBeLessThan(0.2);
      expect(high).toBeGreaterThan(0.2);
      return high - low;
    });
    expect(many).toBeLessThan(few / 3);
  });

  test('are exact where nobody or everybody fails: five people prove no rate of 0', () => {
    const [none, all] = fnmrIntervals(people([0.1, 0.1, 0.1, 0.1, 0.1]), [0.5, 0.9999]);
    expect(none[0]).toBe(0);
    expect(none[1]).toBeCloseTo(0.52182, 4);
    expect(all[0]).toBeCloseTo(0.47818, 4);
    expect(all[1]).toBe(1);
  });
});
