/**
 * Document numbers of more than nine characters (ICAO 9303-5 4.2.2 note j, 9303-6 4.2.2 note j): the
 * filler in place of the check digit says that the number runs on at the start of the optional data,
 * with its check digit behind it, then a filler, then the optional data proper.
 */

export interface DocumentNumberField {
  /** The number over which the check digit is taken, fillers included. */
  documentNumber: string;
  checkDigit: string;
  /** What is left of the optional data. */
  optionalData: string;
}

/**
 * Splits the fields. `allowed` is false for TD3, where a long number does not exist. When the check
 * digit is a filler but nothing runs on, the fields come back as they stand.
 */
export function longDocumentNumber(
  allowed: boolean,
  documentNumber: string,
  checkDigit: string,
  optionalData: string,
): DocumentNumberField {
  const plain = { documentNumber, checkDigit, optionalData };
  if (!allowed || checkDigit !== '<' || documentNumber.endsWith('<')) return plain;
  const gap = optionalData.indexOf('<');
  const run = gap < 0 ? optionalData : optionalData.slice(0, gap);
  if (run.length < 2) return plain;
  return {
    documentNumber: documentNumber + run.slice(0, -1),
    checkDigit: run.slice(-1),
    optionalData: gap < 0 ? '' : optionalData.slice(gap + 1),
  };
}
