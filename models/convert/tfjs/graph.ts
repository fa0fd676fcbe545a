/** Reads TensorFlow.js graph models: the networks of @vladmandic/human come in this format. */
import { PackError } from '../../errors.ts';
import type { Extent, Graph, NodeRef, Operation } from '../graph.ts';
import { reshaped, type Weight } from '../weight.ts';
import { parseGraphModel, TopologyNode } from './topology.ts';
import { readTfjsWeights } from './weights.ts';

/** Fused operations that continue a convolution, by their TensorFlow names. */
const BIAS = 'BiasAdd';
const PRELU = 'Prelu';

/**
 * Reads a graph model.
 * @param label name of the network in error messages and in the result
 * @param modelJson the model.json file
 * @param weightFile its weight files, concatenated
 * @param outputs nodes to compute -> names they get; nothing else is converted
 * @throws PackError CONVERSION_UNSUPPORTED
 */
export function readTfjsGraph(
  label: string,
  modelJson: Uint8Array,
  weightFile: Uint8Array,
  outputs: Readonly<Record<string, string>>,
): Graph {
  const model = parseGraphModel(label, modelJson);
  const reader = new TfjsReader(
    label,
    model.modelTopology.node.map((node) => new TopologyNode(node)),
    readTfjsWeights(label, model.weightsManifest, weightFile),
  );
  return reader.read(outputs);
}

class TfjsReader {
  #label: string;
  #source: Map<string, TopologyNode>;
  #weights: Map<string, Weight>;
  #nodes = new Map<string, Operation>();
  /** Names of finished nodes; an Identity resolves to what it copies. */
  #done = new Map<string, NodeRef>();
  #open = new Set<string>();

  constructor(label: string, nodes: TopologyNode[], weights: Map<string, Weight>) {
    this.#label = label;
    this.#source = new Map(nodes.map((node) => [node.name, node]));
    this.#weights = weights;
  }

  read(outputs: Readonly<Record<string, string>>): Graph {
    const inputs = [...this.#source.values()].filter((node) => node.operator === 'Placeholder');
    const shape = inputs[0]?.placeholderShape() ?? [];
    if (inputs.length !== 1 || shape.length !== 4 || shape[3] !== 3) {
      throw this.#error(`expected one picture as input, found [${shape}]`);
    }
    this.#done.set(inputs[0].name, inputs[0].name);
    return {
      name: this.#label,
      input: { name: inputs[0].name, shape: [shape[1], shape[2], shape[3]] },
      outputs: Object.entries(outputs).map(([node, name]) => ({ node: this.#ref(node), name })),
      nodes: this.#nodes,
    };
  }

  #error(what: string): PackError {
    return new PackError('CONVERSION_UNSUPPORTED', `${this.#label}: ${what}`);
  }

  /** Converts the node and all it depends on, and returns its name in the graph. */
  #ref(name: string): NodeRef {
    const done = this.#done.get(name);
    if (done !== undefined) return done;
    const node = this.#source.get(name);
    if (node === undefined) throw this.#error(`there is no node ${name}`);
    if (this.#open.has(name)) throw this.#error(`node ${name} depends on itself`);
    this.#open.add(name);
    const result = this.#convert(node);
    this.#open.delete(name);
    this.#done.set(name, result);
    return result;
  }

  #weight(name: string): Weight {
    const found = this.#weights.get(name);
    if (found === undefined) throw this.#error(`${name} is not a constant`);
    return found;
  }

  #add(name: string, operation: Operation): NodeRef {
    this.#nodes.set(name, operation);
    return name;
  }

  #convert(node: TopologyNode): NodeRef {
    const [first, second] = node.inputs;
    switch (node.operator) {
      case 'Identity':
        return this.#ref(first);
      case 'Conv2D':
      case '_FusedConv2D':
        return this.#convolution(node, 'conv');
      case 'DepthwiseConv2dNative':
        return this.#convolution(node, 'depthwise');
      case 'Add':
      case 'AddV2':
        return this.#binary(node, 'add');
      case 'Mul':
        return this.#binary(node, 'multiply');
      case 'Relu':
        return this.#add(node.name, { op: 'clip', x: this.#ref(first), low: 0, high: Infinity });
      case 'Minimum':
        return this.#clip(node, (limit) => ({ low: -Infinity, high: limit }));
      case 'Maximum':
        return this.#clip(node, (limit) => ({ low: limit, high: Infinity }));
      case 'Sigmoid':
        return this.#add(node.name, { op: 'sigmoid', x: this.#ref(first) });
      case 'Prelu':
        return this.#add(node.name, {
          op: 'prelu',
          x: this.#ref(first),
          alpha: this.#weight(second),
        });
      case 'MaxPool':
        return this.#add(node.name, {
          op: 'max-pool',
          x: this.#ref(first),
          window: node.extent('ksize'),
          stride: node.extent('strides'),
          padding: node.padding(),
        });
      case 'Pad':
        return this.#pad(node);
      case 'Reshape':
        return this.#reshape(node);
      case 'ConcatV2':
        return this.#concat(node);
      case 'Mean':
        return this.#mean(node);
      default:
        throw node.unsupported('this operation');
    }
  }

  #convolution(node: TopologyNode, op: 'conv' | 'depthwise'): NodeRef {
    const fused = node.texts('fused_ops');
    const [x, filter, ...extra] = node.inputs;
    const [dilationHeight, dilationWidth] = node.extent('dilations');
    if (dilationHeight !== 1 || dilationWidth !== 1) throw node.unsupported('dilation');
    const bias = fused[0] === BIAS ? this.#weight(extra.shift() ?? '') : undefined;
    const after = fused.slice(bias === undefined ? 0 : 1);
    const convolution: Operation = {
      op,
      x: this.#ref(x),
      filter: this.#weight(filter),
      bias: bias && reshaped(bias, [bias.values.length]),
      stride: node.extent('strides'),
      padding: node.padding(),
    };
    if (after.length === 0) return this.#add(node.name, convolution);
    const before = this.#add(`${node.name}~`, convolution);
    if (after.length === 1 && after[0] === 'Relu') {
      return this.#add(node.name, { op: 'clip', x: before, low: 0, high: Infinity });
    }
    if (after.length === 1 && after[0] === PRELU) {
      const alpha = this.#weight(extra.shift() ?? '');
      return this.#add(node.name, { op: 'prelu', x: before, alpha });
    }
    throw node.unsupported(`fused ${fused}`);
  }

  #binary(node: TopologyNode, op: 'add' | 'multiply'): NodeRef {
    const [first, second] = node.inputs;
    const x = this.#ref(first);
    return this.#add(node.name, { op, x, y: this.#weights.get(second) ?? this.#ref(second) });
  }

  #clip(
    node: TopologyNode,
    bounds: (limit: number) => { low: number; high: number },
  ): NodeRef {
    const limit = this.#weight(node.inputs[1]);
    if (limit.values.length !== 1) throw node.unsupported('a bound per element');
    return this.#add(node.name, {
      op: 'clip',
      x: this.#ref(node.inputs[0]),
      ...bounds(limit.values[0]),
    });
  }

  #pad(node: TopologyNode): NodeRef {
    const flat = this.#weight(node.inputs[1]).values;
    const amounts: Extent[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) amounts.push([flat[i], flat[i + 1]]);
    return this.#add(node.name, { op: 'pad', x: this.#ref(node.inputs[0]), amounts });
  }

  #reshape(node: TopologyNode): NodeRef {
    const [, ...shape] = this.#weight(node.inputs[1]).values;
    if (shape.includes(-1)) throw node.unsupported('a size to be inferred');
    return this.#add(node.name, { op: 'reshape', x: this.#ref(node.inputs[0]), shape });
  }

  #concat(node: TopologyNode): NodeRef {
    const axis = this.#weight(node.inputs.at(-1) ?? '').values[0];
    const xs = node.inputs.slice(0, -1).map((input) => this.#ref(input));
    // Counted from the end only by rank-4 tensors in the networks we read.
    return this.#add(node.name, { op: 'concat', xs, axis: axis < 0 ? axis + 4 : axis });
  }

  #mean(node: TopologyNode): NodeRef {
    const axes = [...this.#weight(node.inputs[1]).values].sort();
    if (axes.join() !== '1,2') throw node.unsupported(`mean over axes ${axes}`);
    return this.#add(node.name, {
      op: 'global-mean',
      x: this.#ref(node.inputs[0]),
      keepAxes: node.flag('keep_dims'),
    });
  }
}
