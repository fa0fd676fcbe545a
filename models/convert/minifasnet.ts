/**
 * Reads the state dict of a MiniFASNet, the presentation attack detection networks of minivision's
 * Silent-Face-Anti-Spoofing: MobileFaceNet blocks of pruned widths, in the SE variants with squeeze and
 * excitation (Hu et al. 2018) at the end of a stage. Widths, numbers of blocks and where the excitations
 * are follow from the weights.
 */
import { PackError } from '../errors.ts';
import type { Graph, NodeRef, Operation, Padding } from './graph.ts';
import { readStateDict } from './torch/state-dict.ts';
import { transposed, type Weight, weight } from './weight.ts';

const INPUT_SIZE = 80;
/** torch.nn.BatchNorm's default. */
const EPSILON = 1e-5;

/**
 * The network from BGR 0..255 to the logits of three classes; of these 1 is bona fide. Batch
 * normalisations are folded into the convolutions before them.
 * @throws PackError CONVERSION_UNSUPPORTED; every weight must be there and none may be left over
 */
export function readMiniFasNet(label: string, pth: Uint8Array): Graph {
  return new MiniFasNetBuilder(label, readStateDict(label, pth)).build();
}

interface Folded {
  /** [h, w, in, out], or [h, w, in, 1] of a depthwise convolution. */
  readonly filter: Weight;
  readonly bias: Weight;
}

class MiniFasNetBuilder {
  readonly #label: string;
  readonly #weights: Map<string, Weight>;
  readonly #unread: Set<string>;
  readonly #nodes = new Map<string, Operation>();

  constructor(label: string, weights: Map<string, Weight>) {
    this.#label = label;
    this.#weights = weights;
    this.#unread = new Set(weights.keys());
  }

  build(): Graph {
    let x = this.#block('input', 'stem', { halves: true });
    x = this.#block(x, 'stem_dw', { depthwise: true });
    for (const stage of [1, 2, 3, 4]) {
      if (stage > 1) x = this.#stage(x, `stage${stage}`);
      if (stage < 4) x = this.#separable(x, `transition${stage}`, true);
    }
    x = this.#block(x, 'final_expand');
    x = this.#block(x, 'final_dw', { depthwise: true, padding: 'VALID' });
    const outputs = this.#head(x);
    if (this.#unread.size > 0) {
      throw this.#wrong(
        `${this.#unread.size} weights of no known place, ${[...this.#unread][0]} first`,
      );
    }
    return {
      name: this.#label,
      input: { name: 'input', shape: [INPUT_SIZE, INPUT_SIZE, 3] },
      nodes: this.#nodes,
      outputs: [{ node: outputs, name: 'scores' }],
    };
  }

  /** Residual blocks with the same number of channels in and out. */
  #stage(x: NodeRef, name: string): NodeRef {
    for (let i = 0; this.#has(`${name}.model.${i}.conv.conv.weight`); i++) {
      const block = `${name}.model.${i}`;
      let y = this.#separable(x, block, false);
      if (this.#has(`${block}.se.fc1.weight`)) y = this.#excited(y, `${block}.se`);
      x = this.#add(`${block}.sum`, { op: 'add', x, y });
    }
    return x;
  }

  /** Widen, filter each channel alone, narrow. */
  #separable(x: NodeRef, name: string, halves: boolean): NodeRef {
    x = this.#block(x, `${name}.conv`);
    x = this.#block(x, `${name}.conv_dw`, { depthwise: true, halves });
    return this.#block(x, `${name}.project`);
  }

  #excited(x: NodeRef, name: string): NodeRef {
    const mean = this.#add(`${name}.mean`, { op: 'global-mean', x, keepAxes: true });
    const squeezed = this.#convolution(mean, `${name}.fc1`, `${name}.bn1`);
    const active = this.#add(`${name}.relu`, {
      op: 'clip',
      x: squeezed,
      low: 0,
      high: Infinity,
    });
    const gate = this.#add(`${name}.gate`, {
      op: 'sigmoid',
      x: this.#convolution(active, `${name}.fc2`, `${name}.bn2`),
    });
    return this.#add(`${name}.out`, { op: 'multiply', x, y: gate });
  }

  #head(x: NodeRef): NodeRef {
    const linear = this.#read('linear.weight'), classifier = this.#read('classifier.weight');
    if (linear.shape.length !== 2 || classifier.shape.length !== 2) {
      throw this.#wrong('the last layers are not linear');
    }
    const { filter, bias } = this.#normalised(transposed(linear, [1, 0]), 'bn', 1);
    const flat = this.#add('flat', { op: 'reshape', x, shape: [linear.shape[1]] });
    const dense = this.#add('linear', { op: 'dense', x: flat, weights: filter });
    const shifted = this.#add('linear.bn', { op: 'add', x: dense, y: bias });
    return this.#add('classifier', {
      op: 'dense',
      x: shifted,
      weights: transposed(classifier, [1, 0]),
    });
  }

  /** Convolution, batch normalisation and, where the weights have one, PReLU. */
  #block(
    x: NodeRef,
    name: string,
    options: { depthwise?: boolean; halves?: boolean; padding?: Padding } = {},
  ): NodeRef {
    const y = this.#convolution(x, `${name}.conv`, `${name}.bn`, options);
    if (!this.#has(`${name}.prelu.weight`)) return y;
    return this.#add(`${name}.prelu`, {
      op: 'prelu',
      x: y,
      alpha: this.#read(`${name}.prelu.weight`),
    });
  }

  #convolution(
    x: NodeRef,
    convolution: string,
    normalisation: string,
    options: { depthwise?: boolean; halves?: boolean; padding?: Padding } = {},
  ): NodeRef {
    const { depthwise = false, halves = false, padding = 'SAME' } = options;
    const stored = this.#read(`${convolution}.weight`);
    if (stored.shape.length !== 4) throw this.#wrong(`${convolution} is not a convolution`);
    const { filter, bias } = this.#normalised(
      transposed(stored, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]),
      normalisation,
      depthwise ? 2 : 3,
    );
    if (halves) {
      // torch pads both ends of a 3 x 3 window by one; SAME would pad only the far end here
      const one = [1, 1] as const, none = [0, 0] as const;
      x = this.#add(`${convolution}.pad`, { op: 'pad', x, amounts: [none, one, one, none] });
    }
    return this.#add(convolution, {
      op: depthwise ? 'depthwise' : 'conv',
      x,
      filter,
      bias,
      stride: halves ? [2, 2] : [1, 1],
      padding: halves ? 'VALID' : padding,
    });
  }

  /** A batch normalisation of running statistics, folded into the weights whose outputs it follows. */
  #normalised(filter: Weight, name: string, axis: number): Folded {
    const outputs = filter.shape[axis];
    const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var']
      .map((part) => this.#read(`${name}.${part}`));
    for (const { values } of [scale, shift, mean, variance]) {
      if (values.length !== outputs) throw this.#wrong(`${name} is not for ${outputs} channels`);
    }
    const factors = Float64Array.from(
      scale.values,
      (value, i) => value / Math.sqrt(variance.values[i] + EPSILON),
    );
    const biases = shift.values.map((value, i) => value - mean.values[i] * factors[i]);
    const step = filter.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const values = filter.values.map((value, i) => value * factors[Math.floor(i / step) % outputs]);
    return {
      filter: weight(values, filter.shape),
      bias: weight(biases, [outputs]),
    };
  }

  #has(name: string): boolean {
    return this.#weights.has(name);
  }

  #read(name: string): Weight {
    const found = this.#weights.get(name);
    if (found === undefined) throw this.#wrong(`weight ${name} is missing`);
    this.#unread.delete(name);
    return found;
  }

  #add(name: string, operation: Operation): NodeRef {
    this.#nodes.set(name, operation);
    return name;
  }

  #wrong(what: string): PackError {
    return new PackError('CONVERSION_UNSUPPORTED', `${this.#label}: ${what}`);
  }
}
