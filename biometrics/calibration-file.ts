/** Calibration files: JSON in UTF-8 under a schema; whatever is wrong with one is said by the place where it is. */
import { z } from 'zod';
import { FaceError } from './errors.ts';

/** Share or probability. */
export const Rate = z.number().min(0).max(1);
export const Count = z.int().min(0);
/** The embedders a calibration is for (`FaceTemplate.modelId`). */
export const ModelId = z.string().regex(/^[0-9a-f]{16}$/);
/** The run that found the values. */
export const Run = z.strictObject({ date: z.iso.date(), command: z.string() });

/**
 * @param name of the calibration, for messages
 * @throws FaceError CALIBRATION_INVALID naming what is wrong
 */
export function readCalibrationFile<T>(bytes: Uint8Array, schema: z.ZodType<T>, name: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new FaceError('CALIBRATION_INVALID', `${name}: not JSON`);
  }
  return checkCalibrationValue(value, schema, name);
}

/** The same for a value that was no file. Throws as `readCalibrationFile`. */
export function checkCalibrationValue<T>(value: unknown, schema: z.ZodType<T>, name: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new FaceError('CALIBRATION_INVALID', `${name}: ${path.join('.')}: ${message}`);
}
