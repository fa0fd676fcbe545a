import { describe, expect, test } from 'bun:test';
import { closeLids } from '../../../../bench/pad-sequences/lids.ts';
import { renderSequence } from '../../../../bench/pad-sequences/sequence.ts';
import type { SurfaceKind } from '../../../../bench/pad-sequences/surface.ts';
import { decodePicture } from '../../../../biometrics/image/mod.ts';
import { refineEyes } from '../../../../biometrics/landmarks/iris.ts';
import { eyeOpenness } from '../../../../biometrics/liveness/sequence/eye-openness.ts';
import type { SequenceFrame } from '../../../../biometrics/liveness/sequence/frame.ts';
import { scoreRigidity } from '../../../../biometrics/liveness/sequence/rigidity.ts';
import { createFaceLocator } from '../../../../biometrics/locate.ts';
import { createOnnxLoader } from '../../../../biometrics/runtime/network.ts';
import type { Picture } from '../../../../biometrics/types.ts';
import { seeded } from '../../support/crowd.ts';
import { defaultPack, photograph } from '../../support/engine.ts';

const pack = await defaultPack();
const loader = createOnnxLoader(pack);
const locator = await createFaceLocator(pack, loader);

async function portrait(): Promise<{ still: Picture; mesh: Float32Array }> {
  const whole = await decodePicture(await Bun.file(photograph(1)).bytes());
  const { scene: { faces: [{ box }] } } = await locator.locate(whole);
  const width = Math.min(whole.width, whole.height, Math.round(3 * (box.right - box.left)));
  const start = (middle: number, end: number) =>
    Math.max(0, Math.min(end - width, Math.round(middle - width / 2)));
  const left = start((box.left + box.right) / 2, whole.width);
  const top = start((box.top + box.bottom) / 2, whole.height);
  const data = new Uint8Array(3 * width * width);
  for (let y = 0; y < width; y++) {
    const from = 3 * ((top + y) * whole.width + left);
    data.set(whole.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  const still = { width, height: width, data };
  return { still, mesh: (await locator.locate(still)).scene.mesh };
}

async function film(kind: SurfaceKind): Promise<SequenceFrame[]> {
  const { still, mesh } = await portrait();
  const plan = { kind, held: 'hand', amplitude: 18, frames: 6, framesPerSecond: 3 } as const;
  const camera = { width: 256, height: 256, focal: 328 };
  const frames: SequenceFrame[] = [];
  for (
    const { timeMs, picture } of renderSequence(
      { ...plan, noise: 3, camera },
      still,
      mesh,
      seeded(2),
    )
  ) frames.push({ timeMs, scene: (await locator.locate(picture)).scene });
  return frames;
}

describe('rendered sequences of a photograph, through the networks', () => {
  test('a head is solid and its print is not', async () => {
    const head = scoreRigidity(await film('head'), { turnAsked: true });
    const print = scoreRigidity(await film('flat'), { turnAsked: true });
    expect(head.score).toBeGreaterThan(0.5);
    expect(print.score).toBeLessThan(0.5);
  }, 60_000);

  test('closed lids look closed', async () => {
    const network = await loader.load(pack.manifest.networks.find((n) => n.task === 'iris')!.id);
    const { still, mesh } = await portrait();
    const openness = async (closed: number) => {
      const { scene } = await locator.locate(closeLids(still, mesh, closed));
      const eyes = await refineEyes(network, scene.pyramid, scene.mesh);
      return eyeOpenness({ timeMs: 0, scene, eyes });
    };
    expect(await openness(1)).toBeLessThan(0.6 * await openness(0));
  }, 60_000);
});
