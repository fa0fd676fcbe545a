/**
 * Runs a guidance network in the page, without WebAssembly and without a library: the networks have eleven
 * operators between them (docs/decisions/guidance-in-plain-javascript.md). Work is cut into slices, so that
 * the page answers between them.
 */
import {
  filterPlanes,
  largest,
  mixPlanes,
  outputSize,
  rectify,
  type Tensor,
  unfold,
  type Window,
} from './kernels.ts';
import { type Graph, readGraph, type Step } from './onnx.ts';

/** Milliseconds of work before the page gets a turn. */
const SLICE_MS = 12;

export interface GuidanceNetwork {
  /**
   * Runs once, after runs that are under way: a capture that was ended may still be at its last look.
   * @param data height x width x 3 numbers, pixel by pixel
   * @returns the named outputs
   */
  run(
    data: Float32Array,
    width: number,
    height: number,
    outputs: readonly string[],
  ): Promise<Record<string, Float32Array>>;
}

/** @throws Error for a file that is no ONNX graph or has an operator that is not known here */
export function openNetwork(bytes: Uint8Array): GuidanceNetwork {
  const graph = readGraph(bytes);
  const unknown = graph.steps.find(({ operator }) => !Object.hasOwn(OPERATORS, operator));
  if (unknown) throw new Error(`guidance network: operator ${unknown.operator}`);
  const memory = new Memory();
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(data, width, height, outputs) {
      const next = last.then(() => runOnce(graph, memory, { data, width, height }, outputs));
      last = next.catch(() => {});
      return next;
    },
  };
}

async function runOnce(
  graph: Graph,
  memory: Memory,
  { data, width, height }: Omit<Tensor, 'channels'>,
  outputs: readonly string[],
): Promise<Record<string, Float32Array>> {
  const tensors = new Map<string, Tensor>();
  tensors.set('input', { channels: height, height: width, width: 3, data });
  let sliceStart = performance.now();
  for (const step of graph.steps) {
    tensors.set(step.output, OPERATORS[step.operator]({ step, graph, tensors, memory }));
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await turn();
    sliceStart = performance.now();
  }
  return Object.fromEntries(outputs.map((name) => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`guidance network: no output ${name}`);
    // tensors are used again by the next run
    return [name, found.data.slice()];
  }));
}

/** Buffers by the name of what they hold, kept from run to run. */
class Memory {
  readonly #buffers = new Map<string, Float32Array>();

  take(name: string, length: number): Float32Array {
    let buffer = this.#buffers.get(name);
    if (buffer?.length !== length) this.#buffers.set(name, buffer = new Float32Array(length));
    return buffer;
  }
}

interface Job {
  readonly step: Step;
  readonly graph: Graph;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly memory: Memory;
}

const OPERATORS: Readonly<Record<string, (job: Job) => Tensor>> = {
  Conv: convolve,
  Add(job) {
    const a = input(job, 0), b = input(job, 1);
    if (a.data.length !== b.data.length) throw new Error('guidance network: Add of unlike tensors');
    const out = like(job, a);
    for (let i = 0; i < out.data.length; i++) out.data[i] = a.data[i] + b.data[i];
    return out;
  },
  Relu(job) {
    const out = like(job, input(job, 0));
    rectify(input(job, 0), undefined, out.data);
    return out;
  },
  PRelu(job) {
    const out = like(job, input(job, 0));
    rectify(input(job, 0), constant(job, 1), out.data);
    return out;
  },
  MaxPool(job) {
    const from = input(job, 0), window = windowOf(job.step);
    const out = fresh(job, from.channels, outputSize(from, window));
    largest(from, window, out);
    return out;
  },
  /** The channels of one behind those of the other. */
  Concat(job) {
    const a = input(job, 0), b = input(job, 1);
    const axis = job.step.attributes.axis?.[0];
    if (axis !== 1 || job.step.inputs.length !== 2 || a.width * a.height !== b.width * b.height) {
      throw new Error('guidance network: Concat of another kind');
    }
    const out = fresh(job, a.channels + b.channels, a);
    out.data.set(a.data);
    out.data.set(b.data, a.data.length);
    return out;
  },
  /** Channels of zeros behind the others. */
  Pad(job) {
    const from = input(job, 0), pads = [...constant(job, 1)];
    const added = pads[5];
    if (pads.some((value, i) => value !== 0 && i !== 5)) {
      throw new Error('guidance network: Pad of rows or columns');
    }
    const out = fresh(job, from.channels + added, from);
    out.data.set(from.data);
    out.data.fill(0, from.data.length);
    return out;
  },
  Sigmoid(job) {
    const from = input(job, 0), out = like(job, from);
    for (let i = 0; i < out.data.length; i++) out.data[i] = 1 / (1 + Math.exp(-from.data[i]));
    return out;
  },
  Transpose: transpose,
  // shapes do not matter to those who read the outputs, and precision was widened while reading
  Reshape: (job) => input(job, 0),
  Identity: (job) => input(job, 0),
  Cast: (job) => ({
    channels: 1,
    height: 1,
    width: constant(job, 0).length,
    data: constant(job, 0),
  }),
};

function convolve(job: Job): Tensor {
  const from = input(job, 0), weights = constant(job, 1);
  const bias = job.step.inputs.length > 2 ? constant(job, 2) : undefined;
  const window = windowOf(job.step);
  const [group] = job.step.attributes.group ?? [1];
  const { size: [rows, columns], stride, pads } = window;
  const channels = weights.length / (rows * columns * from.channels / group);
  const out = fresh(job, channels, outputSize(from, window));
  if (group === from.channels && group === channels && group > 1) {
    const length = (from.width + pads[1] + pads[3]) * (from.height + pads[0] + pads[2]);
    filterPlanes(
      from,
      window,
      weights,
      bias,
      out,
      job.memory.take(`${job.step.output} padded`, length),
    );
  } else if (group !== 1) {
    throw new Error('guidance network: groups of channels');
  } else if (rows * columns * stride[0] * stride[1] === 1) {
    mixPlanes(from.data, from.channels, weights, bias, out);
  } else {
    const planes = from.channels * rows * columns;
    const unfolded = job.memory.take(
      `${job.step.output} unfolded`,
      planes * out.width * out.height,
    );
    unfold(from, window, unfolded);
    mixPlanes(unfolded, planes, weights, bias, out);
  }
  return out;
}

/** Between pixel by pixel and plane by plane. */
function transpose(job: Job): Tensor {
  const from = input(job, 0), { channels: a, height: b, width: c } = from;
  const toPlanes = String(job.step.attributes.perm) === '0,3,1,2';
  if (!toPlanes && String(job.step.attributes.perm) !== '0,2,3,1') {
    throw new Error('guidance network: Transpose of another kind');
  }
  const out = toPlanes
    ? fresh(job, c, { height: a, width: b })
    : fresh(job, b, { height: c, width: a });
  const rows = toPlanes ? a * b : a, columns = toPlanes ? c : b * c;
  for (let row = 0, p = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out.data[column * rows + row] = from.data[p++];
  }
  return out;
}

function windowOf({ attributes }: Step): Window {
  const [rows, columns] = attributes.kernel_shape;
  const [vertical, horizontal] = attributes.strides ?? [1, 1];
  const [top, left, bottom, right] = attributes.pads ?? [0, 0, 0, 0];
  return {
    size: [rows, columns],
    stride: [vertical, horizontal],
    pads: [top, left, bottom, right],
  };
}

function input({ step, tensors }: Job, index: number): Tensor {
  const found = tensors.get(step.inputs[index]);
  if (found === undefined) throw new Error(`guidance network: no tensor ${step.inputs[index]}`);
  return found;
}

function constant({ step, graph, tensors }: Job, index: number): Float32Array {
  const name = step.inputs[index];
  const found = graph.constants.get(name)?.data ?? tensors.get(name)?.data;
  if (found === undefined) throw new Error(`guidance network: no constant ${name}`);
  return found;
}

function fresh(job: Job, channels: number, { height, width }: Pick<Tensor, 'height' | 'width'>) {
  const data = job.memory.take(job.step.output, channels * height * width);
  return { channels, height, width, data };
}

function like(job: Job, tensor: Tensor): Tensor {
  return fresh(job, tensor.channels, tensor);
}

/** Lets the page handle what has come in the meantime. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
