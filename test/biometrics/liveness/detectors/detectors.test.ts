import { describe, expect, test } from 'bun:test';
import { Pyramid } from '../../../../biometrics/align/pyramid.ts';
import { decodePicture, encodeJpeg } from '../../../../biometrics/image/mod.ts';
import { colourRange } from '../../../../biometrics/liveness/detectors/colour-range.ts';
import { colourTexture } from '../../../../biometrics/liveness/detectors/colour-texture.ts';
import { compression } from '../../../../biometrics/liveness/detectors/compression.ts';
import { focusDepth } from '../../../../biometrics/liveness/detectors/focus-depth.ts';
import { mediumBorder } from '../../../../biometrics/liveness/detectors/medium-border.ts';
import { PIXEL_DETECTORS } from '../../../../biometrics/liveness/detectors/mod.ts';
import { printTexture } from '../../../../biometrics/liveness/detectors/print-texture.ts';
import { residualSteps } from '../../../../biometrics/liveness/detectors/residual-steps.ts';
import { screenMoire } from '../../../../biometrics/liveness/detectors/screen-moire.ts';
import { sensorNoise } from '../../../../biometrics/liveness/detectors/sensor-noise.ts';
import { spectralShape } from '../../../../biometrics/liveness/detectors/spectral-shape.ts';
import { measureScene } from '../../../../biometrics/liveness/mod.ts';
import { seeded } from '../../support/crowd.ts';
import { head } from '../../support/head.ts';
import { paint } from '../../support/pictures.ts';
import { changed, measured, portrait, SIDE } from './pictures.ts';

const plain = portrait();

/** Grain of one amplitude for all channels together or each by itself. */
function grainy(amplitude: number, together: boolean) {
  const next = seeded(9);
  let shared = 0;
  return changed(plain, (value, _x, _y, channel) => {
    if (channel === 0 || !together) shared = amplitude * (next() + next());
    return value + shared;
  });
}

/** Mean of each pixel with its neighbours. */
function blurred(picture = plain) {
  const { width, data } = picture;
  return changed(picture, (value, x, y, c) => {
    if (x === 0 || y === 0 || x === width - 1 || y === SIDE - 1) return value;
    let sum = 0;
    for (let v = y - 1; v <= y + 1; v++) {
      for (let u = x - 1; u <= x + 1; u++) sum += data[3 * (v * width + u) + c];
    }
    return sum / 9;
  });
}

describe('screen-moire', () => {
  test('sees a fine grid more the stronger it is, in the band it lies in', async () => {
    const grid = (height: number) =>
      changed(plain, (v, x, y) => v + height * Math.sin(1.6 * x + 0.9 * y));
    const strengths = [0, 1, 4].map((height) => measured(screenMoire, grid(height)));
    const [none, weak, strong] = await Promise.all(strengths);
    // sqrt(1.6^2 + 0.9^2) / 2 pi = 0.29 cycles per pixel.
    expect(weak['near-luma-peak-36']).toBeGreaterThan(none['near-luma-peak-36']);
    expect(strong['near-luma-peak-36']).toBeGreaterThan(weak['near-luma-peak-36'] + 1);
  });

  test('a grid of colour without brightness shows in chroma only', async () => {
    const coloured = changed(
      plain,
      (v, x, y, c) => v + [6, -3.06, 0][c] * Math.sin(1.6 * x + 0.9 * y),
    );
    const before = await measured(screenMoire, plain);
    const after = await measured(screenMoire, coloured);
    const rise = (plane: string) =>
      after[`near-${plane}-peak-36`] - before[`near-${plane}-peak-36`];
    expect(rise('chroma')).toBeGreaterThan(1);
    expect(rise('chroma')).toBeGreaterThan(rise('luma') + 1);
  });
});

describe('print-texture', () => {
  test('measures grain, and how far it reaches', async () => {
    const clean = await measured(printTexture, plain);
    const fine = await measured(printTexture, grainy(8, true));
    const coarse = await measured(printTexture, blurred(grainy(24, true)));
    expect(fine['luma-spread']).toBeGreaterThan(clean['luma-spread'] + 0.5);
    expect(coarse['luma-lag-1-0']).toBeGreaterThan(fine['luma-lag-1-0'] + 0.2);
  });
});

describe('colour-range', () => {
  test('sees lifted black, lowered contrast, faded colour and a tint', async () => {
    const before = await measured(colourRange, plain);
    const faded = await measured(colourRange, changed(plain, (v) => 90 + 0.4 * (v - 40)));
    expect(faded['black-level']).toBeGreaterThan(before['black-level']);
    expect(faded['contrast']).toBeLessThan(before['contrast'] - 0.5);
    expect(faded['saturation-top']).toBeLessThan(before['saturation-top']);
    const blue = await measured(
      colourRange,
      changed(plain, (v, _x, _y, c) => c === 2 ? v + 30 : v),
    );
    expect(blue['bright-tint-blue']).toBeGreaterThan(before['bright-tint-blue']);
  });
});

describe('compression', () => {
  const recompressed = async (quality: number, picture = plain) =>
    await decodePicture(await encodeJpeg(picture, quality));

  test('finds no comb before, and the step of the quantisation after', async () => {
    const grain = grainy(6, false);
    const [none, once] = [
      await measured(compression, grain),
      await measured(compression, await recompressed(60, grain)),
    ];
    expect(none['comb']).toBeLessThan(0.4);
    expect(once['comb']).toBeGreaterThan(none['comb'] + 0.2);
    expect(once['grid']).toBeGreaterThan(none['grid']);
  });

  test('finds block edges off the grid of a picture that was cropped and saved again', async () => {
    const once = await recompressed(35, grainy(6, false));
    const shifted = paint(SIDE, SIDE, (x, y) => {
      const p = 3 * (Math.min(SIDE - 1, y + 3) * SIDE + Math.min(SIDE - 1, x + 3));
      return [once.data[p], once.data[p + 1], once.data[p + 2]];
    });
    const before = await measured(compression, once);
    const after = await measured(compression, shifted);
    expect(after['off-grid']).toBeGreaterThan(before['off-grid'] + 0.1);
  });
});

describe('medium-border', () => {
  test('sees the straight rim of something held before the camera', async () => {
    const framed = changed(plain, (v, x, y) => x < 30 || x > 226 || y < 24 ? 30 : v);
    const before = await measured(mediumBorder, plain),
      after = await measured(mediumBorder, framed);
    expect(after['strongest-line']).toBeGreaterThan(before['strongest-line'] + 0.5);
    expect(after['lines-beside']).toBeGreaterThan(before['lines-beside'] + 0.5);
  });

  test('is blind to the black that turned pictures are filled up with', async () => {
    const turned = changed(plain, (v, x, y) => x < 24 - 0.08 * y ? 0 : v);
    const before = await measured(mediumBorder, plain),
      after = await measured(mediumBorder, turned);
    expect(after['strongest-line']).toBeLessThanOrEqual(before['strongest-line'] + 0.05);
  });

  test('sees one edge all around a face that was cut out', async () => {
    const cut = changed(
      plain,
      (v, x, y) => ((x - 128) / 62) ** 2 + ((y - 128) / 82) ** 2 > 1 ? 40 : v,
    );
    const before = await measured(mediumBorder, plain), after = await measured(mediumBorder, cut);
    expect(after['contour-step']).toBeGreaterThan(before['contour-step'] + 0.5);
    expect(after['contour-weakest']).toBeGreaterThan(before['contour-weakest'] + 0.5);
  });
});

describe('focus-depth and spectral-shape', () => {
  test('a blurred picture has less fine detail', async () => {
    const sharp = grainy(6, true);
    const before = await measured(focusDepth, sharp);
    const after = await measured(focusDepth, blurred(sharp));
    expect(after['face-fine']).toBeLessThan(before['face-fine'] - 0.3);
    expect(after['fine-to-middle']).toBeLessThan(before['fine-to-middle']);
    const spectrum = await measured(spectralShape, sharp);
    const softer = await measured(spectralShape, blurred(sharp));
    expect(softer['near-luma-36']).toBeLessThan(spectrum['near-luma-36']);
  });

  test('a face sharper than what is around it stands out', async () => {
    const sharp = grainy(6, true), soft = blurred(blurred(sharp));
    const { width } = plain;
    const portraitMode = changed(
      soft,
      (v, x, y, c) => Math.hypot(x - 128, y - 128) < 75 ? sharp.data[3 * (y * width + x) + c] : v,
    );
    const flat = await measured(focusDepth, sharp);
    const deep = await measured(focusDepth, portraitMode);
    expect(deep['face-to-around-fine']).toBeGreaterThan(flat['face-to-around-fine'] + 0.3);
  });
});

describe('sensor-noise', () => {
  test('measures the noise, and whether the channels share it', async () => {
    const weak = await measured(sensorNoise, grainy(2, false));
    const strong = await measured(sensorNoise, grainy(8, false));
    const shared = await measured(sensorNoise, grainy(8, true));
    expect(strong['level']).toBeGreaterThan(weak['level'] + 0.5);
    expect(shared['red-green-together']).toBeGreaterThan(0.8);
    expect(strong['red-green-together']).toBeLessThan(0.3);
  });

  test('sees the lattice of a colour filter', async () => {
    const next = seeded(4);
    const lattice = changed(plain, (v, x, y) => (x + y) % 2 === 0 ? v + 6 * next() : v);
    const order = (await measured(sensorNoise, lattice))['filter-order'];
    expect(order).toBeGreaterThan((await measured(sensorNoise, plain))['filter-order'] + 0.1);
  });
});

describe('colour-texture and residual-steps', () => {
  test('give shares that never exceed the whole and move with the texture', async () => {
    for (const detector of [colourTexture, residualSteps]) {
      const clean = await measured(detector, plain),
        grain = await measured(detector, grainy(8, true));
      const luma = Object.entries(clean).filter(([name]) =>
        /^luma-(pattern|succession)/.test(name)
      );
      const sum = luma.reduce((total, [, value]) => total + value, 0);
      expect(sum).toBeGreaterThan(0);
      expect(sum).toBeLessThanOrEqual(10.001);
      const moved = luma.reduce((total, [name, value]) => total + Math.abs(grain[name] - value), 0);
      expect(moved).toBeGreaterThan(1);
    }
  });
});

describe('every detector', () => {
  test('gives finite numbers for flat, clipped and noisy pictures', async () => {
    const next = seeded(2);
    for (
      const picture of [
        paint(200, 200, () => [128, 128, 128]),
        paint(200, 200, () => [0, 0, 0]),
        paint(300, 200, () => [255, 255, 255]),
        changed(portrait(200), () => 255 * next()),
      ]
    ) {
      for (const detector of PIXEL_DETECTORS) {
        const values = Object.values(await measured(detector, picture));
        expect([detector.id, values.every(Number.isFinite)]).toEqual([detector.id, true]);
      }
    }
  });

  test('does not judge a face of a few pixels, or a picture smaller than the window', async () => {
    const scene = (side: number, size: number) => ({
      pyramid: new Pyramid(portrait(side)),
      faces: [],
      mesh: head([], side / 2, side / 2, size),
    });
    for (const [side, size] of [[256, 20], [100, 45]]) {
      const values = Object.values(await measureScene(PIXEL_DETECTORS, scene(side, size)));
      expect(values.every((row) => row === null)).toBe(true);
    }
  });

  test('gives the same numbers twice, and has its own name', async () => {
    const once = await measured(PIXEL_DETECTORS.at(-1)!, plain);
    expect(await measured(PIXEL_DETECTORS.at(-1)!, plain)).toEqual(once);
    const ids = PIXEL_DETECTORS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
