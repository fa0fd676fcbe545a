/**
 * Writes an ONNX ModelProto. Field numbers are those of onnx.proto3 (ONNX IR version 8); only what the
 * converter emits is covered.
 */
import { ProtobufMessage } from './protobuf.ts';

/** onnx.proto3 TensorProto.DataType. */
export const DATA_TYPE = { float32: 1, uint8: 2, int64: 7, float16: 10 } as const;
export type DataType = typeof DATA_TYPE[keyof typeof DATA_TYPE];

/** onnx.proto3 AttributeProto.AttributeType. */
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

const IR_VERSION = 8;

export type OnnxAttribute = number | string | readonly number[];

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  /** Little-endian elements. */
  readonly bytes: Uint8Array;
}

/** A float32 graph input or output; an axis of unknown size is given by name. */
export interface OnnxTensorInfo {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly name: string;
  readonly operatorSet: number;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxTensorInfo[];
  readonly outputs: readonly OnnxTensorInfo[];
}

/** The bytes of an .onnx file. Equal models give equal bytes. */
export function encodeOnnxModel(model: OnnxModel): Uint8Array {
  const graph = new ProtobufMessage();
  for (const node of model.nodes) graph.message(1, nodeProto(node));
  graph.text(2, model.name);
  for (const tensor of model.initializers) graph.message(5, tensorProto(tensor));
  for (const input of model.inputs) graph.message(11, valueInfoProto(input));
  for (const output of model.outputs) graph.message(12, valueInfoProto(output));
  return new ProtobufMessage()
    .integer(1, IR_VERSION)
    .text(2, 'gatehouse')
    .message(7, graph)
    .message(8, new ProtobufMessage().text(1, '').integer(2, model.operatorSet))
    .finish();
}

function nodeProto(node: OnnxNode): ProtobufMessage {
  const proto = new ProtobufMessage();
  for (const input of node.inputs) proto.text(1, input);
  proto.text(2, node.output).text(3, node.output).text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    proto.message(5, attributeProto(name, value));
  }
  return proto;
}

function attributeProto(name: string, value: OnnxAttribute): ProtobufMessage {
  const proto = new ProtobufMessage().text(1, name);
  if (typeof value === 'number') return proto.integer(3, value).integer(20, ATTRIBUTE_INT);
  if (typeof value === 'string') return proto.text(4, value).integer(20, ATTRIBUTE_STRING);
  for (const item of value) proto.integer(8, item);
  return proto.integer(20, ATTRIBUTE_INTS);
}

function tensorProto(tensor: OnnxInitializer): ProtobufMessage {
  const proto = new ProtobufMessage();
  for (const size of tensor.shape) proto.integer(1, size);
  return proto.integer(2, tensor.type).text(8, tensor.name).bytes(9, tensor.bytes);
}

function valueInfoProto(info: OnnxTensorInfo): ProtobufMessage {
  const shape = new ProtobufMessage();
  for (const size of info.shape) {
    const dimension = new ProtobufMessage();
    shape.message(
      1,
      typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size),
    );
  }
  const tensor = new ProtobufMessage().integer(1, DATA_TYPE.float32).message(2, shape);
  return new ProtobufMessage().text(1, info.name).message(
    2,
    new ProtobufMessage().message(1, tensor),
  );
}
