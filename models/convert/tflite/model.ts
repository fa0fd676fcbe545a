/**
 * A TFLite file as plain data: tensors, constants and operators of its one subgraph. Field numbers
 * follow the public TFLite schema, version 3.
 */
import { PackError } from '../../errors.ts';
import { elementCount, type Weight } from '../weight.ts';
import { FlatBuffer, type FlatTable } from './flatbuffer.ts';

/** schema.fbs: Model, SubGraph, Tensor, Operator, OperatorCode, Buffer. */
const MODEL = { operatorCodes: 1, subgraphs: 2, buffers: 4 } as const;
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const TENSOR = { shape: 0, type: 1, buffer: 2, name: 3, sparsity: 6 } as const;
const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4, customOptions: 5 } as const;
const OPERATOR_CODE = { deprecatedCode: 0, customName: 1, code: 3 } as const;
const BUFFER = { data: 0 } as const;

/** schema.fbs TensorType. */
const FLOAT32 = 0;
const FLOAT16 = 1;
const INT32 = 2;

/** schema.fbs BuiltinOperator, as far as our networks use it. */
const OPERATORS: Readonly<Record<number, string>> = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
  117: 'HARD_SWISH',
};
const CUSTOM = 32;

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Present when the tensor is a constant. */
  readonly constant?: Weight;
}

export interface TfliteOperator {
  /** Name from the schema, or a custom operator's own name. */
  readonly name: string;
  /** Tensor numbers; -1 stands for an operand that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: FlatTable;
  readonly customOptions: Uint8Array<ArrayBuffer>;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly TfliteOperator[];
}

/** @throws PackError CONVERSION_UNSUPPORTED for anything but a well-formed file with one subgraph */
export function parseTflite(label: string, bytes: Uint8Array): TfliteModel {
  const model = new FlatBuffer(bytes).root('TFL3');
  const subgraphs = model.tables(MODEL.subgraphs);
  if (subgraphs.length !== 1) throw unsupported(`${label}: ${subgraphs.length} subgraphs`);
  const [subgraph] = subgraphs;
  const buffers = model.tables(MODEL.buffers);
  const names = model.tables(MODEL.operatorCodes).map(operatorName);
  return {
    tensors: subgraph.tables(SUBGRAPH.tensors).map((tensor, i) => readTensor(tensor, i, buffers)),
    inputs: subgraph.int32s(SUBGRAPH.inputs),
    outputs: subgraph.int32s(SUBGRAPH.outputs),
    operators: subgraph.tables(SUBGRAPH.operators).map((operator) => ({
      name: names[operator.uint32(OPERATOR.code)] ?? 'an operator the file does not define',
      inputs: operator.int32s(OPERATOR.inputs),
      outputs: operator.int32s(OPERATOR.outputs),
      options: operator.table(OPERATOR.options),
      customOptions: operator.bytes(OPERATOR.customOptions),
    })),
  };
}

function operatorName(code: FlatTable): string {
  const number = Math.max(
    code.uint8(OPERATOR_CODE.deprecatedCode),
    code.int32(OPERATOR_CODE.code),
  );
  if (number === CUSTOM) return code.text(OPERATOR_CODE.customName);
  return OPERATORS[number] ?? `operator ${number}`;
}

function readTensor(tensor: FlatTable, index: number, buffers: FlatTable[]): TfliteTensor {
  const name = `${index}:${tensor.text(TENSOR.name)}`;
  const shape = tensor.int32s(TENSOR.shape);
  const data = buffers[tensor.uint32(TENSOR.buffer)]?.bytes(BUFFER.data);
  if (data === undefined) throw unsupported(`tensor ${name}: its buffer does not exist`);
  if (data.length === 0) return { name, shape };
  if (tensor.table(TENSOR.sparsity) !== undefined) {
    throw unsupported(`tensor ${name}: sparse constants are not supported`);
  }
  const values = decode(name, tensor.uint8(TENSOR.type), data);
  if (values.length !== elementCount(shape)) {
    throw unsupported(`tensor ${name}: ${values.length} values for shape [${shape}]`);
  }
  return { name, shape, constant: { shape, values } };
}

function decode(name: string, type: number, data: Uint8Array<ArrayBuffer>): Float32Array {
  const size = type === FLOAT16 ? 2 : 4;
  if (data.length % size !== 0) throw unsupported(`tensor ${name}: ${data.length} bytes`);
  if (type === FLOAT32) return new Float32Array(data.buffer);
  if (type === FLOAT16) return Float32Array.from(new Float16Array(data.buffer));
  if (type === INT32) return Float32Array.from(new Int32Array(data.buffer));
  throw unsupported(`tensor ${name}: type ${type} is not supported`);
}

function unsupported(what: string): PackError {
  return new PackError('CONVERSION_UNSUPPORTED', `TFLite file: ${what}`);
}
