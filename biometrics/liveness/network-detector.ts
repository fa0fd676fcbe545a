/** Presentation attack detection by the networks of a pack: each `pad` network gives a verdict of its own. */
import type { Network, Pack } from '../../models/mod.ts';
import { sceneCrop } from '../align/face-crop.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { boundsOf, enlargementWithin } from '../align/scene-box.ts';
import { FaceError } from '../errors.ts';
import type { NetworkLoader, NetworkResult, RunnableNetwork } from '../runtime/network.ts';
import type { FaceScene } from '../scene.ts';
import type { DetectorVerdict } from './verdict.ts';

export interface NetworkDetector {
  /** `network:` and the network's id. */
  readonly id: string;
  /** The verdict of the network about the most prominent face. */
  judge(scene: FaceScene): Promise<DetectorVerdict>;
}

/** One detector per network of task `pad`, in the order of the pack; none when the pack has none. */
export async function createNetworkDetectors(
  pack: Pack,
  loader: NetworkLoader,
): Promise<NetworkDetector[]> {
  const networks = pack.manifest.networks.filter(({ task }) => task === 'pad');
  return await Promise.all(networks.map(async ({ id }) => detectorOf(await loader.load(id))));
}

function detectorOf(network: RunnableNetwork): NetworkDetector {
  const { spec } = network;
  const { input, crop } = spec;
  const id = `network:${spec.id}`;
  const data = new Float32Array(cropLength(input));
  return {
    id,
    async judge(scene) {
      sampleCrop(scene.pyramid, sceneCrop(crop, input, scene), input, data);
      const score = bonaFideShare(spec, await network.run(data, 1));
      if (!Number.isFinite(score)) {
        return {
          detector: id,
          score: 0,
          confidence: 0,
          reason: 'the network gave no usable score',
        };
      }
      const { confidence, limit } = evidence(spec, scene);
      const says = `bona fide ${score.toFixed(2)} in the eyes of the network`;
      return { detector: id, score, confidence, reason: limit ? `${says}; ${limit}` : says };
    },
  };
}

/** The network's probability of its bona fide class, 0..1. */
function bonaFideShare({ id, pad }: Network, { scores }: NetworkResult): number {
  if (pad === undefined || scores === undefined || pad.bonaFide >= scores.length) {
    throw new FaceError('PACK_INCOMPLETE', `network ${id}: its scores have no bona fide class`);
  }
  if (pad.activation === 'none') return Math.min(1, Math.max(0, scores[pad.bonaFide]));
  const highest = Math.max(...scores);
  const parts = Array.from(scores, (score) => Math.exp(score - highest));
  return parts[pad.bonaFide] / parts.reduce((sum, part) => sum + part, 0);
}

/**
 * How much of what the network was trained to see is in the picture: the share of the surroundings that
 * its crop wants, and of the pixels.
 */
function evidence(
  { crop, input }: Network,
  { pyramid: { picture }, mesh }: FaceScene,
): { confidence: number; limit?: string } {
  if (crop.kind !== 'scene-box') return { confidence: 1 };
  const box = boundsOf(mesh);
  const enlarged = enlargementWithin(box, crop.scale, picture);
  const surroundings = enlarged / crop.scale;
  const pixels = Math.min(1, (box.right - box.left) * enlarged / input.width);
  const confidence = surroundings * pixels;
  if (pixels < 1 && pixels < surroundings) return { confidence, limit: 'the face is small' };
  if (surroundings < 1) return { confidence, limit: 'little is seen of what surrounds the face' };
  return { confidence };
}
