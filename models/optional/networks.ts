/**
 * How the pipeline uses each optional network. Data only; `models/manifest.ts` says what a field means.
 */
import { type Network, yuNetOutputs } from '../manifest.ts';
import type { KnownFile, OptionalNetworkId } from './known-files.ts';

/** A manifest entry without what the import fills in: origin and file names. */
type Settings = Omit<Network, 'file' | 'card' | 'origin' | 'precision'>;

/** Neither network wants its pixels normalised. */
const AS_IT_IS = {
  name: 'input',
  channels: 'BGR',
  mean: [0, 0, 0],
  scale: [1, 1, 1],
  batch: 1,
} satisfies Partial<Network['input']>;

export function optionalNetwork({ network, form }: KnownFile): Settings {
  switch (network) {
    case 'minifasnet-v2':
      return miniFasNet(network, form, 'MiniFASNetV2', 2.7);
    case 'minifasnet-v1se':
      return miniFasNet(network, form, 'MiniFASNetV1SE', 4);
    case 'yunet-320':
      return yuNet(network, 320);
    case 'yunet-640':
      return yuNet(network, 640);
  }
}

/** @param scale of the crop the network was trained on, named in minivision's file names */
function miniFasNet(
  id: OptionalNetworkId,
  form: KnownFile['form'],
  title: string,
  scale: number,
): Settings {
  return {
    id,
    task: 'pad',
    title: `${title}, presentation attack detection`,
    input: {
      ...AS_IT_IS,
      layout: form === 'torch' ? 'NHWC' : 'NCHW',
      width: 80,
      height: 80,
      outside: 'edge',
      antialias: false,
    },
    crop: { kind: 'scene-box', scale },
    outputs: { scores: form === 'torch' ? 'scores' : 'output' },
    pad: { classes: 3, bonaFide: 1, activation: 'softmax' },
  };
}

function yuNet(id: OptionalNetworkId, size: number): Settings {
  const strides = [8, 16, 32];
  const tensors = strides.flatMap(yuNetOutputs);
  return {
    id,
    task: 'detector',
    title: `YuNet, ${size} x ${size}`,
    input: { ...AS_IT_IS, layout: 'NCHW', width: size, height: size, outside: 'black' },
    crop: { kind: 'frame' },
    outputs: Object.fromEntries(tensors.map((name) => [name, name])),
    decode: { kind: 'yunet', strides, minScore: 0.6, maxOverlap: 0.3 },
  };
}
