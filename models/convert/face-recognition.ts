/**
 * Reads the recognition network of @vladmandic/face-api: dlib's 29-layer ResNet with 128 outputs. The
 * package ships weights only; the topology is dlib's `dnn_face_recognition_resnet_v1`.
 */
import { z } from 'zod';
import { PackError } from '../errors.ts';
import type { Extent, Graph, NodeRef, Operation, Padding } from './graph.ts';
import { readTfjsWeights, WeightsManifestSchema } from './tfjs/weights.ts';
import { elementCount, type Weight, weight } from './weight.ts';

const INPUT_SIZE = 150;
/** Mean colour of dlib's training pictures, RGB 0..255, and the divisor that follows (dlib: input_rgb_image). */
const MEAN_RGB = [122.782, 117.001, 104.298];
const DIVISOR = 255;
/** Blocks in order; `down` halves the picture and may widen it. */
const BLOCKS: readonly { readonly name: string; readonly down: boolean }[] = [
  ...blocks('conv32', 3, false),
  ...blocks('conv64', 3, true),
  ...blocks('conv128', 2, true),
  ...blocks('conv256', 2, true),
  { name: 'conv256_down_out', down: true },
];

function blocks(stem: string, count: number, startsDown: boolean) {
  const down = startsDown ? [{ name: `${stem}_down`, down: true }] : [];
  const plain = Array.from(
    { length: count },
    (_, i) => ({ name: `${stem}_${i + 1}`, down: false }),
  );
  return [...down, ...plain];
}

/**
 * The network from RGB 0..255 to the 128 numbers, unnormalised. Each convolution's bias and the scale
 * layer behind it are one biased convolution; the input normalisation is part of the first.
 * @throws PackError CONVERSION_UNSUPPORTED
 */
export function readFaceRecognition(
  label: string,
  manifestJson: Uint8Array,
  weightFile: Uint8Array,
): Graph {
  const manifest = WeightsManifestSchema.safeParse(
    JSON.parse(new TextDecoder().decode(manifestJson)),
  );
  if (!manifest.success) {
    throw new PackError('CONVERSION_UNSUPPORTED', `${label}: ${z.prettifyError(manifest.error)}`);
  }
  const builder = new ResNetBuilder(label, readTfjsWeights(label, manifest.data, weightFile));
  return builder.build();
}

interface Feature {
  readonly ref: NodeRef;
  readonly size: number;
  readonly channels: number;
}

class ResNetBuilder {
  #label: string;
  #weights: Map<string, Weight>;
  #nodes = new Map<string, Operation>();

  constructor(label: string, weights: Map<string, Weight>) {
    this.#label = label;
    this.#weights = weights;
  }

  build(): Graph {
    const stem = this.#convolution({ ref: 'input', size: INPUT_SIZE, channels: 3 }, 'conv32_down', {
      stride: 2,
      padding: 'VALID',
      relu: true,
    });
    const pooled = this.#add('pool', {
      op: 'max-pool',
      x: stem.ref,
      window: [3, 3],
      stride: [2, 2],
      padding: 'VALID',
    });
    let x: Feature = { ...stem, ref: pooled, size: Math.floor((stem.size - 3) / 2) + 1 };
    for (const block of BLOCKS) x = this.#residual(x, block.name, block.down);
    const mean = this.#add('mean', { op: 'global-mean', x: x.ref, keepAxes: false });
    const weights = this.#weight('fc');
    return {
      name: this.#label,
      input: { name: 'input', shape: [INPUT_SIZE, INPUT_SIZE, 3] },
      nodes: this.#nodes,
      outputs: [{ node: this.#add('fc', { op: 'dense', x: mean, weights }), name: 'descriptor' }],
    };
  }

  #weight(name: string): Weight {
    const found = this.#weights.get(name);
    if (found === undefined) {
      throw new PackError('CONVERSION_UNSUPPORTED', `${this.#label}: weight ${name} is missing`);
    }
    return found;
  }

  #add(name: string, operation: Operation): NodeRef {
    this.#nodes.set(name, operation);
    return name;
  }

  #relu(name: string, x: NodeRef): NodeRef {
    return this.#add(name, { op: 'clip', x, low: 0, high: Infinity });
  }

  #convolution(
    x: Feature,
    name: string,
    options: { stride: number; padding: Padding; relu: boolean },
  ): Feature {
    const { stride, padding, relu } = options;
    const scaled = scaledOutputs(
      this.#weight(`${name}/conv/filters`),
      this.#weight(`${name}/conv/bias`),
      this.#weight(`${name}/scale/weights`),
      this.#weight(`${name}/scale/biases`),
    );
    const { filter, bias } = x.ref === 'input' ? withNormalisation(scaled) : scaled;
    const [kernel, , , channels] = filter.shape;
    const ref = this.#add(name, {
      op: 'conv',
      x: x.ref,
      filter,
      bias,
      stride: [stride, stride],
      padding,
    });
    const size = padding === 'SAME'
      ? Math.ceil(x.size / stride)
      : Math.floor((x.size - kernel) / stride) + 1;
    return { ref: relu ? this.#relu(`${name}/relu`, ref) : ref, size, channels };
  }

  #residual(x: Feature, name: string, down: boolean): Feature {
    const first = this.#convolution(x, `${name}/conv1`, {
      stride: down ? 2 : 1,
      padding: down ? 'VALID' : 'SAME',
      relu: true,
    });
    const second = this.#convolution(first, `${name}/conv2`, {
      stride: 1,
      padding: 'SAME',
      relu: false,
    });
    const shortcut = down ? this.#pooled(x, name) : x;
    const size = shortcut.size;
    const long = this.#padded(second, `${name}/long`, size, second.channels);
    const short = this.#padded(shortcut, `${name}/short`, size, second.channels);
    const sum = this.#add(`${name}/sum`, { op: 'add', x: long.ref, y: short.ref });
    return { ref: this.#relu(`${name}/relu`, sum), size, channels: second.channels };
  }

  #pooled(x: Feature, name: string): Feature {
    const ref = this.#add(`${name}/pool`, {
      op: 'average-pool',
      x: x.ref,
      window: [2, 2],
      stride: [2, 2],
      padding: 'VALID',
    });
    return { ...x, ref, size: Math.floor((x.size - 2) / 2) + 1 };
  }

  /** Zeros at the lower and right edge and behind the last channel, where a branch is smaller. */
  #padded(x: Feature, name: string, size: number, channels: number): Feature {
    if (x.size === size && x.channels === channels) return x;
    const edge: Extent = [0, size - x.size];
    const amounts: Extent[] = [[0, 0], edge, edge, [0, channels - x.channels]];
    return { ref: this.#add(name, { op: 'pad', x: x.ref, amounts }), size, channels };
  }
}

interface Biased {
  readonly filter: Weight;
  readonly bias: Weight;
}

/** scale * (filter * x + bias) + shift, as one filter and one bias. */
function scaledOutputs(filter: Weight, bias: Weight, scale: Weight, shift: Weight): Biased {
  const outputs = filter.shape[3];
  const factors = scale.values;
  const values = filter.values.map((value, i) => value * factors[i % outputs]);
  const codes = filter.codes && {
    ...filter.codes,
    multiplier: factors.map((factor) => factor * filter.codes!.multiplier[0]),
  };
  const biases = bias.values.map((value, i) => value * factors[i] + shift.values[i]);
  return { filter: { shape: filter.shape, values, codes }, bias: weight(biases, [outputs]) };
}

/** The convolution of (x - mean) / divisor, as one of x; exact because nothing is padded. */
function withNormalisation({ filter, bias }: Biased): Biased {
  const [, , , outputs] = filter.shape;
  const shifted = Float64Array.from(bias.values);
  const values = new Float32Array(elementCount(filter.shape));
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / outputs) % 3;
    const scaled = filter.values[i] / DIVISOR;
    values[i] = scaled;
    shifted[i % outputs] -= scaled * MEAN_RGB[channel];
  }
  return {
    filter: weight(values, filter.shape),
    bias: weight(Float32Array.from(shifted), [outputs]),
  };
}
