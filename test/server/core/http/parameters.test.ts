import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readHeaderValue } from '../../../../server/core/http/parameters.ts';

const read = (text: string) => {
  const { value, parameters } = readHeaderValue(text) ?? {};
  return value === undefined ? undefined : [value, Object.fromEntries(parameters!)];
};

describe('a header value', () => {
  test.each([
    ['text/plain', ['text/plain', {}]],
    ['Text/Plain ; Charset=UTF-8', ['text/plain', { charset: 'UTF-8' }]],
    ['a; b="c; d=\\"e\\"";f=g', ['a', { b: 'c; d="e"', f: 'g' }]],
    ['a; b=----=_Part_1:2;', ['a', { b: '----=_Part_1:2' }]],
    ["form-data; filename*=utf-8''f%C3%BC", ['form-data', { 'filename*': "utf-8''f%C3%BC" }]],
    ['a;; b=""', ['a', { b: '' }]],
    ['', ['', {}]],
  ])('is read: %s', (text, expected) => {
    expect(read(text)).toEqual(expected as never);
  });

  test.each([
    'a; b=c; B=d',
    'a; b',
    'a; b=',
    'a; b="c',
    'a; b="c"d',
    'a; b=c d',
    'a; b=c, e',
    'a; =c',
    'a; b="c\0d"',
    'a\r\nb',
    'a; b="c\nd"',
  ])('is refused: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('comes back as it was written', () => {
    const name = fc.stringMatching(/^[a-z*]{1,12}$/);
    const value = fc.string({ unit: fc.constantFrom(...'ab"\\;= \tü/') });
    fc.assert(fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (parameters) => {
      const text = Object.entries(parameters)
        .map(([key, content]) => `; ${key}="${content.replaceAll(/["\\]/g, '\\$&')}"`);
      expect(read(`x/y${text.join('')}`)).toEqual(['x/y', { ...parameters }]);
    }));
  });
});
