/**
 * Reads the weight files of TensorFlow.js: a manifest lists tensors in file order, each stored as
 * float32, int32, half floats or 8-bit codes (value = code * scale + min).
 */
import { z } from 'zod';
import { PackError } from '../../errors.ts';
import { elementCount, type Weight } from '../weight.ts';

const MAX_AXES = 8;
const MAX_ELEMENTS = 2 ** 28;
/** How far from a whole number -min / scale may be to count as a code. */
const ZERO_TOLERANCE = 1e-6;

const TensorSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0).max(2 ** 24)).max(MAX_AXES),
  dtype: z.string(),
  quantization: z.object({
    dtype: z.string(),
    scale: z.number().optional(),
    min: z.number().optional(),
  }).optional(),
});

/** The `weightsManifest` of a model.json, or a face-api weights manifest. */
export const WeightsManifestSchema = z.array(z.object({
  paths: z.array(z.string()),
  weights: z.array(TensorSchema),
}));
export type WeightsManifest = z.infer<typeof WeightsManifestSchema>;
type TensorEntry = z.infer<typeof TensorSchema>;

/**
 * All tensors of a manifest by name. Integer tensors become floats: they are shapes and pad amounts,
 * far below 2^24.
 * @param label name of the source in error messages
 * @param file the weight files of the manifest, concatenated in its order
 * @throws PackError CONVERSION_UNSUPPORTED when the file and the manifest do not fit each other
 */
export function readTfjsWeights(
  label: string,
  manifest: WeightsManifest,
  file: Uint8Array,
): Map<string, Weight> {
  const tensors = new Map<string, Weight>();
  let at = 0;
  for (const entry of manifest.flatMap((group) => group.weights)) {
    const count = elementCount(entry.shape);
    const stored = storedAs(label, entry);
    const bytes = count * BYTES_PER_ELEMENT[stored];
    if (count > MAX_ELEMENTS || bytes > file.length - at) {
      throw new PackError(
        'CONVERSION_UNSUPPORTED',
        `${label}: weight ${entry.name} needs ${bytes} bytes, ${file.length - at} are left`,
      );
    }
    tensors.set(entry.name, decode(entry, stored, file.slice(at, at + bytes)));
    at += bytes;
  }
  if (at !== file.length) {
    throw new PackError('CONVERSION_UNSUPPORTED', `${label}: ${file.length - at} bytes left over`);
  }
  return tensors;
}

const BYTES_PER_ELEMENT = { float32: 4, int32: 4, float16: 2, uint8: 1 } as const;
type Stored = keyof typeof BYTES_PER_ELEMENT;

function storedAs(label: string, entry: TensorEntry): Stored {
  const dtype = entry.quantization?.dtype ?? entry.dtype;
  const plain = dtype === 'float32' || dtype === 'int32';
  const coded = entry.dtype === 'float32' && (dtype === 'float16' || dtype === 'uint8');
  if ((entry.quantization === undefined && plain) || (entry.quantization && coded)) {
    return dtype as Stored;
  }
  throw new PackError(
    'CONVERSION_UNSUPPORTED',
    `${label}: weight ${entry.name} is ${entry.dtype} stored as ${dtype}`,
  );
}

function decode(entry: TensorEntry, stored: Stored, bytes: Uint8Array): Weight {
  const { shape } = entry;
  if (stored === 'float32') return { shape, values: new Float32Array(bytes.buffer) };
  if (stored === 'int32') return { shape, values: Float32Array.from(new Int32Array(bytes.buffer)) };
  if (stored === 'float16') {
    return { shape, values: Float32Array.from(new Float16Array(bytes.buffer)) };
  }
  const { scale = 1, min = 0 } = entry.quantization!;
  // Codes are kept where zero is one of them; differing by rounding, both forms are the same number.
  const zero = Math.round(-min / scale);
  const exact = Math.abs(zero + min / scale) < ZERO_TOLERANCE && zero >= 0 && zero <= 255;
  return {
    shape,
    values: Float32Array.from(bytes, (code) => code * scale + min),
    codes: exact ? { bytes, zero, multiplier: Float32Array.of(scale) } : undefined,
  };
}
