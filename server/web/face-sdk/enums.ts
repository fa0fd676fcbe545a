/** The named values of the options, as texts: what is sent to the server and what a log shows are the same. */

/** Strictness of liveness detection, weakest first. */
export const AsThreshold = {
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  MODERATE: 'MODERATE',
  BALANCED_HIGH: 'BALANCED_HIGH',
  HIGH: 'HIGH',
  BALANCED_VERY_HIGH: 'BALANCED_VERY_HIGH',
  VERY_HIGH: 'VERY_HIGH',
  HIGHEST: 'HIGHEST',
} as const;
export type AsThreshold = typeof AsThreshold[keyof typeof AsThreshold];

export const Template = {
  JPEG: 'JPEG',
  PNG: 'PNG',
  ISO_19794_5: 'ISO_19794_5',
  IDENTY_TYPE_1: 'IDENTY_TYPE_1',
} as const;
export type Template = typeof Template[keyof typeof Template];

/** Guide around the face: a plain oval, or ticks that fill while the person holds still. */
export const AppUI = { STANDARD: 'STANDARD', TICKING: 'TICKING' } as const;
export type AppUI = typeof AppUI[keyof typeof AppUI];

export const Base64 = {
  DEFAULT: 'DEFAULT',
  NO_PADDING: 'NO_PADDING',
  NO_WRAP: 'NO_WRAP',
  CRLF: 'CRLF',
  URL_SAFE: 'URL_SAFE',
  NO_CLOSE: 'NO_CLOSE',
} as const;
export type Base64 = typeof Base64[keyof typeof Base64];

export const TransactionMode = { CAPTURE: 'CAPTURE', ENROLL: 'ENROLL', VERIFY: 'VERIFY' } as const;
export type TransactionMode = typeof TransactionMode[keyof typeof TransactionMode];
