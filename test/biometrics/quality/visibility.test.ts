import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type FaceMeasures, icaoChecks, measureFace } from '../../../biometrics/quality/mod.ts';
import { OBJECTS, occlude, plain } from '../support/occlusion.ts';
import { portraits, qualityInput, withPixels } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

const AREAS: readonly (readonly [keyof FaceMeasures, x: number, y: number, size: number])[] = [
  ['noseVisibility', 0, 0.5, 0.6],
  ['mouthVisibility', 0, 1.15, 0.7],
  ['bottomVisibility', 0, 1.7, 0.7],
  ['topVisibility', 0, -0.6, 1],
  ['leftEyeVisibility', 0.5, 0, 0.5],
  ['rightEyeVisibility', -0.5, 0, 0.5],
];

describe('visibility', () => {
  test.each(AREAS)(
    '%s falls as an object grows over the part',
    async (key, x, y, size) => {
      const portrait = (await portraits())[2];
      const input = await qualityInput(portrait);
      const row = [0, 0.4, 0.7, 1].map((share) => {
        const shown = occlude(portrait, input.scene.mesh, [
          {
            shape: 'box',
            x,
            y,
            halfWidth: share * size,
            halfHeight: share * size * 0.6,
            colour: plain(40, 90, 170),
          },
        ]);
        return measureFace(withPixels(input, shown));
      });
      const values = row.map((m) => m[key] as number);
      expect(values[0]).toBeGreaterThan(45);
      expect(values[3]).toBeLessThan(20);
      for (let i = 1; i < values.length; i++) {
        expect(values[i]).toBeLessThanOrEqual(
          values[i - 1] + 5,
        );
      }
    },
  );

  test('the sides are named as the picture shows them', async () => {
    const portrait = (await portraits())[2];
    const input = await qualityInput(portrait);
    const plainly = icaoChecks(measureFace(input));
    const shown = occlude(portrait, input.scene.mesh, OBJECTS['one eye'].paint(plain(40, 90, 170)));
    const covered = icaoChecks(measureFace(withPixels(input, shown)));
    // the person's left eye is on the right of the picture
    expect(covered.eyeR_visibility).toBeLessThan(plainly.eyeR_visibility - 40);
    expect(Math.abs(covered.eyeL_visibility - plainly.eyeL_visibility)).toBeLessThan(20);
  });

  test('what the picture cuts off is not visible', async () => {
    const portrait = (await portraits())[2];
    const { scene, eyes, foreground } = await qualityInput(portrait);
    const shifted = (points: Float32Array, stride: number) =>
      points.map((v, i) => i % stride === 1 ? v - scene.mesh[3 * 6 + 1] : v);
    const measures = measureFace({
      scene: { ...scene, mesh: shifted(scene.mesh, 3) },
      eyes,
      foreground,
    });
    expect(measures.topVisibility).toBe(0);
  });
});

describe('compliance', () => {
  const good = {
    faceCount: 1,
    eyesStatus: 'OPEN',
    rightEyeVisibility: 80,
    leftEyeVisibility: 80,
    glassesGlare: 0,
    darkGlasses: 10,
    noseVisibility: 46,
    mouthVisibility: 46,
    topVisibility: 21,
    bottomVisibility: 21,
    rightSideVisibility: 21,
    leftSideVisibility: 21,
  } as FaceMeasures;

  test('needs every part, open and visible eyes, and one face', () => {
    expect(icaoChecks(good).is_compliant).toBe(true);
    const spoilt: Partial<FaceMeasures>[] = [
      { faceCount: 2 },
      { eyesStatus: 'CLOSED' },
      { leftEyeVisibility: 40 },
      { glassesGlare: 60 },
      { darkGlasses: 100 },
      { noseVisibility: 45 },
      { mouthVisibility: 45 },
      { topVisibility: 20 },
      { bottomVisibility: 20 },
      { rightSideVisibility: 20 },
      { leftSideVisibility: 20 },
    ];
    for (const part of spoilt) expect(icaoChecks({ ...good, ...part }).is_compliant).toBe(false);
  });

  test('an eye that is shown as 45 is not above 45', () => {
    const checks = icaoChecks({ ...good, rightEyeVisibility: 45.4 });
    expect([checks.eyeL_visibility, checks.eyes_full_visibility]).toEqual([45, false]);
    expect(icaoChecks({ ...good, rightEyeVisibility: 45.6 }).eyes_full_visibility).toBe(true);
  });
});
