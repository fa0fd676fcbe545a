/** Holds values against the schemas of an OpenAPI document, strictly: a field that it does not name is a fault. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument, Schema } from '../../../server/web/api-docs/document.ts';

export function checker({ components }: Pick<OpenApiDocument, 'components'>) {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { binary: true, base64: true },
  });
  const schemas = closed(components.schemas) as Schema;
  return {
    /** What is wrong with a value; empty when nothing is. */
    check(schema: Schema, value: unknown): string[] {
      const valid = ajv.validate({ ...closed(schema) as Schema, components: { schemas } }, value);
      return valid
        ? []
        : (ajv.errors ?? []).map(({ instancePath, message, params }) =>
          `${instancePath} ${message} ${JSON.stringify(params)}`
        );
    },
  };
}

/** Every object takes only the properties that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, key === 'const' ? part : closed(part)]),
  );
  const isObject = parts.type === 'object' && parts.properties !== undefined;
  return isObject && !('additionalProperties' in parts)
    ? { ...parts, additionalProperties: false }
    : parts;
}
