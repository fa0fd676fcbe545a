import '../../../server/core/native/libraries.ts';
import { describe, expect, test } from 'bun:test';
import { Dice } from '../../../bench/pad/dice.ts';
import { drawDisplay, PANELS } from '../../../bench/pad/display.ts';
import { drawPaper, PRINTERS } from '../../../bench/pad/paper.ts';
import { attack, bonaFide, SPECIES } from '../../../bench/pad/presentation.ts';
import { blur, type Raster, sample, toRaster } from '../../../bench/pad/raster.ts';
import { fillWedges } from '../../../bench/pad/source.ts';
import { createView } from '../../../bench/pad/view.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { gradient, paint } from '../../biometrics/support/pictures.ts';

const picture = toRaster(gradient(250, 250)), other = toRaster(paint(250, 250, () => [90, 80, 70]));
const names = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

describe('synthesis', () => {
  test('makes the same file from the same seed, another from another', async () => {
    for (const species of SPECIES) {
      const make = async (seed: string) =>
        (await attack(species, 'a', picture, other, new Dice(seed))).jpeg;
      expect(await make('one')).toEqual(await make('one'));
      expect(await make('one')).not.toEqual(await make('two'));
    }
    const person = async (seed: string) => (await bonaFide(picture, new Dice(seed))).jpeg;
    expect(await person('one')).toEqual(await person('one'));
  }, 30_000);

  test('files decode at the size that the record names, in both parts', async () => {
    for (const part of ['a', 'b'] as const) {
      for (let i = 0; i < 2; i++) {
        const { jpeg, parameters } = await attack('replay', part, picture, other, new Dice(`${i}`));
        const { width, height } = await decodePicture(jpeg);
        expect(`${width}x${height}`).toBe(String(parameters.size));
        const ours = part === 'a' ? ['phone', 'monitor'] : ['oled', 'tablet', 'laptop'];
        expect(ours).toContain(String(parameters.panel));
      }
    }
  }, 30_000);
});

describe('display', () => {
  const white: Raster = { width: 4, height: 4, data: new Float32Array(48).fill(1) };
  const out = new Float32Array(3);

  test('emits its white on average, and is even where a camera pixel spans many of its pixels', () => {
    for (const name of names(PANELS)) {
      const sums = [0, 0, 0], near = [0, 0, 0];
      const close = drawDisplay(new Dice('w'), white, name, 0.01);
      const far = drawDisplay(new Dice('w'), white, name, 40);
      far.at(100, 100, out);
      const wide = [...out];
      for (let i = 0; i < 90_000; i++) {
        close.at(60 + (i % 300) * 0.0371, 60 + Math.floor(i / 300) * 0.0293, out);
        for (let c = 0; c < 3; c++) {
          sums[c] += out[c] / 90_000;
          near[c] = Math.max(near[c], out[c]);
        }
      }
      for (let c = 0; c < 3; c++) {
        expect(sums[c]).toBeWithin(0.93 * wide[c], 1.07 * wide[c]);
        // Close up there is light and dark.
        expect(near[c]).toBeGreaterThan(1.5 * wide[c]);
      }
    }
  });
});

describe('paper', () => {
  test('prints darker where the picture is darker, and never brighter than its white', () => {
    const out = new Float32Array(3);
    for (const name of names(PRINTERS)) {
      const mean = (value: number) => {
        const flat: Raster = { width: 4, height: 4, data: new Float32Array(48).fill(value) };
        const paper = drawPaper(new Dice('p'), flat, name, 0.5);
        let sum = 0;
        for (let i = 0; i < 4000; i++) {
          paper.at(20 + (i % 80) * 0.77, 20 + Math.floor(i / 80) * 0.83, out);
          sum += out[1] / 4000;
        }
        return sum;
      };
      const [black, grey, white] = [mean(0), mean(0.3), mean(1)];
      expect(black).toBeLessThan(grey);
      expect(grey).toBeLessThan(white);
      expect(white).toBeLessThan(1);
      expect(black).toBeGreaterThan(0);
    }
  });
});

describe('camera geometry', () => {
  test('sees the aimed point in the middle, at the chosen scale, untilted as a plain grid', () => {
    const at = new Float64Array(2);
    const settings = { width: 201, height: 101, scale: 0.5, centre: [40, 60] as const };
    const straight = createView({ ...settings, yaw: 0, pitch: 0, roll: 0 });
    straight.at(100, 50, at);
    expect([...at]).toEqual([40, 60]);
    straight.at(110, 30, at);
    expect(at[0]).toBeCloseTo(45, 9);
    expect(at[1]).toBeCloseTo(50, 9);
    const tilted = createView({ ...settings, yaw: 12, pitch: -8, roll: 3 });
    tilted.at(100, 50, at);
    expect(at[0]).toBeCloseTo(40, 9);
    expect(at[1]).toBeCloseTo(60, 9);
  });
});

describe('rasters', () => {
  test('are sampled between pixels and mirrored beyond the edge', () => {
    const raster: Raster = {
      width: 2,
      height: 2,
      data: Float32Array.from([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]),
    };
    const out = new Float32Array(3);
    const at = (x: number) => {
      sample(raster, x, 0, out);
      return out[0];
    };
    expect([at(0), at(0.25), at(1), at(2), at(-1)]).toEqual([0, 0.25, 1, 0, 1]);
  });

  test('blur keeps the sum of light away from the edge', () => {
    const data = new Float32Array(3 * 41 * 41);
    data[3 * (20 * 41 + 20)] = 1;
    const out = blur({ width: 41, height: 41, data }, 2).data;
    expect(out.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 4);
    expect(out[3 * (20 * 41 + 20)]).toBeCloseTo(1 / (2 * Math.PI * 4), 2);
  });
});

test('the black wedges of turned pictures are filled, dark parts of the picture stay', () => {
  const turned = paint(
    80,
    60,
    (x, y) =>
      x < 12 - 0.2 * y ? [0, 0, 0] : Math.hypot(x - 40, y - 30) < 8 ? [2, 2, 2] : [120, 100, 90],
  );
  const { data } = turned;
  fillWedges(data, 80, 60);
  expect([...data.subarray(0, 3)]).toEqual([120, 100, 90]);
  expect(data[3 * (30 * 80 + 40)]).toBe(2);
});
