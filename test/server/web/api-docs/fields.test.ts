/** How a schema is told to people. */
import { expect, test } from 'bun:test';
import { alternatives, fieldsOf, typeOf } from '../../../../server/web/api-docs/fields.ts';

const SCHEMAS = {
  Level: { type: 'string', enum: ['LOW', 'HIGH'] },
  Inner: {
    type: 'object',
    properties: { level: { $ref: '#/components/schemas/Level', description: 'How strict.' } },
    required: ['level'],
  },
};

test.each([
  [{ type: 'integer', minimum: 0, maximum: 100 }, 'integer 0 to 100'],
  [{ type: 'number', minimum: 0 }, 'number >= 0'],
  [{ type: 'integer', maximum: 3 }, 'integer <= 3'],
  [{ type: 'string' }, 'string'],
  [{ type: 'number', const: 200 }, '200'],
  [{ type: 'string', enum: ['A', 'B'], default: 'A' }, 'one of A, B, default A'],
  [{ type: 'string', format: 'binary' }, 'file'],
  [{ type: 'array', items: { type: 'boolean' } }, 'list of boolean'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'string by name'],
  [
    { anyOf: [{ $ref: '#/components/schemas/Level' }, { type: 'null' }] },
    'one of LOW, HIGH or null',
  ],
])('%j', (schema, words) => {
  expect(typeOf(schema, SCHEMAS)).toBe(words);
});

test('fields of objects in objects, with what stands beside a reference', () => {
  const schema = {
    type: 'object',
    properties: {
      one: { $ref: '#/components/schemas/Inner' },
      each: {
        type: 'object',
        additionalProperties: { $ref: '#/components/schemas/Inner' },
        description: 'Several.',
      },
    },
    required: ['one'],
  };
  expect(
    fieldsOf(schema, SCHEMAS).map((
      { name, optional, description },
    ) => [name, optional, description]),
  ).toEqual([
    ['one', false, ''],
    ['one.level', false, 'How strict.'],
    ['each', true, 'Several.'],
    ['each.*.level', false, 'How strict.'],
  ]);
});

test('a union is told branch by branch', () => {
  const union = { anyOf: [{ $ref: '#/components/schemas/Inner' }, { type: 'null' }] };
  expect(alternatives(union, SCHEMAS).map(({ name }) => name)).toEqual(['Inner', undefined]);
});
