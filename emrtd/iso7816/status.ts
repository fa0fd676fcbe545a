/** Status words by name (ISO/IEC 7816-4 table 6; 9303-10 3.6 and 9303-11 4.3, 4.4 for what they mean here). */

/** The status words that decide something in this library. */
export const SW = {
  OK: 0x9000,
  /** End of file reached before Le bytes. */
  END_OF_FILE: 0x6282,
  /** The password or token was wrong. */
  AUTHENTICATION_FAILED: 0x6300,
  WRONG_LENGTH: 0x6700,
  SECURITY_STATUS: 0x6982,
  AUTHENTICATION_BLOCKED: 0x6983,
  SM_OBJECTS_MISSING: 0x6987,
  SM_OBJECTS_WRONG: 0x6988,
  FILE_NOT_FOUND: 0x6a82,
  WRONG_OFFSET: 0x6b00,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x9000, 'success'],
  [0x6281, 'part of the returned data may be corrupted'],
  [0x6282, 'end of file reached before Le bytes'],
  [0x6283, 'selected file deactivated'],
  [0x6300, 'authentication failed'],
  [0x6400, 'execution error'],
  [0x6581, 'memory failure'],
  [0x6700, 'wrong length'],
  [0x6881, 'logical channel not supported'],
  [0x6882, 'secure messaging not supported'],
  [0x6883, 'last command of the chain expected'],
  [0x6884, 'command chaining not supported'],
  [0x6900, 'command not allowed'],
  [0x6982, 'security status not satisfied'],
  [0x6983, 'authentication method blocked'],
  [0x6984, 'reference data not usable'],
  [0x6985, 'conditions of use not satisfied'],
  [0x6986, 'no current elementary file'],
  [0x6987, 'secure messaging data objects missing'],
  [0x6988, 'secure messaging data objects incorrect'],
  [0x6a80, 'incorrect data field'],
  [0x6a81, 'function not supported'],
  [0x6a82, 'file or application not found'],
  [0x6a83, 'record not found'],
  [0x6a84, 'not enough memory'],
  [0x6a86, 'incorrect P1 P2'],
  [0x6a87, 'Lc inconsistent with P1 P2'],
  [0x6a88, 'referenced data not found'],
  [0x6b00, 'offset outside the file'],
  [0x6d00, 'instruction not supported'],
  [0x6e00, 'class not supported'],
  [0x6f00, 'no precise diagnosis'],
]);

/** `6A82 file or application not found`; only the number when the word has no name. */
export function statusName(sw: number): string {
  const number = sw.toString(16).toUpperCase().padStart(4, '0');
  return `${number} ${statusText(sw)}`.trimEnd();
}

function statusText(sw: number): string {
  const high = sw >> 8;
  if (high === 0x61) return `${sw & 0xff} more bytes available`;
  if (high === 0x6c) return `wrong Le, ${sw & 0xff} would be right`;
  if (sw >> 4 === 0x63c) return `authentication failed, ${sw & 0xf} tries left`;
  return NAMES.get(sw) ?? '';
}

/** 63Cx and 6300: the password was wrong. */
export function isWrongPassword(sw: number): boolean {
  return sw === SW.AUTHENTICATION_FAILED || sw >> 4 === 0x63c;
}
