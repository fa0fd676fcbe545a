/** Reads TFLite networks, the format of the @mediapipe packages, into the converter's graph. */
import { PackError } from '../../errors.ts';
import type { Extent, Graph, NodeRef, Operation, Padding } from '../graph.ts';
import { transposed, type Weight } from '../weight.ts';
import { FlatTable } from './flatbuffer.ts';
import { parseTflite, type TfliteModel, type TfliteOperator, type TfliteTensor } from './model.ts';

/** schema.fbs option tables: Conv2DOptions, DepthwiseConv2DOptions, Pool2DOptions, ... */
const CONV = { padding: 0, strideW: 1, strideH: 2, activation: 3, dilationW: 4, dilationH: 5 };
const DEPTHWISE = { padding: 0, strideW: 1, strideH: 2, activation: 4, dilationW: 5, dilationH: 6 };
const POOL = { padding: 0, strideW: 1, strideH: 2, filterW: 3, filterH: 4, activation: 5 };
const ARITHMETIC = { activation: 0 };
const RESIZE = { alignCorners: 2, halfPixel: 3 };

/** schema.fbs ActivationFunctionType. */
const ACTIVATION_NONE = 0;
const ACTIVATION_RELU = 1;
const ACTIVATION_RELU6 = 3;

/** Upper end of ReLU6. */
const SIX = 6;

/** TfLiteTransposeConvParams as stored by MediaPipe: int32 padding (1 = SAME), stride width, stride height. */
const CUSTOM_SAME = 1;

/**
 * Reads a TFLite network.
 * @param label name of the network in error messages and in the result
 * @param outputs output tensors of the file, by name -> names they get
 * @throws PackError CONVERSION_UNSUPPORTED
 */
export function readTfliteGraph(
  label: string,
  bytes: Uint8Array,
  outputs: Readonly<Record<string, string>>,
): Graph {
  return new TfliteReader(label, parseTflite(label, bytes)).read(outputs);
}

class TfliteReader {
  #label: string;
  #model: TfliteModel;
  #nodes = new Map<string, Operation>();
  /** Constants that an operator produced from stored ones (half floats widened at run time). */
  #computed = new Map<number, Weight>();

  constructor(label: string, model: TfliteModel) {
    this.#label = label;
    this.#model = model;
  }

  read(outputs: Readonly<Record<string, string>>): Graph {
    const input = this.#tensor(this.#model.inputs[0] ?? -1);
    const [, height, width, channels] = input.shape;
    if (this.#model.inputs.length !== 1 || input.shape.length !== 4 || channels !== 3) {
      throw this.#error(`expected one picture as input, found [${input.shape}]`);
    }
    for (const operator of this.#model.operators) this.#convert(operator);
    const named = new Map(
      this.#model.outputs.map((output) => this.#tensor(output).name).map((name) => [
        name.slice(name.indexOf(':') + 1),
        name,
      ]),
    );
    return {
      name: this.#label,
      input: { name: input.name, shape: [height, width, channels] },
      nodes: this.#nodes,
      outputs: Object.entries(outputs).map(([tensor, name]) => {
        const node = named.get(tensor);
        if (node === undefined) throw this.#error(`there is no output ${tensor}`);
        return { node, name };
      }),
    };
  }

  #error(what: string): PackError {
    return new PackError('CONVERSION_UNSUPPORTED', `${this.#label}: ${what}`);
  }

  #tensor(index: number): TfliteTensor {
    const tensor = this.#model.tensors[index];
    if (tensor === undefined) throw this.#error(`there is no tensor ${index}`);
    return tensor;
  }

  #constant(index: number): Weight | undefined {
    return this.#computed.get(index) ?? this.#tensor(index).constant;
  }

  #weight(index: number): Weight {
    const found = this.#constant(index);
    if (found === undefined) throw this.#error(`${this.#tensor(index).name} is not a constant`);
    return found;
  }

  #options(operator: TfliteOperator): FlatTable {
    if (operator.options === undefined) throw this.#error(`${operator.name} without options`);
    return operator.options;
  }

  #convert(operator: TfliteOperator): void {
    const { inputs, outputs } = operator;
    const first = this.#tensor(inputs[0] ?? -1);
    const output = this.#tensor(outputs[0] ?? -1);
    const emit = (operation: Operation) => void this.#nodes.set(output.name, operation);
    switch (operator.name) {
      case 'DEQUANTIZE':
        return void this.#computed.set(outputs[0], this.#weight(inputs[0]));
      case 'CONV_2D':
        return this.#convolution(operator, output.name, 'conv');
      case 'DEPTHWISE_CONV_2D':
        return this.#convolution(operator, output.name, 'depthwise');
      case 'Convolution2DTransposeBias':
        return this.#transposedConvolution(operator, output);
      case 'ADD':
        return this.#binary(operator, output.name, 'add');
      case 'MUL':
        return this.#binary(operator, output.name, 'multiply');
      case 'MAX_POOL_2D':
        return this.#pool(operator, output.name, 'max-pool');
      case 'AVERAGE_POOL_2D':
        return this.#pool(operator, output.name, 'average-pool');
      case 'RELU':
        return emit({ op: 'clip', x: first.name, low: 0, high: Infinity });
      case 'LOGISTIC':
        return emit({ op: 'sigmoid', x: first.name });
      case 'HARD_SWISH':
        return emit({ op: 'hard-swish', x: first.name });
      case 'RESHAPE':
        return emit({ op: 'reshape', x: first.name, shape: output.shape.slice(1) });
      case 'PAD':
        return emit({ op: 'pad', x: first.name, amounts: pairs(this.#weight(inputs[1]).values) });
      case 'RESIZE_BILINEAR': {
        const options = this.#options(operator);
        const sampling = options.uint8(RESIZE.alignCorners)
          ? 'align-corners'
          : options.uint8(RESIZE.halfPixel)
          ? 'half-pixel'
          : 'asymmetric';
        const size: Extent = [output.shape[1], output.shape[2]];
        return emit({ op: 'resize-bilinear', x: first.name, size, sampling });
      }
      default:
        throw this.#error(`${operator.name} is not supported`);
    }
  }

  /** Adds the operation and, behind it, the activation that the operator fuses. */
  #emit(name: string, operation: Operation, activation: number): void {
    if (activation === ACTIVATION_NONE) return void this.#nodes.set(name, operation);
    if (activation !== ACTIVATION_RELU && activation !== ACTIVATION_RELU6) {
      throw this.#error(`fused activation ${activation} is not supported`);
    }
    const before: NodeRef = `${name}~`;
    this.#nodes.set(before, operation);
    const high = activation === ACTIVATION_RELU ? Infinity : SIX;
    this.#nodes.set(name, { op: 'clip', x: before, low: 0, high });
  }

  #convolution(operator: TfliteOperator, name: string, op: 'conv' | 'depthwise'): void {
    const options = this.#options(operator);
    const fields = op === 'conv' ? CONV : DEPTHWISE;
    if (options.int32(fields.dilationH, 1) !== 1 || options.int32(fields.dilationW, 1) !== 1) {
      throw this.#error(`${operator.name} ${name} is dilated`);
    }
    const [x, filter, bias = -1] = operator.inputs;
    const stored = this.#weight(filter);
    this.#emit(name, {
      op,
      x: this.#tensor(x).name,
      // Stored as [out, h, w, in], and [1, h, w, in * multiplier] when depthwise.
      filter: op === 'conv'
        ? transposed(stored, [1, 2, 3, 0])
        : this.#depthwiseFilter(stored, this.#tensor(x).shape[3]),
      bias: bias < 0 ? undefined : this.#weight(bias),
      stride: [options.int32(fields.strideH, 1), options.int32(fields.strideW, 1)],
      padding: paddingOf(options.uint8(fields.padding)),
    }, options.uint8(fields.activation));
  }

  #depthwiseFilter(stored: Weight, channels: number): Weight {
    const [, height, width, outputs] = stored.shape;
    if (outputs % channels !== 0) throw this.#error(`depthwise filter [${stored.shape}]`);
    return { ...stored, shape: [height, width, channels, outputs / channels] };
  }

  #transposedConvolution(operator: TfliteOperator, output: TfliteTensor): void {
    const { customOptions } = operator;
    if (customOptions.length < 12) throw this.#error(`${operator.name} without options`);
    const view = new DataView(customOptions.buffer);
    const [x, filter, bias] = operator.inputs;
    this.#nodes.set(output.name, {
      op: 'transposed-conv',
      x: this.#tensor(x).name,
      // Stored as [out, h, w, in].
      filter: transposed(this.#weight(filter), [1, 2, 0, 3]),
      bias: this.#weight(bias),
      stride: [view.getInt32(8, true), view.getInt32(4, true)],
      padding: view.getInt32(0, true) === CUSTOM_SAME ? 'SAME' : 'VALID',
      outputSize: [output.shape[1], output.shape[2]],
    });
  }

  #binary(operator: TfliteOperator, name: string, op: 'add' | 'multiply'): void {
    const [x, y] = operator.inputs;
    const activation = this.#options(operator).uint8(ARITHMETIC.activation);
    const right = this.#constant(y) ?? this.#tensor(y).name;
    this.#emit(name, { op, x: this.#tensor(x).name, y: right }, activation);
  }

  #pool(operator: TfliteOperator, name: string, op: 'max-pool' | 'average-pool'): void {
    const options = this.#options(operator);
    const x = this.#tensor(operator.inputs[0]);
    const window: Extent = [options.int32(POOL.filterH), options.int32(POOL.filterW)];
    const activation = options.uint8(POOL.activation);
    const padding = paddingOf(options.uint8(POOL.padding));
    const whole = padding === 'VALID' && x.shape[1] === window[0] && x.shape[2] === window[1];
    if (op === 'average-pool' && whole) {
      return this.#emit(name, { op: 'global-mean', x: x.name, keepAxes: true }, activation);
    }
    const stride: Extent = [options.int32(POOL.strideH), options.int32(POOL.strideW)];
    this.#emit(name, { op, x: x.name, window, stride, padding }, activation);
  }
}

/** schema.fbs Padding: 0 SAME, 1 VALID. */
function paddingOf(value: number): Padding {
  return value === 0 ? 'SAME' : 'VALID';
}

function pairs(flat: Float32Array): Extent[] {
  const amounts: Extent[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) amounts.push([flat[i], flat[i + 1]]);
  return amounts;
}
