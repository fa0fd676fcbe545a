/** Turns the converter's graph into an ONNX file. */
import { PackError } from '../../errors.ts';
import { type Graph, type NodeRef, operandsOf } from '../graph.ts';
import { encodeOnnxModel, type OnnxTensorInfo } from '../onnx/model.ts';
import { simplified } from '../simplify.ts';
import { OnnxBuilder } from './builder.ts';
import { Layouts, type Value } from './layout.ts';
import { emitOperation } from './operations.ts';

/** HardSwish needs 14; ONNX Runtime has supported it since 1.9. */
const OPERATOR_SET = 14;

export interface EmitOptions {
  /** 1 = the network always sees one picture, "N" = any number. */
  readonly batch: 1 | 'N';
}

/**
 * Converts a graph to the bytes of an ONNX file; the same graph always gives the same bytes. The
 * input is called `input`; it and the outputs keep the source's channels-last axis order.
 * @throws PackError CONVERSION_UNSUPPORTED when an operation has a form the emitter does not know
 */
export function emitOnnx(source: Graph, options: EmitOptions): Uint8Array {
  const graph = simplified(source);
  const builder = new OnnxBuilder();
  const layouts = new Layouts(builder);
  const values = new Map<NodeRef, Value>();
  const batchSize = options.batch === 'N' ? -1 : 1;

  const inputShape = [batchSize, ...graph.input.shape];
  values.set(graph.input.name, { name: 'input', shape: inputShape, layout: 'channels-last' });
  const value = (name: NodeRef): Value => {
    const found = values.get(name);
    if (found === undefined) {
      throw new PackError('CONVERSION_UNSUPPORTED', `${graph.name}: nothing is named ${name}`);
    }
    return found;
  };
  for (const name of reachable(graph)) {
    const operation = graph.nodes.get(name)!;
    values.set(name, emitOperation({ builder, layouts, value }, operation));
  }
  const outputs: OnnxTensorInfo[] = graph.outputs.map(({ node, name }) => {
    const result = value(node);
    builder.node('Identity', [layouts.nameIn('channels-last', result)], {}, name);
    return { name, shape: named(result.shape) };
  });
  return encodeOnnxModel({
    name: graph.name,
    operatorSet: OPERATOR_SET,
    nodes: builder.nodes,
    initializers: builder.initializers,
    inputs: [{ name: 'input', shape: named(inputShape) }],
    outputs,
  });
}

/** The batch axis by its ONNX name where it has no fixed size. */
function named(shape: readonly number[]): (number | string)[] {
  return shape.map((size) => size === -1 ? 'N' : size);
}

/** Nodes the outputs depend on, in the graph's order. */
function reachable(graph: Graph): NodeRef[] {
  const wanted = new Set<NodeRef>(graph.outputs.map((output) => output.node));
  const backwards = [...graph.nodes].reverse();
  for (const [name, operation] of backwards) {
    if (wanted.has(name)) operandsOf(operation).forEach((operand) => wanted.add(operand));
  }
  return [...graph.nodes.keys()].filter((name) => wanted.has(name));
}
