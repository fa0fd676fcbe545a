/** Flattens a JSON Schema into what a reader wants to know: each field, its type, whether it must be there. */
import type { Schema } from './document.ts';
import { strings } from './strings.ts';

export interface Field {
  /** With those that it lies in: `data.quality.eyes_status`. */
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly description: string;
}

type Schemas = Readonly<Record<string, Schema>>;

/** The alternatives of a body: one, or the branches of a union, each with its name where it has one. */
export function alternatives(
  schema: Schema,
  schemas: Schemas,
): { name?: string; schema: Schema }[] {
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf as Schema[] : [schema];
  return branches.map((branch) => ({
    ...(typeof branch.$ref === 'string' && { name: nameOf(branch.$ref) }),
    schema: resolve(branch, schemas),
  }));
}

/** All fields of an object and of the objects in it; none of a schema that is no object. */
export function fieldsOf(schema: Schema, schemas: Schemas, prefix = ''): Field[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).flatMap(([key, property]) => {
    const resolved = resolve(property, schemas);
    const name = `${prefix}${key}`;
    const field = {
      name,
      type: typeOf(resolved, schemas),
      optional: !required.includes(key),
      description: String(resolved.description ?? ''),
    };
    const named = resolved.additionalProperties;
    const inner = typeof named === 'object'
      ? fieldsOf(resolve(named as Schema, schemas), schemas, `${name}.*.`)
      : fieldsOf(resolved, schemas, `${name}.`);
    return [field, ...inner];
  });
}

/** A type in words: `integer 0 to 100`, `one of OPEN, CLOSED`. */
export function typeOf(schema: Schema, schemas: Schemas): string {
  const { enum: values, default: otherwise } = schema;
  const note = otherwise === undefined ? '' : `, ${strings.otherwise} ${String(otherwise)}`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(values)) return `${strings.oneOf} ${values.join(', ')}${note}`;
  if (Array.isArray(schema.anyOf)) {
    const types = (schema.anyOf as Schema[]).map((part) => typeOf(resolve(part, schemas), schemas));
    return types.join(` ${strings.or} `);
  }
  if (schema.format === 'binary') return strings.file;
  if (schema.type === 'array') {
    return `${strings.listOf} ${typeOf(resolve(schema.items as Schema, schemas), schemas)}`;
  }
  if (typeof schema.additionalProperties === 'object') {
    const inner = resolve(schema.additionalProperties as Schema, schemas);
    return `${typeOf(inner, schemas)} ${strings.mapOf}`;
  }
  return `${schema.type}${rangeOf(schema)}${note}`;
}

function rangeOf({ minimum, maximum }: Schema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return ` >= ${minimum}`;
  if (minimum === undefined) return ` <= ${maximum}`;
  return ` ${minimum} to ${maximum}`;
}

/** A reference followed; what stands beside it stays. */
function resolve({ $ref, ...beside }: Schema, schemas: Schemas): Schema {
  return typeof $ref === 'string' ? { ...schemas[nameOf($ref)], ...beside } : beside;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
