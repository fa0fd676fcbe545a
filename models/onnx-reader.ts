/**
 * Reads what a pack check must know of an ONNX file: the names and shapes of its inputs and outputs.
 * Field numbers are those of onnx.proto3.
 */
import { PackError } from './errors.ts';
import { type Field, fieldsOf as read, VARINT } from './protobuf-reader.ts';

/** onnx.proto3: ModelProto, GraphProto, ValueInfoProto, TypeProto, TensorProto. */
const MODEL_GRAPH = 7;
const GRAPH = { initializer: 5, input: 11, output: 12 } as const;
const TENSOR = { name: 8, dataLocation: 14 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TYPE_TENSOR = 1;
const TENSOR_TYPE_SHAPE = 2;
const SHAPE_DIMENSION = 1;
const DIMENSION_VALUE = 1;
const DATA_LOCATION_EXTERNAL = 1n;

const MAX_TENSORS = 1000;
const MAX_DIMENSIONS = 16;

interface OnnxTensor {
  readonly name: string;
  /** undefined stands for an axis of any size. */
  readonly shape: readonly (number | undefined)[];
}

export interface OnnxSignature {
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
}

/**
 * Inputs and outputs of an ONNX model. Weights that lie in other files are refused.
 * @param label named in errors
 * @throws PackError PACK_MALFORMED
 */
export function readOnnxSignature(label: string, bytes: Uint8Array): OnnxSignature {
  const inputs: OnnxTensor[] = [];
  const outputs: OnnxTensor[] = [];
  const constants = new Set<string>();
  let graphs = 0;
  for (const graph of fieldsOf(label, bytes)) {
    if (graph.number !== MODEL_GRAPH) continue;
    graphs++;
    for (const field of fieldsOf(label, graph.bytes)) {
      if (field.number === GRAPH.input) inputs.push(readTensorInfo(label, field.bytes));
      else if (field.number === GRAPH.output) outputs.push(readTensorInfo(label, field.bytes));
      else if (field.number === GRAPH.initializer) {
        constants.add(readInitializer(label, field.bytes));
      }
      if (inputs.length + outputs.length > MAX_TENSORS) throw malformed(label, 'too many tensors');
    }
  }
  if (graphs !== 1) throw malformed(label, `${graphs} graphs`);
  return { inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
}

function readInitializer(label: string, bytes: Uint8Array): string {
  let name = '';
  for (const field of fieldsOf(label, bytes)) {
    if (field.number === TENSOR.name) name = text(field.bytes);
    if (field.number === TENSOR.dataLocation && field.value === DATA_LOCATION_EXTERNAL) {
      throw malformed(label, 'weights outside the file');
    }
  }
  return name;
}

function readTensorInfo(label: string, bytes: Uint8Array): OnnxTensor {
  let name = '';
  const shape: (number | undefined)[] = [];
  for (const field of fieldsOf(label, bytes)) {
    if (field.number === VALUE_INFO.name) name = text(field.bytes);
    if (field.number !== VALUE_INFO.type) continue;
    for (const dimension of descend(label, field.bytes, [TYPE_TENSOR, TENSOR_TYPE_SHAPE])) {
      if (dimension.number !== SHAPE_DIMENSION) continue;
      shape.push(readDimension(label, dimension.bytes));
      if (shape.length > MAX_DIMENSIONS) throw malformed(label, `${name} has too many axes`);
    }
  }
  return { name, shape };
}

function readDimension(label: string, bytes: Uint8Array): number | undefined {
  for (const field of fieldsOf(label, bytes)) {
    if (field.number === DIMENSION_VALUE && field.wireType === VARINT) return Number(field.value);
  }
  return undefined;
}

function* descend(label: string, bytes: Uint8Array, path: readonly number[]): Generator<Field> {
  for (const field of fieldsOf(label, bytes)) {
    if (path.length === 0) yield field;
    else if (field.number === path[0]) yield* descend(label, field.bytes, path.slice(1));
  }
}

function fieldsOf(label: string, bytes: Uint8Array): Generator<Field> {
  return read(bytes, (what) => malformed(label, what));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function malformed(label: string, what: string): PackError {
  return new PackError('PACK_MALFORMED', `${label} is not a usable ONNX file: ${what}`);
}
