/**
 * A capture as it lies in an envelope: four bytes of length, a description in JSON, then the frames one
 * after the other. The first frame is the picture; the others show the motion before it.
 */
import { z } from 'zod';
import { LIVENESS_LEVELS } from '../../biometrics/liveness/level.ts';
import { BASE64_FORMS } from './base64.ts';

/** Templates that a capture may ask for. */
const TEMPLATE_NAMES = ['JPEG', 'PNG', 'ISO_19794_5', 'IDENTY_TYPE_1'] as const;
export type TemplateName = typeof TEMPLATE_NAMES[number];

const MAX_DESCRIPTION_BYTES = 16_384;
const MAX_FRAMES = 32;
const MAX_FRAME_BYTES = 4 * 2 ** 20;

const Short = z.string().max(256);

const DescriptionSchema = z.strictObject({
  version: z.literal(1),
  sdk: Short,
  platform: z.enum(['desktop', 'mobile']),
  /** When the picture was taken, RFC 3339. */
  captured_at: z.iso.datetime(),
  anti_spoofing: z.strictObject({ enabled: z.boolean(), threshold: z.enum(LIVENESS_LEVELS) }),
  templates: z.array(z.enum(TEMPLATE_NAMES)).max(TEMPLATE_NAMES.length),
  /** How templates that are not encrypted are written. */
  base64: z.enum(BASE64_FORMS).default('DEFAULT'),
  icao: z.strictObject({
    checks: z.boolean(),
    background_removal: z.boolean(),
    /** Validated where it is used: a wrong one has an answer of its own. */
    background_color: Short.nullable(),
  }),
  eyes_status: z.boolean(),
  quality_metadata: z.boolean(),
  /** Name of the transaction that the integrator gave the SDK. */
  transaction: Short.nullable(),
  camera: z.strictObject({
    label: Short,
    facing: z.enum(['user', 'environment']).nullable(),
    width: z.int().min(1).max(16_384),
    height: z.int().min(1).max(16_384),
    frame_rate: z.number().min(0).max(1000).nullable(),
    devices: z.int().min(0).max(1000),
  }),
  frames: z.array(z.strictObject({
    bytes: z.int().min(1).max(MAX_FRAME_BYTES),
    /** Since the first frame of the burst by time, milliseconds. */
    time_ms: z.number().min(0).max(600_000),
  })).min(1).max(MAX_FRAMES),
});

export type CaptureDescription = z.output<typeof DescriptionSchema>;

export interface Capture {
  readonly description: CaptureDescription;
  /** As many as the description names, in its order; the first is the picture. */
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
}

/** A payload that is no capture; the message names what is wrong and repeats nothing of it. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

/** @throws CaptureError */
export function parseCapture(payload: Uint8Array): Capture {
  if (payload.length < 4) throw new CaptureError('capture: no description');
  const length = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  if (length > MAX_DESCRIPTION_BYTES || 4 + length > payload.length) {
    throw new CaptureError('capture: length of the description');
  }
  const description = parseDescription(payload.subarray(4, 4 + length));
  const frames: Uint8Array<ArrayBuffer>[] = [];
  let at = 4 + length;
  for (const { bytes } of description.frames) {
    if (at + bytes > payload.length) throw new CaptureError('capture: frames cut short');
    frames.push(payload.slice(at, at + bytes));
    at += bytes;
  }
  if (at !== payload.length) throw new CaptureError('capture: bytes behind the frames');
  return { description, frames };
}

function parseDescription(bytes: Uint8Array): CaptureDescription {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new CaptureError('capture: the description is no JSON');
  }
  const parsed = DescriptionSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, code } = parsed.error.issues[0];
  throw new CaptureError(`capture: ${path.join('.') || 'description'}: ${code}`);
}
