/**
 * The converter's picture of a network: a typed list of operations with TensorFlow semantics
 * (channels last). Every source format is read into it, the ONNX emitter reads nothing else.
 */
import type { Weight } from './weight.ts';

/** SAME pads as TensorFlow does (more at the end), VALID does not pad. */
export type Padding = 'SAME' | 'VALID';

/** Height and width. */
export type Extent = readonly [number, number];

/** Name of another node or of an input. */
export type NodeRef = string;

interface Convolution {
  readonly x: NodeRef;
  /** conv: [h, w, in, out]; depthwise: [h, w, in, multiplier]; transposed: [h, w, out, in]. */
  readonly filter: Weight;
  readonly bias?: Weight;
  readonly stride: Extent;
  readonly padding: Padding;
}

export type Operation =
  | Convolution & { readonly op: 'conv' | 'depthwise' }
  | Convolution & { readonly op: 'transposed-conv'; readonly outputSize: Extent }
  | {
    readonly op: 'max-pool' | 'average-pool';
    readonly x: NodeRef;
    readonly window: Extent;
    readonly stride: Extent;
    readonly padding: Padding;
  }
  /** Mean over height and width; [n, h, w, c] becomes [n, c], or [n, 1, 1, c] with keepAxes. */
  | { readonly op: 'global-mean'; readonly x: NodeRef; readonly keepAxes: boolean }
  | { readonly op: 'add' | 'multiply'; readonly x: NodeRef; readonly y: NodeRef | Weight }
  /** min(max(x, low), high); relu is low 0, high Infinity. */
  | { readonly op: 'clip'; readonly x: NodeRef; readonly low: number; readonly high: number }
  | { readonly op: 'sigmoid' | 'hard-swish'; readonly x: NodeRef }
  /** x where positive, alpha * x elsewhere; alpha's last axis is the channel. */
  | { readonly op: 'prelu'; readonly x: NodeRef; readonly alpha: Weight }
  /** Zeros around the tensor; one [before, after] pair per axis. */
  | { readonly op: 'pad'; readonly x: NodeRef; readonly amounts: readonly Extent[] }
  /** Target shape after the batch axis, all sizes known. */
  | { readonly op: 'reshape'; readonly x: NodeRef; readonly shape: readonly number[] }
  | { readonly op: 'concat'; readonly xs: readonly NodeRef[]; readonly axis: number }
  | {
    readonly op: 'resize-bilinear';
    readonly x: NodeRef;
    readonly size: Extent;
    readonly sampling: 'half-pixel' | 'align-corners' | 'asymmetric';
  }
  /** x [n, in] times weights [in, out]. */
  | { readonly op: 'dense'; readonly x: NodeRef; readonly weights: Weight };

export interface Graph {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: readonly [number, number, number] };
  /** Nodes by name, in an order in which each follows what it reads. */
  readonly nodes: ReadonlyMap<string, Operation>;
  readonly outputs: readonly { readonly node: NodeRef; readonly name: string }[];
}

/** The nodes an operation reads. */
export function operandsOf(operation: Operation): NodeRef[] {
  if (operation.op === 'concat') return [...operation.xs];
  if ((operation.op === 'add' || operation.op === 'multiply') && typeof operation.y === 'string') {
    return [operation.x, operation.y];
  }
  return [operation.x];
}
