import { describe, expect, test } from 'bun:test';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { createNetworkDetectors } from '../../../biometrics/liveness/network-detector.ts';
import type { FaceScene } from '../../../biometrics/scene.ts';
import type { Network } from '../../../models/mod.ts';
import { fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { paint } from '../support/pictures.ts';

const pad = (id: string, rest: Partial<Network> = {}) =>
  networkEntry(id, 'pad', {
    crop: { kind: 'scene-box', scale: 2 },
    outputs: { scores: 'out' },
    pad: { bonaFide: 1, activation: 'softmax' },
    ...rest,
  });

/** A picture red on its left half, with a face of the given size in its middle. */
function sceneOf(width: number, height: number, face: number): FaceScene {
  const picture = paint(width, height, (x) => [x < width / 2 ? 255 : 0, 0, 0]);
  const [x, y, r] = [width / 2, height / 2, face / 2];
  return {
    pyramid: new Pyramid(picture),
    faces: [],
    mesh: Float32Array.of(x - r, y - r, 0, x + r, y + r, 0),
  };
}

async function verdictOf(network: Network, scores: number[], scene: FaceScene) {
  const pack = fakePack([network]);
  const { loader, calls } = fakeLoader(pack, () => ({ scores: Float32Array.from(scores) }));
  const [detector] = await createNetworkDetectors(pack, loader);
  return { verdict: await detector.judge(scene), calls };
}

describe('createNetworkDetectors', () => {
  test('gives one detector per PAD network, in order, and none without', async () => {
    const pack = fakePack([pad('one'), networkEntry('mesh', 'mesh'), pad('two')]);
    const { loader } = fakeLoader(pack, () => ({}));
    expect((await createNetworkDetectors(pack, loader)).map(({ id }) => id))
      .toEqual(['network:one', 'network:two']);
    const none = fakePack([networkEntry('mesh', 'mesh')]);
    expect(await createNetworkDetectors(none, loader)).toEqual([]);
  });
});

describe('a network detector', () => {
  test('scores by the softmax of its bona fide class', async () => {
    const { verdict } = await verdictOf(pad('n'), [0, Math.log(3), -1e9], sceneOf(64, 64, 16));
    expect(verdict.detector).toBe('network:n');
    expect(verdict.score).toBeCloseTo(0.75);
    expect(verdict.confidence).toBe(1);
    expect(verdict.reason).toBe('bona fide 0.75 in the eyes of the network');
  });

  test('takes probabilities as they are', async () => {
    const network = pad('n', { pad: { bonaFide: 0, activation: 'none' } });
    expect((await verdictOf(network, [0.3, 0.7], sceneOf(64, 64, 16))).verdict.score)
      .toBeCloseTo(0.3);
    expect((await verdictOf(network, [1.2], sceneOf(64, 64, 16))).verdict.score).toBe(1);
  });

  test('looks at twice the face, as its crop says', async () => {
    const { calls } = await verdictOf(pad('n'), [0, 1], sceneOf(64, 64, 16));
    const row = calls[0].data.subarray(0, 24);
    expect([...row].filter((_, i) => i % 3 === 0)).toEqual([255, 255, 255, 255, 0, 0, 0, 0]);
  });

  test('is less sure where the picture ends before its surroundings do', async () => {
    const { verdict } = await verdictOf(pad('n'), [0, 9], sceneOf(64, 64, 60));
    expect(verdict.confidence).toBeCloseTo(64 / 120);
    expect(verdict.reason).toMatch(/; little is seen of what surrounds the face$/);
  });

  test('is less sure of a face smaller than its input', async () => {
    const { verdict } = await verdictOf(pad('n'), [0, 9], sceneOf(64, 64, 2));
    expect(verdict.confidence).toBeCloseTo(0.5);
    expect(verdict.reason).toMatch(/; the face is small$/);
  });

  test('cannot judge when the network gives no numbers', async () => {
    const { verdict } = await verdictOf(pad('n'), [NaN, 1], sceneOf(64, 64, 16));
    expect([verdict.score, verdict.confidence]).toEqual([0, 0]);
  });

  test('refuses scores without the bona fide class', () =>
    expect(verdictOf(pad('n'), [1], sceneOf(64, 64, 16))).rejects.toThrow(FaceError));
});
