/** What the browser says of the request that it had answered: CollectedClientData, WebAuthn Level 3, 5.8.1. */
import { z } from 'zod';
import { parseJson } from '../http/json.ts';
import { PasskeyRefusal } from './refusal.ts';

/** Browsers may add members, and some do to keep parsers awake. */
const LIMITS = { maxDepth: 4, maxValues: 64 };
const MAX_BYTES = 4096;

const ClientDataSchema = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

/** Of a registration, and of a sign-in. */
export type ClientDataType = 'webauthn.create' | 'webauthn.get';

/**
 * Checks type and origin (7.1 steps 7 to 11, 7.2 steps 10 to 14).
 * @param bytes UTF-8, as the browser hashed them
 * @returns the challenge, base64url, which the caller has yet to check
 * @throws PasskeyRefusal
 */
export function readClientData(bytes: Uint8Array, type: ClientDataType, origin: string): string {
  const data = parse(bytes);
  if (data.type !== type) throw new PasskeyRefusal('type');
  if (data.origin !== origin) throw new PasskeyRefusal('origin');
  if (data.crossOrigin === true || data.topOrigin !== undefined) throw new PasskeyRefusal('framed');
  return data.challenge;
}

function parse(bytes: Uint8Array): z.output<typeof ClientDataSchema> {
  if (bytes.length > MAX_BYTES) throw new PasskeyRefusal('malformed');
  let value: unknown;
  try {
    value = parseJson(bytes, LIMITS);
  } catch (cause) {
    throw new PasskeyRefusal('malformed', { cause });
  }
  const parsed = ClientDataSchema.safeParse(value);
  if (!parsed.success) throw new PasskeyRefusal('malformed');
  return parsed.data;
}
