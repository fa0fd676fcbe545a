/** JSON from strangers: RFC 8259, with depth and size counted before anything is built. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ServerError } from '../../../../server/core/errors.ts';
import { parseJson } from '../../../../server/core/http/json.ts';

const LIMITS = { maxDepth: 8, maxValues: 50 };
const encode = (text: string) => new TextEncoder().encode(text);

function refusal(bytes: Uint8Array): string {
  try {
    parseJson(bytes, LIMITS);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('JSON_INVALID');
    return error.message;
  }
  throw new Error('was accepted');
}

describe('parseJson', () => {
  test('gives back what was written', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const text = JSON.stringify(value);
      const limits = { maxDepth: 10, maxValues: 10_000 };
      expect(parseJson(encode(text), limits)).toEqual(JSON.parse(text));
    }));
  });

  test('never throws anything but its own error, whatever the bytes', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', 'null', '\0', 'é');
    const nearly = fc.array(pieces, { maxLength: 60 }).map((parts) => encode(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), nearly), (bytes) => {
        try {
          parseJson(bytes, LIMITS);
        } catch (error) {
          expect(error).toBeInstanceOf(ServerError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('counts depth, not brackets in strings', () => {
    expect(parseJson(encode('[[[[[[[[1]]]]]]]]'), LIMITS)).toBeDefined();
    expect(refusal(encode('[[[[[[[[[1]]]]]]]]]'))).toBe('nested too deeply');
    expect(refusal(encode('{"a":'.repeat(5_000_000)))).toBe('nested too deeply');
    expect(parseJson(encode('"[[[[[[[[[["'), LIMITS)).toBe('[[[[[[[[[[');
    expect(parseJson(encode('["\\"[[[[[[[[[[[", "\\\\"]'), LIMITS)).toEqual(['"[[[[[[[[[[[', '\\']);
  });

  test('counts values', () => {
    expect(parseJson(encode(`[${'1,'.repeat(48)}1]`), LIMITS)).toHaveLength(49);
    expect(refusal(encode(`[${'1,'.repeat(49)}1]`))).toBe('too many values');
    expect(refusal(encode(`[${'[],'.repeat(1_000_000)}1]`))).toBe('too many values');
  });

  test('takes UTF-8 with or without a byte order mark and nothing else', () => {
    expect(parseJson(encode('\ufeff{"a":"é"}'), LIMITS)).toEqual({ a: 'é' });
    const utf16 = new Uint8Array(
      new Uint16Array([...'{"a":1}'].map((c) => c.charCodeAt(0))).buffer,
    );
    expect(refusal(utf16)).toBe('body is not JSON in UTF-8');
    expect(refusal(new Uint8Array([0xff, 0xfe, ...utf16]))).toBe('body is not JSON in UTF-8');
    expect(refusal(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))).toBe('body is not JSON in UTF-8');
    expect(refusal(new Uint8Array([0x1f, 0x8b, 8, 0]))).toBe('body is not JSON in UTF-8');
    expect(refusal(encode('{"a\0":1}'))).toBe('body is not JSON in UTF-8');
    expect(refusal(new Uint8Array(0))).toBe('body is not JSON in UTF-8');
  });

  test('survives numbers of absurd length', () => {
    expect(parseJson(encode('1'.repeat(1_000_000)), LIMITS)).toBe(Infinity);
    expect(parseJson(encode(`1e-${'9'.repeat(1000)}`), LIMITS)).toBe(0);
  });

  test('makes no prototype of __proto__', () => {
    const value = parseJson(encode('{"__proto__":{"level":"LOW"}}'), LIMITS) as { level?: string };
    expect(value.level).toBeUndefined();
  });
});
