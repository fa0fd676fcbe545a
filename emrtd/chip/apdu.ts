/** Command and response APDUs as the chip sees them (ISO/IEC 7816-4 5.1 to 5.6), short and extended. */

export interface ChipCommand {
  cla: number;
  ins: number;
  p1: number;
  p2: number;
  data: Uint8Array;
  /** Bytes the terminal expects at most: 0 when it expects none, 256 or 65,536 for Le 00 or 0000. */
  ne: number;
  /** True when the length fields are those of an extended APDU. */
  extended: boolean;
}

export interface ChipReply {
  data: Uint8Array;
  sw: number;
}

/** Status words that the chip gives (ISO/IEC 7816-4 Table 5 and 6). */
export const SW = {
  ok: 0x9000,
  endOfFile: 0x6282,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  securityStatus: 0x6982,
  conditions: 0x6985,
  smMissing: 0x6987,
  smIncorrect: 0x6988,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  referencedDataNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  insUnknown: 0x6d00,
  claUnsupported: 0x6e00,
} as const;

const NONE = new Uint8Array();

/** A reply without data. */
export function status(sw: number): ChipReply {
  return { data: NONE, sw };
}

/** Reads a command; undefined when its length fields do not fit its length (answer 6700). */
export function readCommand(bytes: Uint8Array): ChipCommand | undefined {
  if (bytes.length < 4) return undefined;
  const [cla, ins, p1, p2] = bytes;
  const body = bytes.subarray(4);
  const make = (data: Uint8Array, ne: number, extended: boolean): ChipCommand => {
    return { cla, ins, p1, p2, data, ne, extended };
  };
  if (body.length === 0) return make(NONE, 0, false);
  if (body.length === 1) return make(NONE, body[0] || 256, false);
  if (body[0] !== 0) {
    const rest = body.length - 1 - body[0];
    const data = body.subarray(1, 1 + body[0]);
    if (rest === 0) return make(data, 0, false);
    return rest === 1 ? make(data, body[body.length - 1] || 256, false) : undefined;
  }
  if (body.length < 3) return undefined;
  const number = body[1] * 256 + body[2];
  if (body.length === 3) return make(NONE, number || 65536, true);
  const rest = body.length - 3 - number;
  const data = body.subarray(3, 3 + number);
  if (number === 0) return undefined;
  if (rest === 0) return make(data, 0, true);
  if (rest !== 2) return undefined;
  const le = body[body.length - 2] * 256 + body[body.length - 1];
  return make(data, le || 65536, true);
}

/** The bytes that go back over the line: data, then SW1 SW2. */
export function writeReply({ data, sw }: ChipReply): Uint8Array {
  const bytes = new Uint8Array(data.length + 2);
  bytes.set(data);
  bytes[data.length] = sw >> 8;
  bytes[data.length + 1] = sw & 0xff;
  return bytes;
}
