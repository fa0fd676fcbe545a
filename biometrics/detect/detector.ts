/**
 * Finds every face of a picture. The network first sees the whole frame. When that shows nothing, the
 * picture is looked at from further away (a face that fills the frame). When there are small faces at
 * most, four overlapping quarters are looked at as well (faces too small for the first look).
 */
import type { AnchorDecoding, Network } from '../../models/mod.ts';
import { type Affine, letterbox } from '../align/affine.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, sampleCrop } from '../align/sample.ts';
import { FaceError } from '../errors.ts';
import type { NetworkLoader, NetworkResult } from '../runtime/network.ts';
import type { DetectedFace } from '../types.ts';
import { anchorCentres, decodeAnchors } from './anchors.ts';
import { byProminence, mergeDetections } from './merge.ts';
import { decodeYuNet } from './yunet.ts';

/** Share of the picture's width and height that a quarter view covers; neighbours overlap by a quarter. */
const QUARTER = 0.625;

/**
 * A face narrower than this share of the picture's longer side is small: others beside it may be too
 * small for the first look, which finds all faces only from about 0.075 on (docs/decisions/one-detector.md).
 */
const SMALL = 0.1;

export interface Detector {
  /** All faces, the most prominent first; empty when there are none. */
  detect(pyramid: Pyramid): Promise<DetectedFace[]>;
}

/** @throws FaceError PACK_INCOMPLETE when the network has no decoding rule, or one for other outputs */
export async function createDetector(id: string, loader: NetworkLoader): Promise<Detector> {
  const network = await loader.load(id);
  const { input, decode: rule } = network.spec;
  if (rule === undefined) throw new FaceError('PACK_INCOMPLETE', `network ${id}: no decoding rule`);
  const decode = decoderOf(network.spec, rule);
  const data = new Float32Array(cropLength(input));
  const look = async (pyramid: Pyramid, m: Affine) => {
    sampleCrop(pyramid, m, input, data);
    return decode(await network.run(data, 1), m);
  };

  return {
    async detect(pyramid) {
      const { width, height } = pyramid.picture;
      const whole = letterbox(width, height, input.width, input.height);
      let faces = await look(pyramid, whole);
      if (faces.length === 0) faces = await look(pyramid, fromFurther(whole, width, height));
      const small = SMALL * Math.max(width, height);
      if (faces.every(({ box }) => box.right - box.left < small)) {
        for (const quarter of quarters(width, height, input.width, input.height)) {
          faces.push(...await look(pyramid, quarter));
        }
      }
      return byProminence(mergeDetections(faces, rule.maxOverlap), width, height);
    },
  };
}

/** Turns what the network says of a crop into faces; `m` maps crop pixels to picture pixels. */
type Decoder = (result: NetworkResult, m: Affine) => DetectedFace[];

function decoderOf(spec: Network, rule: NonNullable<Network['decode']>): Decoder {
  if (rule.kind === 'yunet') return (result, m) => decodeYuNet(result, rule, spec.input, m);
  const named = byRole(spec, rule);
  const centres = anchorCentres(spec.input, rule);
  return (result, m) => decodeAnchors(result, named, centres, m);
}

/** The decoding rule with the roles of the tensors that it names. */
function byRole({ id, outputs }: Network, decode: AnchorDecoding): AnchorDecoding {
  const roleOf = (tensor: string) => {
    const role = Object.keys(outputs).find((key) => outputs[key] === tensor);
    if (role !== undefined) return role;
    throw new FaceError('PACK_INCOMPLETE', `network ${id}: no output role for tensor ${tensor}`);
  };
  return { ...decode, scores: decode.scores.map(roleOf), boxes: decode.boxes.map(roleOf) };
}

/** The same view at half the size, so that a face larger than the frame fits into it. */
function fromFurther(m: Affine, width: number, height: number): Affine {
  const x = (width - 1) / 2, y = (height - 1) / 2;
  return [2 * m[0], 0, 2 * m[2] - x, 0, 2 * m[4], 2 * m[5] - y];
}

function quarters(width: number, height: number, cropWidth: number, cropHeight: number): Affine[] {
  const partWidth = width * QUARTER, partHeight = height * QUARTER;
  const views: Affine[] = [];
  for (const top of [0, height - partHeight]) {
    for (const left of [0, width - partWidth]) {
      const m = letterbox(partWidth, partHeight, cropWidth, cropHeight);
      views.push([m[0], 0, m[2] + left, 0, m[4], m[5] + top]);
    }
  }
  return views;
}
