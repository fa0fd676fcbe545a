/** Source files, random inputs and ONNX runs for the agreement tests. */
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { convertDefaultNetwork } from '../../../models/default/convert.ts';
import { DEFAULT_NETWORKS, type NetworkSettings } from '../../../models/default/networks.ts';
import { readSources } from '../../../models/default/source-files.ts';
import { type DefaultNetworkId, SOURCES } from '../../../models/default/sources.ts';

/** The source files of a default network, hashes checked. */
export async function sourceFiles(id: DefaultNetworkId): Promise<Uint8Array[]> {
  return await readSources(SOURCES[id], import.meta.dir);
}

/** Repeatable numbers in 0..1 (Numerical Recipes' linear congruential generator). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where a face fills the picture that comes with face-api, in its pixels. */
const FACE = { left: 314, top: 270, width: 400, height: 400 };
const PHOTOGRAPH = '../../../node_modules/@vladmandic/face-api/demo/sample1.jpg';

/** A face as the network's input tensor, for outputs that say nothing about noise. */
export async function photographInput(id: DefaultNetworkId): Promise<Tensor> {
  const { input } = settingsOf(id);
  const pixels = await sharp(join(import.meta.dir, PHOTOGRAPH))
    .extract(FACE)
    .resize(input.width, input.height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
  return normalised(id, (i) => pixels[i]);
}

/** A random picture as the network's input tensor: random bytes, normalised as its manifest entry says. */
export function randomInput(id: DefaultNetworkId, seed = 1): Tensor {
  const next = seededNumbers(seed);
  return normalised(id, () => Math.floor(next() * 256));
}

function settingsOf(id: DefaultNetworkId): NetworkSettings {
  return DEFAULT_NETWORKS.find((network) => network.id === id)!;
}

function normalised(id: DefaultNetworkId, pixel: (i: number) => number): Tensor {
  const { input } = settingsOf(id);
  const data = Float32Array.from(
    { length: input.height * input.width * 3 },
    (_, i) => (pixel(i) - input.mean[i % 3]) * input.scale[i % 3],
  );
  return { data, shape: [1, input.height, input.width, 3] };
}

export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Converts a default network and runs it in ONNX Runtime. */
export async function runConverted(
  id: DefaultNetworkId,
  input: Tensor,
): Promise<Record<string, Tensor>> {
  return await runOnnx(await convert(id), input);
}

/** The .onnx file of a default network. */
export async function convert(id: DefaultNetworkId): Promise<Uint8Array> {
  return convertDefaultNetwork(id, await sourceFiles(id), settingsOf(id).input.batch);
}

export async function runOnnx(onnx: Uint8Array, input: Tensor): Promise<Record<string, Tensor>> {
  const session = await ort.InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const results = await session.run({
    input: new ort.Tensor('float32', input.data, [...input.shape]),
  });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, result]) => [
      name,
      { data: result.data as Float32Array, shape: result.dims },
    ]),
  );
}

/** Largest absolute difference, and the largest absolute reference value to judge it by. */
export function difference(
  found: ArrayLike<number>,
  reference: ArrayLike<number>,
): { most: number; scale: number } {
  if (found.length !== reference.length) {
    throw new Error(`${found.length} values, the reference has ${reference.length}`);
  }
  let most = 0;
  let scale = 0;
  for (let i = 0; i < found.length; i++) {
    most = Math.max(most, Math.abs(found[i] - reference[i]));
    scale = Math.max(scale, Math.abs(reference[i]));
  }
  return { most, scale };
}
