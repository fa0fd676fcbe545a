/** The OpenAPI 3.1 document of all endpoints, made of their descriptions. */
import { z } from 'zod';
import type { Answer, Content, Operation, OperationGroup } from '../../core/api/operation.ts';

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1; references point into `components`. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface MediaTypeObject {
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'header';
    readonly description: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, MediaTypeObject>>;
  };
  readonly responses: Readonly<
    Record<string, {
      readonly description: string;
      readonly content: Readonly<Record<string, MediaTypeObject>>;
    }>
  >;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

export function openApiDocument(
  info: DocumentInfo,
  groups: readonly OperationGroup[],
): OpenApiDocument {
  const schemas: Record<string, Schema> = {};
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const { name, operations } of groups) {
    for (const operation of operations) {
      const methods = paths[operation.path] ??= {};
      methods[operation.method] = operationObject(operation, name, schemas);
    }
  }
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/' }],
    tags: groups.map(({ name, description }) => ({ name, description })),
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).sort()) },
  };
}

function operationObject(
  operation: Operation,
  tag: string,
  schemas: Record<string, Schema>,
): OperationObject {
  const { headers = [], takes, gives } = operation;
  const answer = ({ description, contents }: Answer) => ({
    description,
    content: contentOf(contents, 'output', schemas),
  });
  return {
    operationId: operation.id,
    tags: [tag],
    summary: operation.summary,
    description: operation.description,
    ...(headers.length > 0 && {
      parameters: headers.map(({ name, description }) => ({
        name,
        in: 'header',
        description,
        schema: { type: 'string' },
      })),
    }),
    ...(takes.length > 0 && {
      requestBody: { required: true, content: contentOf(takes, 'input', schemas) },
    }),
    responses: Object.fromEntries(gives.map((given) => [given.status, answer(given)])),
  };
}

function contentOf(
  contents: readonly Content[],
  io: 'input' | 'output',
  schemas: Record<string, Schema>,
): Record<string, MediaTypeObject> {
  return Object.fromEntries(contents.map(({ mediaType, schema, example }) => [mediaType, {
    schema: toSchema(schema, io, schemas),
    ...(example !== undefined && { example }),
  }]));
}

/** Named parts go to `schemas`. Answers may grow, so no object is closed. */
function toSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, Schema>,
): Schema {
  const made = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // OpenAPI 3.1.1, 4.8.14.4: the content of a form's file is no text
      if (jsonSchema.format === 'binary') delete jsonSchema.contentEncoding;
      // what Base64 looks like, and how far numbers go, needs no repeating
      if (jsonSchema.contentEncoding === 'base64') delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text);
  Object.assign(schemas, $defs);
  return rest;
}
