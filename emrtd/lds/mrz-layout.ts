/** Where the fields of the machine readable zone stand: TD1 (9303-5), TD2 (9303-6), TD3 (9303-4). */

/** Size of the document, which decides the layout. */
export type MrzFormat = 'TD1' | 'TD2' | 'TD3';

/** Half-open range in the zone read as one string, all lines joined. */
type Range = readonly [start: number, end: number];

export interface MrzLayout {
  format: MrzFormat;
  lines: number;
  lineLength: number;
  documentCode: Range;
  issuingState: Range;
  documentNumber: Range;
  documentNumberCheck: number;
  dateOfBirth: Range;
  dateOfBirthCheck: number;
  sex: number;
  dateOfExpiry: Range;
  dateOfExpiryCheck: number;
  nationality: Range;
  name: Range;
  optionalData1: Range;
  optionalData2?: Range;
  /** TD3 only: check digit of the personal number. */
  optionalDataCheck?: number;
  /** What the composite check digit covers, in this order. */
  composite: readonly Range[];
  compositeCheck: number;
  /** TD1 and TD2: the document number may run on in the first optional field. */
  longNumber: boolean;
}

const TD1: MrzLayout = {
  format: 'TD1',
  lines: 3,
  lineLength: 30,
  documentCode: [0, 2],
  issuingState: [2, 5],
  documentNumber: [5, 14],
  documentNumberCheck: 14,
  optionalData1: [15, 30],
  dateOfBirth: [30, 36],
  dateOfBirthCheck: 36,
  sex: 37,
  dateOfExpiry: [38, 44],
  dateOfExpiryCheck: 44,
  nationality: [45, 48],
  optionalData2: [48, 59],
  composite: [[5, 30], [30, 37], [38, 45], [48, 59]],
  compositeCheck: 59,
  name: [60, 90],
  longNumber: true,
};

const TD2: MrzLayout = {
  format: 'TD2',
  lines: 2,
  lineLength: 36,
  documentCode: [0, 2],
  issuingState: [2, 5],
  name: [5, 36],
  documentNumber: [36, 45],
  documentNumberCheck: 45,
  nationality: [46, 49],
  dateOfBirth: [49, 55],
  dateOfBirthCheck: 55,
  sex: 56,
  dateOfExpiry: [57, 63],
  dateOfExpiryCheck: 63,
  optionalData1: [64, 71],
  composite: [[36, 46], [49, 56], [57, 71]],
  compositeCheck: 71,
  longNumber: true,
};

const TD3: MrzLayout = {
  format: 'TD3',
  lines: 2,
  lineLength: 44,
  documentCode: [0, 2],
  issuingState: [2, 5],
  name: [5, 44],
  documentNumber: [44, 53],
  documentNumberCheck: 53,
  nationality: [54, 57],
  dateOfBirth: [57, 63],
  dateOfBirthCheck: 63,
  sex: 64,
  dateOfExpiry: [65, 71],
  dateOfExpiryCheck: 71,
  optionalData1: [72, 86],
  optionalDataCheck: 86,
  composite: [[44, 54], [57, 64], [65, 87]],
  compositeCheck: 87,
  longNumber: false,
};

/** The layout of a zone of this many characters, or undefined for a length no document has. */
export function layoutOf(length: number): MrzLayout | undefined {
  return [TD1, TD2, TD3].find((layout) => layout.lines * layout.lineLength === length);
}
