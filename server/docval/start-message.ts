/** The StartMessage of v1: what a client must say before the server speaks to its chip. */
import { z } from 'zod';
import { type AccessPassword, canPassword, EmrtdError, mrzPassword } from '../../emrtd/mod.ts';
import { DocvalError } from './errors.ts';

/** Adapters state more than any APDU has; what is beyond is the same as no limit. */
const Length = z.int().min(1).nullish();

const StartSchema = z.object({
  // a text of any length is looked up and found not to be one: INVALID_CLIENT_ID
  client_id: z.string(),
  validation_id: z.string().min(1),
  // their values have a reason of their own: INVALID_ACCESS_KEY_VALUES
  access_key: z.object({
    can: z.string().nullish(),
    document_number: z.string().nullish(),
    date_of_birth: z.string().nullish(),
    date_of_expiry: z.string().nullish(),
  }),
  nfc_adapter_supports_extended_length: z.boolean(),
  max_command_bytes: Length,
  max_response_bytes: Length,
  platform: z.string().min(1).max(64),
  enable_diagnostics: z.boolean().nullish(),
  /** Ours: adds `signed_result` to the result. */
  signed_result: z.boolean().nullish(),
});

export type StartMessage = z.output<typeof StartSchema>;

/** Fields that were wrong and how, without their values. */
export function schemaProblem(error: z.ZodError): string {
  return error.issues.slice(0, 8).map(({ path, code }) => `${path.join('.') || 'message'}: ${code}`)
    .join(', ');
}

/**
 * Parses the text of a start message. Keys that are not known are left aside.
 * @throws DocvalError INVALID_START_MESSAGE naming the fields, never their values
 */
export function parseStartMessage(text: string): StartMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DocvalError('INVALID_START_MESSAGE', 'start message: not JSON');
  }
  const parsed = StartSchema.safeParse(json);
  if (!parsed.success) {
    throw new DocvalError('INVALID_START_MESSAGE', `start message: ${schemaProblem(parsed.error)}`);
  }
  const { can, document_number, date_of_birth, date_of_expiry } = parsed.data.access_key;
  const zone = [document_number, date_of_birth, date_of_expiry].map((field) => field != null);
  const kinds = Number(can != null) + Number(zone.some(Boolean));
  if (kinds !== 1 || (zone.some(Boolean) && !zone.every(Boolean))) {
    const message = 'start message: access_key needs either can or all three fields of the zone';
    throw new DocvalError('INVALID_START_MESSAGE', message);
  }
  return parsed.data;
}

/** yyMMdd as in the zone, where unknown parts are fillers (9303-3 4.8). */
const MRZ_DATE = /^(?:\d\d|<<)(?:0[0-9]|1[0-2]|<<)(?:[0-2][0-9]|3[01]|<<)$/;
const LEAST_DOCUMENT_NUMBER = 8;

function invalidKey(message: string): DocvalError {
  return new DocvalError('INVALID_ACCESS_KEY_VALUES', `access_key: ${message}`);
}

/**
 * The password that the access key stands for.
 * @throws DocvalError INVALID_ACCESS_KEY_VALUES naming the field
 */
export function accessPassword(key: StartMessage['access_key']): AccessPassword {
  const { can, document_number: number, date_of_birth: birth, date_of_expiry: expiry } = key;
  try {
    if (can != null) return canPassword(can);
    if (number == null || number.length < LEAST_DOCUMENT_NUMBER) {
      throw invalidKey('document_number has fewer than 8 characters');
    }
    if (birth == null || !MRZ_DATE.test(birth)) throw invalidKey('date_of_birth is not yyMMdd');
    if (expiry == null || !MRZ_DATE.test(expiry)) throw invalidKey('date_of_expiry is not yyMMdd');
    return mrzPassword({ documentNumber: number, dateOfBirth: birth, dateOfExpiry: expiry });
  } catch (error) {
    if (error instanceof EmrtdError) throw invalidKey(error.message);
    throw error;
  }
}

/** How long APDUs may be, in the terms of the reader. */
export interface ApduLengths {
  extendedLength: boolean;
  maxCommandBytes?: number;
  maxResponseBytes?: number;
}

/** What a response is read in when only the length of commands was given. */
const SHORT_RESPONSE_BYTES = 256;

/**
 * The lengths that the message allows. The reader asks EF.ATR/INFO only when it has no response length, so
 * one is put in where the client gave either of the two ("only attempt to read the ATR/INFO file, if the
 * nfc adapter supports extended-length-APDUs and [both] have not been set").
 */
export function apduLengths(start: StartMessage): ApduLengths {
  const { max_command_bytes: command, max_response_bytes: response } = start;
  const extendedLength = start.nfc_adapter_supports_extended_length;
  if (command == null && response == null) return { extendedLength };
  return {
    extendedLength,
    ...(command != null && { maxCommandBytes: command }),
    maxResponseBytes: response ?? SHORT_RESPONSE_BYTES,
  };
}
