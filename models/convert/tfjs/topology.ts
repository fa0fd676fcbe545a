/** The node list of a TensorFlow.js graph model (a GraphDef in JSON), with typed attribute access. */
import { z } from 'zod';
import { PackError } from '../../errors.ts';
import type { Extent, Padding } from '../graph.ts';
import { WeightsManifestSchema } from './weights.ts';

const Integer = z.union([z.int(), z.string().regex(/^-?\d{1,12}$/)]).transform(Number);

const AttributeSchema = z.object({
  s: z.string().optional(),
  i: Integer.optional(),
  b: z.boolean().optional(),
  list: z.object({ i: z.array(Integer).optional(), s: z.array(z.string()).optional() }).optional(),
  shape: z.object({ dim: z.array(z.object({ size: Integer })).optional() }).optional(),
});

const NodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), AttributeSchema).optional(),
});

const GraphModelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({ node: z.array(NodeSchema).min(1).max(20_000) }),
  weightsManifest: WeightsManifestSchema,
});

export type GraphModel = z.infer<typeof GraphModelSchema>;

/** @throws PackError CONVERSION_UNSUPPORTED when the bytes are no TensorFlow.js graph model */
export function parseGraphModel(label: string, json: Uint8Array): GraphModel {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw new PackError('CONVERSION_UNSUPPORTED', `${label}: not JSON`, { cause });
  }
  const parsed = GraphModelSchema.safeParse(value);
  if (!parsed.success) {
    throw new PackError(
      'CONVERSION_UNSUPPORTED',
      `${label}: not a TensorFlow.js graph model: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

/** One node with its attributes decoded. */
export class TopologyNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  #attributes: Record<string, z.infer<typeof AttributeSchema>>;

  constructor(node: z.infer<typeof NodeSchema>) {
    this.name = node.name;
    this.operator = node.op;
    this.inputs = (node.input ?? [])
      .filter((input) => !input.startsWith('^'))
      .map((input) => input.replace(/:0$/, ''));
    this.#attributes = node.attr ?? {};
  }

  /** Text attributes are base64 in the JSON. */
  text(name: string): string {
    return atob(this.#attributes[name]?.s ?? '');
  }

  texts(name: string): string[] {
    return (this.#attributes[name]?.list?.s ?? []).map((item) => atob(item));
  }

  flag(name: string): boolean {
    return this.#attributes[name]?.b ?? false;
  }

  /** Height and width of an attribute such as `strides`, which lists all four axes. */
  extent(name: string): Extent {
    const list = this.#attributes[name]?.list?.i ?? [1, 1, 1, 1];
    if (list.length !== 4 || list[0] !== 1 || list[3] !== 1) {
      throw this.unsupported(`${name} [${list}]`);
    }
    return [list[1], list[2]];
  }

  padding(): Padding {
    const padding = this.text('padding');
    if (padding !== 'SAME' && padding !== 'VALID') throw this.unsupported(`padding ${padding}`);
    return padding;
  }

  /** Sizes of a Placeholder's axes. */
  placeholderShape(): number[] {
    return (this.#attributes.shape?.shape?.dim ?? []).map((dimension) => dimension.size);
  }

  unsupported(what: string): PackError {
    return new PackError(
      'CONVERSION_UNSUPPORTED',
      `${this.operator} ${this.name}: ${what} is not supported`,
    );
  }
}
