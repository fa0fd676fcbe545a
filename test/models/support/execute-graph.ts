/** Runs the converter's graph operation by operation in TensorFlow.js, as a reference for the emitter. */
import * as tf from '@tensorflow/tfjs';
import type { Graph, Operation } from '../../../models/convert/graph.ts';
import type { Weight } from '../../../models/convert/weight.ts';
import type { Tensor } from './networks.ts';

/** Output tensors of the graph by name. The TensorFlow.js backend must be set. */
export function executeGraph(graph: Graph, input: Tensor): Record<string, Tensor> {
  const values = new Map<string, tf.Tensor>();
  values.set(graph.input.name, tf.tensor(input.data, [...input.shape]));
  for (const [name, operation] of graph.nodes) {
    values.set(name, tf.tidy(() => execute(operation, (ref) => values.get(ref)!)));
  }
  return Object.fromEntries(graph.outputs.map(({ node, name }) => {
    const value = values.get(node)!;
    return [name, { data: value.dataSync() as Float32Array, shape: value.shape }];
  }));
}

function constant(weight: Weight): tf.Tensor {
  return tf.tensor(weight.values, [...weight.shape]);
}

function execute(operation: Operation, value: (ref: string) => tf.Tensor): tf.Tensor {
  if (operation.op === 'concat') return tf.concat(operation.xs.map(value), operation.axis);
  const x = value(operation.x) as tf.Tensor4D;
  switch (operation.op) {
    case 'conv':
    case 'depthwise':
    case 'transposed-conv':
      return convolution(operation, x);
    case 'max-pool':
      return tf.maxPool(x, pair(operation.window), pair(operation.stride), same(operation));
    case 'average-pool':
      return tf.avgPool(x, pair(operation.window), pair(operation.stride), same(operation));
    case 'global-mean':
      return tf.mean(x, [1, 2], operation.keepAxes);
    case 'add':
      return tf.add(
        x,
        typeof operation.y === 'string' ? value(operation.y) : constant(operation.y),
      );
    case 'multiply':
      return tf.mul(
        x,
        typeof operation.y === 'string' ? value(operation.y) : constant(operation.y),
      );
    case 'clip':
      return tf.clipByValue(x, operation.low, operation.high);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'hard-swish':
      return tf.mul(x, tf.div(tf.clipByValue(tf.add(x, 3), 0, 6), 6));
    case 'prelu':
      return tf.prelu(x, constant(operation.alpha));
    case 'pad':
      return tf.pad(x, operation.amounts.map(pair));
    case 'reshape':
      return tf.reshape(x, [x.shape[0], ...operation.shape]);
    case 'resize-bilinear':
      return tf.image.resizeBilinear(
        x,
        pair(operation.size),
        operation.sampling === 'align-corners',
        operation.sampling === 'half-pixel',
      );
    case 'dense':
      return tf.matMul(x as unknown as tf.Tensor2D, constant(operation.weights) as tf.Tensor2D);
  }
}

function convolution(
  operation: Extract<Operation, { filter: Weight }>,
  x: tf.Tensor4D,
): tf.Tensor {
  const filter = constant(operation.filter) as tf.Tensor4D;
  const stride = pair(operation.stride);
  const bias = operation.bias === undefined ? tf.scalar(0) : constant(operation.bias);
  if (operation.op === 'transposed-conv') {
    const [height, width] = operation.outputSize;
    const shape: [number, number, number, number] = [x.shape[0], height, width, filter.shape[2]];
    return tf.conv2dTranspose(x, filter, shape, stride, same(operation)).add(bias);
  }
  const convolve = operation.op === 'conv' ? tf.conv2d : tf.depthwiseConv2d;
  return convolve(x, filter, stride, same(operation)).add(bias);
}

function pair(values: readonly [number, number]): [number, number] {
  return [values[0], values[1]];
}

function same(operation: { padding: 'SAME' | 'VALID' }): 'same' | 'valid' {
  return operation.padding === 'SAME' ? 'same' : 'valid';
}
