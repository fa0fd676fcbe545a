import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatColour, parseColour } from '../../../biometrics/portrait/mod.ts';
import { failure } from '../image/samples.ts';

test('reads colours in upper, lower and mixed case', () => {
  expect(parseColour('#ffffff')).toEqual([255, 255, 255]);
  expect(parseColour('#000000')).toEqual([0, 0, 0]);
  expect(parseColour('#12aBCd')).toEqual([0x12, 0xab, 0xcd]);
});

// The specification's own list of invalid values, and some of the same kinds.
const INVALID = [
  '',
  'ffffff',
  '0xffffff',
  '#00000g',
  '#00ff',
  '#00ff00ff',
  '#',
  ' #ffffff',
  '#ffffff\n',
];
for (const text of INVALID) {
  test(`refuses ${JSON.stringify(text)}`, async () => {
    expect(await failure(() => parseColour(text))).toEqual({
      code: 'COLOUR_INVALID',
      message: 'colour: not "#" and six hexadecimal digits',
    });
  });
}

test('a colour that was written is read back', () => {
  const part = fc.nat(255);
  fc.assert(fc.property(fc.tuple(part, part, part), (colour) => {
    expect(parseColour(formatColour(colour))).toEqual(colour);
  }));
});
