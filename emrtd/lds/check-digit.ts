/** Check digits of the machine readable zone (ICAO 9303-3 4.9): weights 7, 3, 1, modulus 10. */

const WEIGHTS = [7, 3, 1] as const;

/** Value of a character of the MRZ: digits as they are, A to Z 10 to 35, filler 0; else undefined. */
function characterValue(character: string): number | undefined {
  if (character === '<') return 0;
  if (character >= '0' && character <= '9') return character.charCodeAt(0) - 48;
  if (character >= 'A' && character <= 'Z') return character.charCodeAt(0) - 55;
  return undefined;
}

/** Check digit of `field`, 0 to 9, or undefined when a character is not of the MRZ alphabet. */
export function mrzCheckDigit(field: string): number | undefined {
  let sum = 0;
  for (let i = 0; i < field.length; i++) {
    const value = characterValue(field[i]);
    if (value === undefined) return undefined;
    sum += value * WEIGHTS[i % 3];
  }
  return sum % 10;
}
