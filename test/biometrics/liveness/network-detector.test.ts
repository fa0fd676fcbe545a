import { describe, expect, test } from 'bun:test';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { MESH_POINTS } from '../../../biometrics/landmarks/mesh-topology.ts';
import { measureScene } from '../../../biometrics/liveness/measure.ts';
import { livenessDetectors } from '../../../biometrics/liveness/mod.ts';
import { createNetworkDetectors } from '../../../biometrics/liveness/network-detector.ts';
import type { FaceScene } from '../../../biometrics/scene.ts';
import type { Network } from '../../../models/mod.ts';
import { fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { paint } from '../support/pictures.ts';

const pad = (id: string, rest: Partial<Network> = {}) =>
  networkEntry(id, 'pad', {
    crop: { kind: 'scene-box', scale: 2 },
    outputs: { scores: 'out' },
    pad: { classes: 3, bonaFide: 1, activation: 'softmax' },
    ...rest,
  });

/** A picture that grows redder to the right, with a face in its middle. */
function sceneOf(face: number): FaceScene {
  const mesh = new Float32Array(3 * MESH_POINTS).fill(100);
  const from = 100 - face / 2, to = 100 + face / 2;
  mesh.set([from, from, 0, to, to, 0]);
  return { pyramid: new Pyramid(paint(200, 200, (x) => [x, 0, 0])), faces: [], mesh };
}

async function measured(network: Network, scores: number[], face = 80) {
  const { loader, calls } = fakeLoader(fakePack([network]), () => ({
    scores: Float32Array.from(scores),
  }));
  const detectors = await createNetworkDetectors(fakePack([network]), loader);
  return { detectors, calls, values: await measureScene(detectors, sceneOf(face)) };
}

describe('createNetworkDetectors', () => {
  test('gives one detector per PAD network, in order, and none without', async () => {
    const pack = fakePack([pad('one'), networkEntry('mesh', 'mesh'), pad('two')]);
    const { loader } = fakeLoader(pack, () => ({}));
    expect((await createNetworkDetectors(pack, loader)).map(({ id }) => id))
      .toEqual(['network-one', 'network-two']);
    const none = fakePack([networkEntry('mesh', 'mesh')]);
    expect(await createNetworkDetectors(none, loader)).toEqual([]);
  });
});

describe('the detectors of a pack', () => {
  test('are those that need no network, then its networks', async () => {
    const detectorsOf = async (...networks: Network[]) => {
      const pack = fakePack(networks);
      return await livenessDetectors(pack, fakeLoader(pack, () => ({})).loader);
    };
    const without = await detectorsOf();
    const withTwo = await detectorsOf(pad('one'), pad('two'));
    // a calibration made without the networks still holds
    expect(withTwo.slice(0, without.length)).toEqual([...without]);
    expect(withTwo.slice(without.length).map(({ id }) => id))
      .toEqual(['network-one', 'network-two']);
  });
});

describe('a network detector', () => {
  test('measures the log-odds of bona fide against every other class', async () => {
    const { detectors, values } = await measured(pad('n'), [1, 3, -2]);
    expect(detectors[0].features).toEqual(['over-class-0', 'over-class-2']);
    expect(values).toEqual({ 'network-n': [2, 5] });
  });

  test('takes the logarithm where a network gives probabilities, none of them infinite', async () => {
    const network = pad('n', { pad: { classes: 2, bonaFide: 0, activation: 'none' } });
    const { values } = await measured(network, [0.8, 0]);
    expect(values['network-n']![0]).toBeCloseTo(Math.log(0.8 / 1e-6));
  });

  test('looks at twice the face, as its crop says', async () => {
    const { calls } = await measured(pad('n'), [0, 1, 0]);
    // 160 pixels from 20 to 180 in 8 crop pixels: the first covers 20 to 40
    const row = [...calls[0].data.subarray(0, 24)].filter((_, i) => i % 3 === 0);
    expect(row[0]).toBeCloseTo(30, -1);
    expect(row[7]).toBeCloseTo(170, -1);
  });

  test('cannot judge when the network gives no numbers', async () => {
    expect((await measured(pad('n'), [NaN, 1, 0])).values).toEqual({ 'network-n': null });
  });

  test('cannot judge a picture that is hardly larger than the face', async () => {
    expect((await measured(pad('n'), [0, 1, 0], 130)).values['network-n']).not.toBeNull();
    expect((await measured(pad('n'), [0, 1, 0], 140)).values['network-n']).toBeNull();
    // a network that wants no more than that is content
    const tight = pad('n', { crop: { kind: 'scene-box', scale: 1.2 } });
    expect((await measured(tight, [0, 1, 0], 140)).values['network-n']).not.toBeNull();
  });

  test('refuses another number of scores than the manifest says', () =>
    expect(measured(pad('n'), [1, 2])).rejects.toThrow(FaceError));
});
