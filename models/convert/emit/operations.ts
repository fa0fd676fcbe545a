/** One emitter per operation of the converter's graph: TensorFlow meaning in, ONNX nodes out. */
import { PackError } from '../../errors.ts';
import type { Extent, Operation } from '../graph.ts';
import { elementCount, reshaped, transposed, weight } from '../weight.ts';
import type { OnnxBuilder } from './builder.ts';
import { fitTransposed, fitWindow } from './geometry.ts';
import { axisIn, inOrderOf, type Layout, type Layouts, operandIn, type Value } from './layout.ts';

/** What an emitter may use: the graph being built, tensor orders, and the values computed so far. */
export interface EmitContext {
  readonly builder: OnnxBuilder;
  readonly layouts: Layouts;
  value(name: string): Value;
}

type Emitter<Op extends Operation['op']> = (
  context: EmitContext,
  operation: Extract<Operation, { op: Op }>,
) => Value;

/** Emits the nodes of one operation and returns its result. */
export function emitOperation(context: EmitContext, operation: Operation): Value {
  const emit = EMITTERS[operation.op] as (context: EmitContext, operation: Operation) => Value;
  return emit(context, operation);
}

const EMITTERS: { readonly [Op in Operation['op']]: Emitter<Op> } = {
  'conv': convolution,
  'depthwise': convolution,
  'transposed-conv': transposedConvolution,
  'max-pool': pool,
  'average-pool': pool,
  'global-mean': globalMean,
  'add': binary,
  'multiply': binary,
  'clip': clip,
  'sigmoid': (context, { x }) => unary(context, x, 'Sigmoid'),
  'hard-swish': (context, { x }) => unary(context, x, 'HardSwish'),
  'prelu': prelu,
  'pad': pad,
  'reshape': reshape,
  'concat': concat,
  'resize-bilinear': resizeBilinear,
  'dense': dense,
};

function rank4(value: Value, operation: string): readonly [number, number, number, number] {
  const [batch, height, width, channels] = value.shape;
  if (value.shape.length !== 4) {
    throw new PackError(
      'CONVERSION_UNSUPPORTED',
      `${operation} of a tensor of shape [${value.shape}]`,
    );
  }
  return [batch, height, width, channels];
}

function convolution(
  { builder, layouts, value }: EmitContext,
  operation: Extract<Operation, { op: 'conv' | 'depthwise' }>,
): Value {
  const x = value(operation.x);
  const [batch, height, width, channels] = rank4(x, operation.op);
  const { filter, bias, stride, padding } = operation;
  const [kernelHeight, kernelWidth, inputs, last] = filter.shape;
  if (inputs !== channels) {
    throw new PackError(
      'CONVERSION_UNSUPPORTED',
      `${operation.op}: filter [${filter.shape}] on ${channels} channels`,
    );
  }
  const depthwise = operation.op === 'depthwise';
  const outputs = depthwise ? inputs * last : last;
  const rows = fitWindow(height, kernelHeight, stride[0], padding);
  const columns = fitWindow(width, kernelWidth, stride[1], padding);
  const kernel = depthwise
    ? reshaped(transposed(filter, [2, 3, 0, 1]), [outputs, 1, kernelHeight, kernelWidth])
    : transposed(filter, [3, 2, 0, 1]);
  const names = [layouts.nameIn('channels-first', x), builder.weight(kernel)];
  if (bias !== undefined) names.push(builder.weight(bias, [outputs]));
  const name = builder.node('Conv', names, {
    kernel_shape: [kernelHeight, kernelWidth],
    strides: stride,
    pads: [rows.before, columns.before, rows.after, columns.after],
    group: depthwise ? inputs : 1,
  });
  return { name, shape: [batch, rows.output, columns.output, outputs], layout: 'channels-first' };
}

function transposedConvolution(
  { builder, layouts, value }: EmitContext,
  operation: Extract<Operation, { op: 'transposed-conv' }>,
): Value {
  const x = value(operation.x);
  const [batch, height, width] = rank4(x, operation.op);
  const { filter, bias, stride, padding, outputSize } = operation;
  const [kernelHeight, kernelWidth, outputs] = filter.shape;
  const rows = fitTransposed(height, outputSize[0], kernelHeight, stride[0], padding);
  const columns = fitTransposed(width, outputSize[1], kernelWidth, stride[1], padding);
  const names = [
    layouts.nameIn('channels-first', x),
    builder.weight(transposed(filter, [3, 2, 0, 1])),
  ];
  if (bias !== undefined) names.push(builder.weight(bias, [outputs]));
  const name = builder.node('ConvTranspose', names, {
    kernel_shape: [kernelHeight, kernelWidth],
    strides: stride,
    pads: [rows.before, columns.before, rows.after, columns.after],
    output_padding: [rows.extra, columns.extra],
  });
  return { name, shape: [batch, ...outputSize, outputs], layout: 'channels-first' };
}

function pool(
  { builder, layouts, value }: EmitContext,
  operation: Extract<Operation, { op: 'max-pool' | 'average-pool' }>,
): Value {
  const x = value(operation.x);
  const [batch, height, width, channels] = rank4(x, operation.op);
  const { window, stride, padding } = operation;
  const rows = fitWindow(height, window[0], stride[0], padding);
  const columns = fitWindow(width, window[1], stride[1], padding);
  const average = operation.op === 'average-pool';
  const name = builder.node(
    average ? 'AveragePool' : 'MaxPool',
    [layouts.nameIn('channels-first', x)],
    {
      kernel_shape: window,
      strides: stride,
      pads: [rows.before, columns.before, rows.after, columns.after],
      ...(average ? { count_include_pad: 0 } : {}),
    },
  );
  return { name, shape: [batch, rows.output, columns.output, channels], layout: 'channels-first' };
}

function globalMean(
  { builder, layouts, value }: EmitContext,
  { x: source, keepAxes }: Extract<Operation, { op: 'global-mean' }>,
): Value {
  const x = value(source);
  const [batch, , , channels] = rank4(x, 'global-mean');
  const mean = builder.node('GlobalAveragePool', [layouts.nameIn('channels-first', x)]);
  if (keepAxes) return { name: mean, shape: [batch, 1, 1, channels], layout: 'channels-first' };
  const name = builder.node('Flatten', [mean], { axis: 1 });
  return { name, shape: [batch, channels], layout: 'channels-last' };
}

function binary(
  { builder, layouts, value }: EmitContext,
  operation: Extract<Operation, { op: 'add' | 'multiply' }>,
): Value {
  const operator = operation.op === 'add' ? 'Add' : 'Mul';
  const x = value(operation.x);
  if (typeof operation.y !== 'string') {
    const name = builder.node(operator, [
      x.name,
      builder.weight(operandIn(x.layout, operation.y)),
    ]);
    return { name, shape: x.shape, layout: x.layout };
  }
  const y = value(operation.y);
  if (x.shape.length !== y.shape.length) {
    throw new PackError(
      'CONVERSION_UNSUPPORTED',
      `${operation.op} of shapes [${x.shape}] and [${y.shape}]`,
    );
  }
  const layout: Layout = x.layout === y.layout ? x.layout : 'channels-first';
  const name = builder.node(operator, [layouts.nameIn(layout, x), layouts.nameIn(layout, y)]);
  const shape = x.shape.map((size, axis) => size === 1 ? y.shape[axis] : size);
  return { name, shape, layout };
}

function unary({ builder, value }: EmitContext, source: string, operator: string): Value {
  const x = value(source);
  return { ...x, name: builder.node(operator, [x.name]) };
}

function clip(
  context: EmitContext,
  { x, low, high }: Extract<Operation, { op: 'clip' }>,
): Value {
  if (low === 0 && high === Infinity) return unary(context, x, 'Relu');
  const { builder, value } = context;
  const bound = (limit: number) => Number.isFinite(limit) ? builder.scalar(limit) : '';
  const source = value(x);
  return { ...source, name: builder.node('Clip', [source.name, bound(low), bound(high)]) };
}

function prelu(
  { builder, layouts, value }: EmitContext,
  { x: source, alpha }: Extract<Operation, { op: 'prelu' }>,
): Value {
  const x = value(source);
  const [, , , channels] = rank4(x, 'prelu');
  if (alpha.values.length !== channels) {
    throw new PackError('CONVERSION_UNSUPPORTED', `prelu with alpha of shape [${alpha.shape}]`);
  }
  const slope = builder.weight(weight(alpha.values, [channels, 1, 1]));
  const name = builder.node('PRelu', [layouts.nameIn('channels-first', x), slope]);
  return { name, shape: x.shape, layout: 'channels-first' };
}

function pad(
  { builder, value }: EmitContext,
  { x: source, amounts }: Extract<Operation, { op: 'pad' }>,
): Value {
  const x = value(source);
  rank4(x, 'pad');
  const ordered: Extent[] = inOrderOf(x.layout, amounts);
  const name = builder.node('Pad', [
    x.name,
    builder.integers([
      ...ordered.map(([before]) => before),
      ...ordered.map(([, after]) => after),
    ]),
  ]);
  const shape = x.shape.map((size, axis) =>
    axis === 0 ? size : size + amounts[axis][0] + amounts[axis][1]
  );
  return { name, shape, layout: x.layout };
}

function reshape(
  { builder, layouts, value }: EmitContext,
  { x: source, shape }: Extract<Operation, { op: 'reshape' }>,
): Value {
  const x = value(source);
  if (elementCount(x.shape.slice(1)) !== elementCount(shape)) {
    throw new PackError('CONVERSION_UNSUPPORTED', `reshape of [${x.shape}] to [n, ${shape}]`);
  }
  // Where height and width are 1 both orders hold the same bytes: no transpose is needed.
  const sameBytes = x.shape.length === 4 && (x.shape[1] * x.shape[2] === 1 || x.shape[3] === 1);
  const from = sameBytes ? x.name : layouts.nameIn('channels-last', x);
  const target = [x.shape[0], ...shape];
  const name = builder.node('Reshape', [from, builder.integers(target)]);
  return { name, shape: target, layout: 'channels-last' };
}

function concat(
  { builder, layouts, value }: EmitContext,
  { xs, axis }: Extract<Operation, { op: 'concat' }>,
): Value {
  const values = xs.map(value);
  const layout: Layout = values.some((each) => each.layout === 'channels-first')
    ? 'channels-first'
    : 'channels-last';
  const name = builder.node('Concat', values.map((each) => layouts.nameIn(layout, each)), {
    axis: axisIn(layout, axis),
  });
  const shape = [...values[0].shape];
  shape[axis] = values.reduce((sum, each) => sum + each.shape[axis], 0);
  return { name, shape, layout };
}

function resizeBilinear(
  { builder, layouts, value }: EmitContext,
  { x: source, size, sampling }: Extract<Operation, { op: 'resize-bilinear' }>,
): Value {
  const x = value(source);
  const [batch, height, width, channels] = rank4(x, 'resize-bilinear');
  const scales = builder.floats([1, 1, size[0] / height, size[1] / width]);
  const name = builder.node('Resize', [layouts.nameIn('channels-first', x), '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: sampling.replace('-', '_'),
  });
  return { name, shape: [batch, ...size, channels], layout: 'channels-first' };
}

function dense(
  { builder, value }: EmitContext,
  { x: source, weights }: Extract<Operation, { op: 'dense' }>,
): Value {
  const x = value(source);
  const name = builder.node('Gemm', [x.name, builder.weight(weights, weights.shape, 1)]);
  return { name, shape: [x.shape[0], weights.shape[1]], layout: 'channels-last' };
}
