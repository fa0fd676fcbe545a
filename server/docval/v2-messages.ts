/**
 * The messages of `/ws2/validate`: JSON with a `type` in texts, files and APDUs in binary frames. The send
 * sequence counter is a number of 64 bits that JSON numbers of JavaScript cannot hold, so it is read from its
 * digits and written as such; with a sign, or without one where the language of the client knows such numbers.
 */
import { z } from 'zod';
import { type CloseReason, DocvalError } from './errors.ts';
import { MAX_TEXT_CHARACTERS } from './limits.ts';
import { schemaProblem } from './start-message.ts';

const StartSchema = z.object({
  type: z.literal('START'),
  validationId: z.string().min(1),
  clientId: z.string(),
  platform: z.string().min(1).max(64),
  nfcAdapterSupportsExtendedLength: z.boolean(),
  enableDiagnostics: z.boolean().nullish(),
  /** Ours: adds `signedResult` to the result. */
  signedResult: z.boolean().nullish(),
});

const LEAST_INT64 = -(2n ** 63n), MOST_UINT64 = 2n ** 64n - 1n;

/** Base64 without its line ends, which encoders put in and behind it (RFC 2045 6.8). */
function base64(maxCharacters: number) {
  return z.string().max(maxCharacters).transform((text) => text.replaceAll(/[\r\n]/g, ''))
    .pipe(z.base64());
}

const KeysSchema = z.object({
  algorithm: z.enum(['AES', 'DESede']),
  encKey: base64(64),
  macKey: base64(64),
  ssc: z.bigint().min(LEAST_INT64).max(MOST_UINT64),
});

const HandoverSchema = z.object({
  type: z.literal('CA_HANDOVER'),
  maxTransceiveLengthForSecureMessaging: z.number().min(0),
  maxBlockSize: z.number().min(0),
  secureMessagingInfo: KeysSchema,
});

const FinishSchema = z.object({
  type: z.literal('FINISH'),
  sendResult: z.boolean(),
  activeAuthenticationSignature: base64(4096).nullish(),
});

const MonitoringSchema = z.object({ type: z.literal('MONITORING'), message: z.string() });

const ClientMessage = z.discriminatedUnion('type', [
  StartSchema,
  HandoverSchema,
  FinishSchema,
  MonitoringSchema,
]);

export type ClientMessage = z.output<typeof ClientMessage>;
export type StartV2 = z.output<typeof StartSchema>;
export type Handover = z.output<typeof HandoverSchema>;
export type Finish = z.output<typeof FinishSchema>;
/** Keys and counter of a channel on the wire. */
export type WireKeys = z.output<typeof KeysSchema>;

export type ServerMessage =
  | { type: 'ACCEPT'; activeAuthenticationChallenge: string }
  | {
    type: 'CA_HANDBACK';
    checkResult: 'SUCCESS' | 'FAILED' | 'UNAVAILABLE';
    secureMessagingInfo: WireKeys | null;
    errorMessage?: string;
  }
  | { type: 'RESULT'; passport: unknown; signedResult: string | undefined }
  | { type: 'CLOSE'; code: number; reason?: CloseReason };

/** What the reviver is given besides key and value (ECMA-262, JSON.parse source text access). */
interface Source {
  source?: string;
}

function withBigCounter(key: string, value: unknown, context?: Source): unknown {
  return key === 'ssc' && typeof value === 'number' ? BigInt(context?.source ?? '') : value;
}

/**
 * Reads a text of the client.
 * @throws DocvalError PROTOCOL_ERROR naming the fields, never their values; INVALID_START_MESSAGE where it
 * is the start message that is wrong
 */
export function parseClientMessage(text: string): ClientMessage {
  if (text.length > MAX_TEXT_CHARACTERS) {
    throw new DocvalError('PROTOCOL_ERROR', `a text of ${text.length} characters`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text, withBigCounter);
  } catch {
    throw new DocvalError('PROTOCOL_ERROR', 'message: not JSON');
  }
  const parsed = ClientMessage.safeParse(json);
  if (parsed.success) return parsed.data;
  const isStart = (json as { type?: unknown } | null)?.type === 'START';
  const code = isStart ? 'INVALID_START_MESSAGE' : 'PROTOCOL_ERROR';
  throw new DocvalError(code, `message: ${schemaProblem(parsed.error)}`);
}

/** Numbers written digit by digit (ECMA-262, JSON.rawJSON); the type library does not have it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

export function writeServerMessage(message: ServerMessage): string {
  return JSON.stringify(
    message,
    (_, value) => typeof value === 'bigint' ? rawJSON(String(value)) : value,
  );
}

const FILE_FRAME = 0x01;
const APDU_FRAME = 0x02;

export type BinaryFrame =
  | { kind: 'file'; name: string; data: Uint8Array }
  | { kind: 'apdu'; data: Uint8Array };

/**
 * Reads a binary frame: `01 nameLength name data` or `02 apdu`. Names are in lower case here.
 * @throws DocvalError PROTOCOL_ERROR
 */
export function parseBinaryFrame(bytes: Uint8Array): BinaryFrame {
  if (bytes[0] === APDU_FRAME) return { kind: 'apdu', data: bytes.subarray(1) };
  if (bytes[0] !== FILE_FRAME || bytes.length < 2) {
    throw new DocvalError('PROTOCOL_ERROR', 'a binary frame of no known kind');
  }
  const end = 2 + bytes[1];
  if (bytes[1] === 0 || end >= bytes.length) {
    throw new DocvalError('PROTOCOL_ERROR', 'a file frame without name or without data');
  }
  const name = new TextDecoder('latin1').decode(bytes.subarray(2, end)).toLowerCase();
  return { kind: 'file', name, data: bytes.subarray(end) };
}

export function apduFrame(apdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + apdu.length);
  frame[0] = APDU_FRAME;
  frame.set(apdu, 1);
  return frame;
}

/** @param name at most 255 ASCII characters */
export function fileFrame(name: string, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(2 + name.length + data.length);
  frame[0] = FILE_FRAME;
  frame[1] = name.length;
  frame.set(new TextEncoder().encode(name), 2);
  frame.set(data, 2 + name.length);
  return frame;
}
