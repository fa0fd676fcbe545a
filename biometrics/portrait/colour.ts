/** Colours as clients write them: "#" and six hexadecimal digits (IDENTY Face SDK 6, backgroundColor). */
import { FaceError } from '../errors.ts';

/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** @throws FaceError COLOUR_INVALID for anything but "#" and six hexadecimal digits */
export function parseColour(text: string): Colour {
  if (!/^#[0-9a-f]{6}$/i.test(text)) {
    throw new FaceError('COLOUR_INVALID', 'colour: not "#" and six hexadecimal digits');
  }
  const value = parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

export function formatColour(colour: Colour): string {
  return '#' + colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');
}
