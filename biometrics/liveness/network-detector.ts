/**
 * Presentation attack detection by the networks of a pack. What a network says is evidence like any other
 * measurement: the calibration decides how much it weighs, since the score that separates best moves
 * with camera and light.
 */
import type { Network, Pack } from '../../models/mod.ts';
import { sceneCrop } from '../align/face-crop.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { boundsOf, enlargementWithin } from '../align/scene-box.ts';
import { FaceError } from '../errors.ts';
import type { NetworkLoader, RunnableNetwork } from '../runtime/network.ts';
import type { PadDetector } from './detector.ts';

/** Probabilities of networks that give no logits are held above this, so that logarithms stay finite. */
const SMALLEST = 1e-6;

/**
 * A network whose crop shows what surrounds a face cannot judge a picture that is hardly larger than the
 * face. Of 50 synthetic bona fide presentations MiniFASNetV2 took 78 % for live, of the same pictures cut to
 * 1.5 times the face 76 %, cut to 1.2 times 27 %.
 */
const LEAST_SURROUNDINGS = 1.5;

/** One detector per network of task `pad`, in the order of the pack; none when the pack has none. */
export async function createNetworkDetectors(
  pack: Pack,
  loader: NetworkLoader,
): Promise<PadDetector[]> {
  const networks = pack.manifest.networks.filter(({ task }) => task === 'pad');
  return await Promise.all(networks.map(async ({ id }) => detectorOf(await loader.load(id))));
}

/**
 * `network-` and the network's id. The features are the log-odds of bona fide against each other class.
 */
function detectorOf(network: RunnableNetwork): PadDetector {
  const { spec } = network;
  const { input, crop, pad, title } = spec;
  if (pad === undefined) throw new FaceError('PACK_INCOMPLETE', `network ${spec.id}: no pad entry`);
  const others = Array.from({ length: pad.classes }, (_, i) => i).filter((i) => i !== pad.bonaFide);
  const data = new Float32Array(cropLength(input));
  return {
    id: `network-${spec.id}`,
    features: others.map((i) => `over-class-${i}`),
    words: {
      attack: `${title}: looks like an attack`,
      bonaFide: `${title}: looks like a live face`,
    },
    ownOdds: (values) => -Math.log(values.reduce((sum, value) => sum + Math.exp(-value), 0)),
    async measure({ scene }) {
      if (crop.kind === 'scene-box') {
        const { pyramid: { picture }, mesh } = scene;
        const room = enlargementWithin(boundsOf(mesh), crop.scale, picture);
        if (room < Math.min(crop.scale, LEAST_SURROUNDINGS)) return undefined;
      }
      sampleCrop(scene.pyramid, sceneCrop(crop, input, scene), input, data);
      const logits = logitsOf(spec, (await network.run(data, 1)).scores, pad);
      return others.map((i) => logits[pad.bonaFide] - logits[i]);
    },
  };
}

function logitsOf(
  { id }: Network,
  scores: Float32Array,
  { classes, activation }: NonNullable<Network['pad']>,
): ArrayLike<number> {
  if (scores.length !== classes) {
    throw new FaceError(
      'PACK_INCOMPLETE',
      `network ${id}: ${scores.length} scores, not ${classes}`,
    );
  }
  if (activation === 'softmax') return scores;
  return Array.from(scores, (share) => Math.log(Math.max(SMALLEST, share)));
}
