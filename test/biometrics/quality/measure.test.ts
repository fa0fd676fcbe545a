import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import {
  type FaceMeasures,
  headPoseCheck,
  icaoChecks,
  measureFace,
  type QualityInput,
} from '../../../biometrics/quality/mod.ts';
import { head, roll, yaw } from '../support/head.ts';
import { gradient, noise, paint } from '../support/pictures.ts';
import { portraits, qualityInput } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

/** Smallest and largest value of every number; the rest is 0..100. */
const RANGES: Partial<Record<keyof FaceMeasures, readonly [number, number]>> = {
  faceCount: [1, Infinity],
  imageWidth: [1, Infinity],
  imageHeight: [1, Infinity],
  yaw: [-180, 180],
  pitch: [-90, 90],
  roll: [-180, 180],
  poseResidual: [0, 1],
  gazeYaw: [-90, 90],
  interEyeDistance: [0, Infinity],
  aspectRatio: [0, Infinity],
  faceCentreX: [-Infinity, Infinity],
  faceCentreY: [-Infinity, Infinity],
  headWidthShare: [0, Infinity],
  headHeightShare: [0, Infinity],
  crownMargin: [-Infinity, Infinity],
  chinMargin: [-Infinity, Infinity],
};

function expectInRange(measures: FaceMeasures): void {
  for (const [name, value] of Object.entries(measures)) {
    if (name === 'eyesStatus') continue;
    const [least, most] = RANGES[name as keyof FaceMeasures] ?? [0, 100];
    if (!(Number.isFinite(value) && value >= least && value <= most)) {
      throw new Error(`${name} is ${value}`);
    }
  }
  const checks = icaoChecks(measures);
  for (const value of Object.values(checks)) {
    if (typeof value === 'number') expect(Number.isInteger(value)).toBe(true);
  }
  expect(typeof headPoseCheck(measures)).toBe('boolean');
}

/** Scores and stored results refer to measures by these names. */
const NAMES = [
  'aspectRatio',
  'backgroundUniformity',
  'blockFreedom',
  'bottomVisibility',
  'chinMargin',
  'crownMargin',
  'darkGlasses',
  'dynamicRange',
  'expressionNeutrality',
  'eyesOpen',
  'eyesStatus',
  'faceCentreX',
  'faceCentreY',
  'faceCount',
  'gazeYaw',
  'glassesGlare',
  'headHeightShare',
  'headWidthShare',
  'illuminationUniformity',
  'imageHeight',
  'imageWidth',
  'interEyeDistance',
  'jpegQuality',
  'leftEyeOpen',
  'leftEyeVisibility',
  'leftSideVisibility',
  'mouthClosed',
  'mouthVisibility',
  'noseVisibility',
  'overExposure',
  'pitch',
  'poseResidual',
  'rightEyeOpen',
  'rightEyeVisibility',
  'rightSideVisibility',
  'roll',
  'sharpness',
  'shoulders',
  'topVisibility',
  'underExposure',
  'yaw',
];

const size = fc.integer({ min: 1, max: 160 });
const picture = fc.tuple(size, size, fc.integer()).chain(([width, height, seed]) =>
  fc.constantFrom(
    noise(width, height, seed),
    gradient(width, height),
    paint(width, height, () => [255, 255, 255]),
    paint(width, height, () => [0, 0, 0]),
    paint(width, height, () => [255, 0, 0]),
  )
);
const coordinate = fc.oneof(
  fc.float({ min: -500, max: 500, noNaN: true }),
  fc.constantFrom(0, NaN, Infinity, -Infinity, 1e30, -1e9),
);
const points = (count: number) =>
  fc.array(coordinate, { minLength: 1, maxLength: 24 }).map((values) =>
    Float32Array.from({ length: count }, (_, i) => values[(7 * i) % values.length])
  );
const heads = fc.tuple(
  fc.integer({ min: -90, max: 90 }),
  fc.integer({ min: -180, max: 180 }),
  fc.integer({ min: -100, max: 300 }),
  fc.integer({ min: -100, max: 300 }),
  fc.double({ min: 0.01, max: 2000, noNaN: true }),
).map(([y, r, x, top, scale]) => head([yaw(y), roll(r)], x, top, scale));
const eye = fc.record({ contour: points(142), iris: points(10) });
const input: fc.Arbitrary<QualityInput> = fc.record({
  picture,
  mesh: fc.oneof(heads, points(468 * 3)),
  eyes: fc.record({ right: eye, left: eye }),
  mask: fc.constantFrom(0, 0.5, 1),
  bytes: fc.uint8Array({ maxLength: 300 }),
}).map(({ picture, mesh, eyes, mask, bytes }) => ({
  scene: {
    pyramid: new Pyramid(picture),
    faces: [{
      box: { left: 0, top: 0, right: 1, bottom: 1 },
      confidence: 1,
      keyPoints: new Float32Array(12),
    }],
    mesh,
  },
  eyes,
  foreground: {
    width: 16,
    height: 16,
    data: new Float32Array(256).fill(mask),
    toPicture: [picture.width / 16, 0, 0, 0, picture.height / 16, 0],
  },
  file: {
    bytes,
    format: 'jpeg',
    sourceWidth: picture.width,
    sourceHeight: picture.height,
  },
}));

describe('all measures', () => {
  test('are finite and in their ranges for any picture, mesh and file', () => {
    fc.assert(fc.property(input, (any) => expectInRange(measureFace(any))), {
      numRuns: Number(process.env.FUZZ_RUNS ?? 200),
    });
  });

  test('are in their ranges for faces, and say that a face at the edge is partly hidden', async () => {
    for (const portrait of await portraits()) {
      const input = await qualityInput(portrait);
      expectInRange(measureFace(input));
      for (const shift of [-400, -150, 150, 400]) {
        const mesh = input.scene.mesh.map((v, i) => i % 3 === 0 ? v + shift : v);
        const measures = measureFace({ ...input, scene: { ...input.scene, mesh } });
        expectInRange(measures);
        const { leftSideVisibility, rightSideVisibility } = measures;
        if (Math.abs(shift) === 400) {
          expect(Math.min(leftSideVisibility, rightSideVisibility)).toBe(0);
        }
      }
    }
  });

  test('keep their names', async () => {
    const [portrait] = await portraits();
    expect(Object.keys(measureFace(await qualityInput(portrait))).sort()).toEqual(NAMES);
  });
});
