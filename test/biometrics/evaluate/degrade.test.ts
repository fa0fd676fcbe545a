import { expect, test } from 'bun:test';
import { degrade, FAULTS } from '../../../biometrics/evaluate/degrade.ts';
import { randomNumbers } from '../../../biometrics/random-numbers.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { gradient, noise } from '../support/pictures.ts';

const face = { left: 30, top: 20, right: 90, bottom: 100 };
const base = gradient(120, 120);
const grain = noise(120, 120, 5);
const picture: Picture = {
  ...base,
  data: base.data.map((value, i) => Math.round(0.7 * value + 0.3 * grain.data[i])),
};

function distance(a: Picture, b: Picture): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
}

for (const fault of FAULTS) {
  test(`${fault} changes more the more severe it is, and the same way every time`, async () => {
    const spoil = (severity: number) => degrade(picture, face, fault, severity, randomNumbers(7));
    const [mild, strong, again] = [await spoil(0), await spoil(1), await spoil(1)];
    expect(again).toEqual(strong);
    expect([strong.width, strong.height]).toEqual([120, 120]);
    expect(distance(mild, picture)).toBeGreaterThan(0);
    expect(distance(strong, picture)).toBeGreaterThan(distance(mild, picture));
  });
}
