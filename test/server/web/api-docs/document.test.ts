/** `/openapi.json`: a document of OpenAPI 3.1, complete, whose examples fit its own schemas. */
import { describe, expect, test } from 'bun:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { apiDocs } from '../../../../server/web/api-docs/mod.ts';
import type { OpenApiDocument } from '../../../../server/web/api-docs/document.ts';
import { checker } from '../../support/openapi.ts';

const document: OpenApiDocument = JSON.parse(apiDocs()['/openapi.json']);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
);

test('is valid by the published schema of OpenAPI 3.1', async () => {
  const check = (value: object) => new Validator().validate(JSON.parse(JSON.stringify(value)));
  expect(await check(document)).toEqual({ valid: true });
  const { paths: _, ...rest } = document;
  expect((await check({ ...rest, paths: { '/x': { post: { responses: 3 } } } })).valid).toBe(false);
});

test('names each operation once', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(10);
});

test('refers to no schema that is not there', () => {
  const text = JSON.stringify(document);
  const names = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    expect(name).toStartWith('#/components/schemas/');
    expect(document.components.schemas).toHaveProperty([name.slice(21)]);
  }
});

describe('examples fit', () => {
  const { check } = checker(document);
  const contents = operations.flatMap(({ operation }) =>
    [
      ...Object.values(operation.requestBody?.content ?? {}),
      ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content)),
    ].map((content) => ({ id: operation.operationId, content }))
  );

  test.each(contents.filter(({ content }) => content.example !== undefined))(
    'those of $id',
    ({ content }) => {
      expect(check(content.schema, content.example)).toEqual([]);
    },
  );
});
