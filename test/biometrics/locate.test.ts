import { describe, expect, test } from 'bun:test';
import { FaceError } from '../../biometrics/errors.ts';
import { MESH_POINTS } from '../../biometrics/landmarks/mesh-topology.ts';
import { createFaceLocator } from '../../biometrics/locate.ts';
import type { NetworkResult } from '../../biometrics/runtime/network.ts';
import { fakeLoader, fakePack, networkEntry } from './support/fake-pack.ts';
import { gradient } from './support/pictures.ts';

const roles = ['cls_8', 'obj_8', 'bbox_8', 'kps_8'];

function detector(id: string) {
  return networkEntry(id, 'detector', {
    outputs: Object.fromEntries(roles.map((role) => [role, role])),
    decode: { kind: 'yunet', strides: [8], minScore: 0.5, maxOverlap: 0.3 },
  });
}

/** A pack with two detectors and a mesh, of which tests say who sees a face. */
async function locatorOf(
  sees: { first: boolean; second: boolean; mesh: (call: number) => boolean },
) {
  const mesh = networkEntry('mesh', 'mesh', {
    crop: { kind: 'box', scale: 1.5, level: false },
    outputs: { points: 'points', presence: 'presence' },
  });
  const pack = fakePack([detector('first'), detector('second'), mesh]);
  let meshCalls = 0;
  const { loader, calls } = fakeLoader(pack, ({ id }): NetworkResult => {
    if (id === 'mesh') {
      const presence = Float32Array.of(sees.mesh(meshCalls++) ? 1 : 0);
      return { points: new Float32Array(3 * MESH_POINTS).fill(4), presence };
    }
    const score = Float32Array.of(sees[id as 'first' | 'second'] ? 1 : 0);
    return {
      cls_8: score,
      obj_8: score,
      bbox_8: Float32Array.of(0.5, 0.5, 0, 0),
      kps_8: new Float32Array(10),
    };
  });
  const asked = () => [...new Set(calls.map(({ id }) => id))];
  return { locator: await createFaceLocator(pack, loader), asked };
}

describe('a pack with two detectors', () => {
  test('asks the second one only when the first led to no face', async () => {
    const { locator, asked } = await locatorOf({ first: true, second: true, mesh: () => true });
    const { scene } = await locator.locate(gradient(80, 80));
    expect(scene.faces.length).toBeGreaterThan(0);
    expect(asked()).toEqual(['first', 'mesh']);
  });

  test('asks the second one when the first sees nothing', async () => {
    const { locator, asked } = await locatorOf({ first: false, second: true, mesh: () => true });
    await locator.locate(gradient(80, 80));
    expect(asked()).toEqual(['first', 'second', 'mesh']);
  });

  test('asks the second one when the mesh confirms nothing of the first', async () => {
    const { locator, asked } = await locatorOf({
      first: true,
      second: true,
      mesh: (call) => call > 0,
    });
    await locator.locate(gradient(80, 80));
    expect(asked()).toEqual(['first', 'mesh', 'second']);
  });

  test('finds no face when neither does', async () => {
    const { locator } = await locatorOf({ first: false, second: false, mesh: () => true });
    await expect(locator.locate(gradient(80, 80))).rejects.toThrow(FaceError);
  });
});
