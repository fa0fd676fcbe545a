import { describe, expect, test } from 'bun:test';
import { transform } from '../../../biometrics/align/affine.ts';
import { meshCrop } from '../../../biometrics/align/face-crop.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { networkEntry } from '../support/fake-pack.ts';
import { head, roll } from '../support/head.ts';

const { input } = networkEntry('n', 'embedder');

describe('meshCrop', () => {
  test('a points crop puts the named mesh points where the manifest wants them', () => {
    const crop = {
      kind: 'points' as const,
      points: [{ mesh: [33], x: 0.25, y: 0.4 }, { mesh: [263], x: 0.75, y: 0.4 }],
    };
    for (const degrees of [0, 20, -75, 180]) {
      const mesh = head([roll(degrees)]);
      const m = meshCrop(crop, input, mesh);
      for (const { mesh: [index], x, y } of crop.points) {
        const [px, py] = transform(m, x * input.width, y * input.height);
        expect(px).toBeCloseTo(mesh[3 * index], 3);
        expect(py).toBeCloseTo(mesh[3 * index + 1], 3);
      }
    }
  });

  test('a mesh-box crop turns with the head and grows with its scale', () => {
    const crop = { kind: 'mesh-box' as const, scale: 1.5, shiftY: 0 };
    const upright = meshCrop(crop, input, head());
    const tilted = meshCrop(crop, input, head([roll(30)]));
    expect(Math.atan2(tilted[3], tilted[0])).toBeCloseTo(Math.PI / 6, 4);
    expect(Math.hypot(tilted[0], tilted[3])).toBeCloseTo(upright[0], 3);
    // The head is 120 pixels high: 2 x 60.
    expect(upright[0] * input.width).toBeCloseTo(180, 0);
    const middle = transform(upright, 3.5, 3.5);
    expect(middle[1]).toBeCloseTo(100, 0);
    const lower = meshCrop({ ...crop, shiftY: 0.1 }, input, head());
    expect(transform(lower, 3.5, 3.5)[1] - middle[1]).toBeCloseTo(18, 1);
  });

  test('refuses crops that need something else than a mesh, and points the mesh does not have', () => {
    for (
      const [crop, message] of [
        [{ kind: 'frame' as const }, 'crop frame: cannot be cut from a mesh'],
        [
          {
            kind: 'points' as const,
            points: [{ mesh: [470], x: 0, y: 0 }, { mesh: [1], x: 1, y: 1 }],
          },
          'crop points: the mesh has no point 470',
        ],
      ] as const
    ) {
      const attempt = () => meshCrop(crop as Parameters<typeof meshCrop>[0], input, head());
      expect(attempt).toThrow(FaceError);
      expect(attempt).toThrow(message);
    }
  });
});
