/**
 * Rewrites that keep a graph's meaning and make it smaller: a chain of clips (frameworks write ReLU6
 * as relu, minimum, maximum) becomes one, and a constant added after a convolution becomes its bias.
 */
import { type Graph, operandsOf, type Operation } from './graph.ts';

/** The graph with clip chains merged and added constants turned into biases. */
export function simplified(graph: Graph): Graph {
  const readers = countReaders(graph);
  const nodes = new Map<string, Operation>();
  for (const [name, operation] of graph.nodes) {
    const before = operation.op === 'concat' ? undefined : nodes.get(operation.x);
    const merged = before !== undefined && operation.op !== 'concat' &&
        readers.get(operation.x) === 1
      ? mergedWith(before, operation)
      : undefined;
    if (merged !== undefined && operation.op !== 'concat') nodes.delete(operation.x);
    nodes.set(name, merged ?? operation);
  }
  return { ...graph, nodes };
}

function mergedWith(before: Operation, after: Operation): Operation | undefined {
  if (before.op === 'clip' && after.op === 'clip') {
    const low = Math.min(Math.max(before.low, after.low), after.high);
    const high = Math.max(Math.min(before.high, after.high), after.low);
    return low <= high ? { ...before, low, high } : undefined;
  }
  if ((before.op === 'conv' || before.op === 'depthwise') && after.op === 'add') {
    if (typeof after.y === 'string' || before.bias !== undefined) return undefined;
    const channels = before.op === 'conv'
      ? before.filter.shape[3]
      : before.filter.shape[2] * before.filter.shape[3];
    return after.y.values.length === channels ? { ...before, bias: after.y } : undefined;
  }
  return undefined;
}

function countReaders(graph: Graph): Map<string, number> {
  const readers = new Map<string, number>();
  const add = (name: string) => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const operation of graph.nodes.values()) operandsOf(operation).forEach(add);
  for (const output of graph.outputs) add(output.node);
  return readers;
}
