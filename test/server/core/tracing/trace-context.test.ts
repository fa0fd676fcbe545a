/** W3C Trace Context: what is valid is read, what is not is as good as absent, and nothing makes it fail. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  parseTraceparent,
  parseTracestate,
  writeTraceparent,
} from '../../../../server/core/tracing/trace-context.ts';

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
const id = (digits: number) => hex(digits).filter((text) => /[^0]/.test(text));

const EXAMPLE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  test('is read by its fields', () => {
    expect(parseTraceparent(EXAMPLE)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentId: 'b7ad6b7169203331',
      sampled: true,
    });
    expect(parseTraceparent(null)).toBeUndefined();
  });

  test('comes back from what was written', () => {
    fc.assert(fc.property(id(32), id(16), fc.boolean(), (traceId, parentId, sampled) => {
      const parent = { traceId, parentId, sampled };
      expect(parseTraceparent(writeTraceparent(parent))).toEqual(parent);
    }));
  });

  test('of any version but ff is read, of the flags the one that is known', () => {
    fc.assert(fc.property(hex(2), id(32), id(16), hex(2), (version, traceId, parentId, flags) => {
      const read = parseTraceparent(`${version}-${traceId}-${parentId}-${flags}`);
      const sampled = Number.parseInt(flags, 16) % 2 === 1;
      expect(read).toEqual(version === 'ff' ? undefined : { traceId, parentId, sampled });
    }));
  });

  test('may have more behind a hyphen in a later version only', () => {
    fc.assert(fc.property(hex(2), fc.string({ maxLength: 99 }), (version, more) => {
      const head = EXAMPLE.replace(/^00/, version);
      const later = version !== '00' && version !== 'ff' && !/[\r\n\u2028\u2029]/.test(more);
      expect(parseTraceparent(`${head}-${more}`) !== undefined).toBe(later);
      if (more !== '' && !more.startsWith('-')) {
        expect(parseTraceparent(`${head}${more}`)).toBeUndefined();
      }
    }));
  });

  test('with one character changed is valid only if that was a digit', () => {
    const place = fc.integer({ min: 0, max: EXAMPLE.length - 1 });
    fc.assert(fc.property(place, fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      const changed = EXAMPLE.slice(0, at) + character + EXAMPLE.slice(at + 1);
      const inPlace = EXAMPLE[at] === '-' ? character === '-' : /[0-9a-f]/.test(character);
      expect(parseTraceparent(changed) !== undefined).toBe(inPlace);
    }));
  });

  test('with a character too many or too few is not valid', () => {
    const place = fc.integer({ min: 0, max: EXAMPLE.length - 1 });
    fc.assert(fc.property(place, (at) => {
      expect(parseTraceparent(EXAMPLE.slice(0, at) + EXAMPLE.slice(at + 1))).toBeUndefined();
      expect(parseTraceparent(`${EXAMPLE.slice(0, at)}0${EXAMPLE.slice(at)}`)).toBeUndefined();
    }));
  });

  test.each([
    ['upper case', EXAMPLE.toUpperCase()],
    ['version ff', EXAMPLE.replace('00-', 'ff-')],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a parent of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['two headers', `${EXAMPLE}, ${EXAMPLE}`],
    ['two headers of a later version', `${EXAMPLE}, ${EXAMPLE}`.replaceAll('00-', '01-')],
    ['a space', ` ${EXAMPLE}`],
    ['a line feed', `${EXAMPLE}\n`],
  ])('with %s is not valid', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('never makes it fail', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(parseTraceparent(text)).toBeUndefined();
    }));
  });
});

const VALUE = [...' !"#$%&\'()*+-./:;<>?@[]^_`{|}~09azAZ\\'];
const member = fc.tuple(
  fc.stringMatching(/^[a-z][a-z0-9_*/-]{0,20}$/),
  fc.string({ unit: fc.constantFrom(...VALUE), minLength: 1, maxLength: 100 })
    .filter((value) => !/^[ \t]|[ \t]$/.test(value)),
).map(([key, value]) => `${key}=${value}`);
const members = fc.uniqueArray(member, {
  selector: (text) => text.split('=')[0],
  minLength: 1,
  maxLength: 32,
});

describe('tracestate', () => {
  test('is passed on member by member, without the spaces around them', () => {
    fc.assert(fc.property(members, (list) => {
      fc.pre(list.join(',').length <= 512);
      expect(parseTracestate(list.join(' ,\t'))).toBe(list.join(','));
    }));
  });

  test('that is too long loses long members, then the last ones', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 20, maxLength: 32 });
    fc.assert(fc.property(lengths, (all) => {
      const list = all.map((length, i) => `k${i}=${'v'.repeat(length)}`);
      fc.pre(list.join(',').length > 512);
      const short = list.filter(({ length }) => length <= 128);
      const kept = (parseTracestate(list.join(',')) ?? '').split(',');
      const next = short.slice(0, kept.length + 1);
      expect(kept).toEqual(short.slice(0, kept.length));
      expect(kept.join(',').length).toBeLessThanOrEqual(512);
      expect(next.length > kept.length && next.join(',').length <= 512).toBe(false);
    }));
  });

  test.each([
    ['nothing', ''],
    ['no value', 'a'],
    ['an empty value', 'a='],
    ['an empty key', '=a'],
    ['a key in upper case', 'A=1'],
    ['a key that begins with a digit', '1a=1'],
    ['two equal signs', 'a=b=c'],
    ['a key twice', 'a=1,a=2'],
    ['a value outside ASCII', 'a=\u00e4'],
    ['a control character', 'a=\u0001'],
    ['a value of 257 characters', `a=${'x'.repeat(257)}`],
    ['33 members', Array.from({ length: 33 }, (_, i) => `k${i}=v`).join(',')],
    ['more than anybody reads', 'a=1,'.repeat(3000)],
  ])('with %s is not valid', (_, header) => {
    expect(parseTracestate(header)).toBeUndefined();
  });

  test('may have tenants in its keys and empty members', () => {
    expect(parseTracestate('1t@system=a,,b=c')).toBe('1t@system=a,b=c');
  });

  test('never makes it fail', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
      const read = parseTracestate(text);
      if (read !== undefined) expect(read).toMatch(/^[\x20-\x7e]{3,512}$/);
    }));
  });
});
