/**
 * Checks that a manifest makes sense beyond its schema: references resolve, tasks have what they
 * need, numbers fit each other, and the ONNX files have the inputs and outputs it promises.
 */
import { PackError } from './errors.ts';
import { type Manifest, type Network, yuNetOutputs } from './manifest.ts';
import { type OnnxSignature, readOnnxSignature } from './onnx-reader.ts';
import type { Pack } from './pack.ts';

/** Fused weights may miss 1 by rounding only. */
const WEIGHT_TOLERANCE = 1e-6;
const FLOAT_BYTES = 4;

/** Output roles that the pipeline asks for, by task. Detectors with anchors name theirs in `decode`. */
const ROLES: Readonly<Record<Network['task'], readonly string[]>> = {
  detector: [],
  mesh: ['points', 'presence'],
  iris: ['points'],
  segmentation: ['mask'],
  embedder: ['embedding'],
  pad: ['scores'],
};

/** @throws PackError PACK_MALFORMED; the message names the network or file */
export async function checkMeaning(pack: Pack): Promise<void> {
  const { manifest } = pack;
  const sizes = fileSizes(manifest);
  checkUnique('network', manifest.networks.map(({ id }) => id));
  for (const path of Object.values(manifest.calibration)) {
    if (path !== undefined && !sizes.has(path)) {
      throw malformed(`calibration file ${path} is not listed in files`);
    }
  }
  for (const network of manifest.networks) {
    checkNetwork(network, sizes);
    checkTensors(network, readOnnxSignature(network.file, await pack.read(network.file)));
  }
  checkFusion(manifest.networks);
}

function fileSizes(manifest: Manifest): Map<string, number> {
  checkUnique('file', manifest.files.map(({ path }) => path));
  return new Map(manifest.files.map(({ path, bytes }) => [path, bytes]));
}

function checkUnique(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw malformed(`${what} ${twice} is listed twice`);
}

function checkNetwork(network: Network, sizes: ReadonlyMap<string, number>): void {
  const { embedding, decode, pad } = network;
  const references = [
    network.file,
    network.card,
    network.origin.licenceText,
    embedding?.mean,
    embedding?.projection,
  ];
  for (const path of references) {
    if (path !== undefined && !sizes.has(path)) {
      throw wrong(network, `${path} is not listed in files`);
    }
  }
  if ((network.task === 'detector') !== (decode !== undefined)) {
    throw wrong(network, 'decode belongs to detectors and to nothing else');
  }
  if ((network.task === 'embedder') !== (embedding !== undefined)) {
    throw wrong(network, 'embedding belongs to embedders and to nothing else');
  }
  if ((network.task === 'pad') !== (pad !== undefined)) {
    throw wrong(network, 'pad belongs to networks of task pad and to nothing else');
  }
  if (pad !== undefined && pad.bonaFide >= pad.classes) {
    throw wrong(network, `bonaFide ${pad.bonaFide} is none of ${pad.classes} classes`);
  }
  for (const role of rolesOf(network)) {
    if (network.outputs[role] === undefined) throw wrong(network, `outputs lacks ${role}`);
  }
  checkDecoding(network);
  checkEmbeddingFiles(network, sizes);
}

function rolesOf({ task, decode }: Network): readonly string[] {
  if (decode?.kind !== 'yunet') return ROLES[task];
  return decode.strides.flatMap(yuNetOutputs);
}

function checkDecoding(network: Network): void {
  const { decode, input } = network;
  if (decode === undefined) return;
  if (decode.kind === 'anchors') {
    const { scores, boxes, layers } = decode;
    if (
      scores.length !== boxes.length || (scores.length !== 1 && scores.length !== layers.length)
    ) {
      throw wrong(network, 'decode needs one score and one box tensor, or one of each per layer');
    }
  }
  const strides = decode.kind === 'anchors'
    ? decode.layers.map(({ stride }) => stride)
    : decode.strides;
  for (const stride of strides) {
    if (input.width % stride !== 0 || input.height % stride !== 0) {
      throw wrong(network, `stride ${stride} does not divide ${input.width}x${input.height}`);
    }
  }
}

function checkEmbeddingFiles(network: Network, sizes: ReadonlyMap<string, number>): void {
  const { embedding } = network;
  if (embedding === undefined) return;
  const { size, mean, projection, projectedSize } = embedding;
  if ((projection === undefined) !== (projectedSize === undefined)) {
    throw wrong(network, 'projection and projectedSize belong together');
  }
  const expect = (path: string | undefined, floats: number) => {
    if (path !== undefined && sizes.get(path) !== floats * FLOAT_BYTES) {
      throw wrong(network, `${path} must hold ${floats} float32 values`);
    }
  };
  expect(mean, size);
  expect(projection, size * (projectedSize ?? 0));
}

function checkTensors(network: Network, signature: OnnxSignature): void {
  const { input, decode, embedding, pad } = network;
  const found = signature.inputs.find(({ name }) => name === input.name);
  if (found === undefined || signature.inputs.length !== 1) {
    throw wrong(network, `${network.file} does not have ${input.name} as its one input`);
  }
  const size = input.layout === 'NHWC'
    ? [input.height, input.width, 3]
    : [3, input.height, input.width];
  const batch = input.batch === 'N' ? undefined : input.batch;
  if (!sameShape(found.shape, [batch, ...size])) {
    throw wrong(
      network,
      `the input of ${network.file} has shape [${found.shape.map((axis) => axis ?? 'N')}], ` +
        `the manifest says [${input.batch},${size}]`,
    );
  }
  const outputs = new Map(signature.outputs.map((output) => [output.name, output]));
  const anchors = decode?.kind === 'anchors' ? decode : undefined;
  const promised = [
    ...Object.values(network.outputs),
    ...anchors?.scores ?? [],
    ...anchors?.boxes ?? [],
  ];
  for (const name of promised) {
    if (!outputs.has(name)) throw wrong(network, `${network.file} has no output ${name}`);
  }
  const length = outputs.get(network.outputs.embedding ?? '')?.shape.at(-1);
  if (embedding !== undefined && length !== undefined && length !== embedding.size) {
    throw wrong(
      network,
      `${network.file} gives ${length} numbers, embedding.size says ${embedding.size}`,
    );
  }
  const classes = outputs.get(network.outputs.scores ?? '')?.shape.at(-1);
  if (pad !== undefined && classes !== undefined && classes !== pad.classes) {
    throw wrong(
      network,
      `${network.file} gives ${classes} scores, pad.classes says ${pad.classes}`,
    );
  }
}

function sameShape(
  found: readonly (number | undefined)[],
  wanted: readonly (number | undefined)[],
): boolean {
  return found.length === wanted.length && found.every((axis, i) => axis === wanted[i]);
}

function checkFusion(networks: readonly Network[]): void {
  const embedders = networks.filter((network) => network.embedding !== undefined);
  if (embedders.length === 0) return;
  const sum = embedders.reduce((total, { embedding }) => total + embedding!.weight, 0);
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) {
    const names = embedders.map(({ id }) => id).join(', ');
    throw malformed(`the weights of the embedders ${names} sum to ${sum}, not 1`);
  }
}

function wrong(network: Network, what: string): PackError {
  return malformed(`network ${network.id}: ${what}`);
}

function malformed(what: string): PackError {
  return new PackError('PACK_MALFORMED', what);
}
