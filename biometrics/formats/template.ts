/**
 * The file of a face template: the magic and version that IDENTY clients know, then our own fields.
 *
 * Layout, big-endian: magic "IDENTY" 6, version 1.0 2, kind 1 (1 = int8 in blocks), model id 8,
 * dimension 2, then per block of 32 components a scale 2 and the components 1 each, CRC-32 4.
 * A component is q / 127 x scale / 65535. Each block has its own scale because a fused template joins
 * vectors of several networks, whose components differ in size.
 */
import { crc32 } from 'node:zlib';
import { FaceError } from '../errors.ts';
import { ByteReader } from '../image/byte-reader.ts';
import type { FaceTemplate } from '../types.ts';
import { ByteWriter } from './byte-writer.ts';

const MAGIC = 'IDENTY';
const VERSION = 0x0100;
const KIND_INT8_BLOCKS = 1;
const BLOCK = 32;
const SCALE_MAX = 0xffff;
const LEVELS = 127;
const MAX_DIMENSION = 4096;
const CHECKSUM_BYTES = 4;

/** How far from 1 the squared length of a vector to be stored may be. */
const UNIT_TOLERANCE = 1e-3;

function invalid(message: string): FaceError {
  return new FaceError('TEMPLATE_INVALID', `template: ${message}`);
}

/** The bytes of a template: about 1.06 per component. Throws TEMPLATE_INVALID for a vector not of unit length. */
export function encodeTemplate(template: FaceTemplate): Uint8Array {
  const { modelId, vector } = template;
  if (!/^[0-9a-f]{16}$/.test(modelId)) throw invalid('model id is not 16 lower-case hex digits');
  if (vector.length === 0 || vector.length > MAX_DIMENSION) {
    throw invalid(`dimension ${vector.length} is outside 1..${MAX_DIMENSION}`);
  }
  const squaredLength = vector.reduce((sum, value) => sum + value * value, 0);
  if (!(Math.abs(squaredLength - 1) <= UNIT_TOLERANCE)) {
    throw invalid('vector is not of unit length');
  }
  const out = new ByteWriter().text(MAGIC).u16(VERSION, 'version').u8(KIND_INT8_BLOCKS, 'kind')
    .bytes(Uint8Array.fromHex(modelId)).u16(vector.length, 'dimension');
  for (let start = 0; start < vector.length; start += BLOCK) {
    writeBlock(out, vector.subarray(start, start + BLOCK));
  }
  return out.u32(crc32(out.finish()), 'checksum').finish();
}

function writeBlock(out: ByteWriter, values: Float32Array): void {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const scale = Math.min(SCALE_MAX, Math.ceil(largest * SCALE_MAX));
  out.u16(scale, 'scale');
  const factor = scale === 0 ? 0 : LEVELS * SCALE_MAX / scale;
  const quantised = Int8Array.from(values, (value) => {
    return Math.max(-LEVELS, Math.min(LEVELS, Math.round(value * factor)));
  });
  out.bytes(new Uint8Array(quantised.buffer));
}

/** Reads a template, its vector of unit length again. Throws FaceError TEMPLATE_INVALID saying what is wrong. */
export function decodeTemplate(bytes: Uint8Array): FaceTemplate {
  const reader = new ByteReader(bytes, 'template', 'TEMPLATE_INVALID');
  if (reader.text(MAGIC.length, 'magic') !== MAGIC) throw invalid('magic is not IDENTY');
  const version = reader.u16('version');
  if (version !== VERSION) throw invalid(`version ${version >> 8}.${version & 0xff}, only 1.0`);
  const kind = reader.u8('kind');
  if (kind !== KIND_INT8_BLOCKS) throw invalid(`kind ${kind} is unknown`);
  const modelId = reader.take(8, 'model id').toHex();
  const dimension = reader.u16('dimension');
  if (dimension === 0 || dimension > MAX_DIMENSION) {
    throw invalid(`dimension ${dimension} is outside 1..${MAX_DIMENSION}`);
  }
  const expected = Math.ceil(dimension / BLOCK) * 2 + dimension + CHECKSUM_BYTES;
  if (reader.remaining !== expected) {
    throw invalid(
      `${reader.remaining} bytes for dimension ${dimension}, ${expected} are right`,
    );
  }
  const vector = new Float32Array(dimension);
  for (let start = 0; start < dimension; start += BLOCK) {
    readBlock(reader, vector.subarray(start, start + BLOCK));
  }
  const checked = bytes.subarray(0, reader.offset);
  if (reader.u32('checksum') !== crc32(checked)) throw invalid('checksum does not match');
  return { modelId, vector: normalise(vector) };
}

function readBlock(reader: ByteReader, values: Float32Array): void {
  const scale = reader.u16('scale') / SCALE_MAX / LEVELS;
  const quantised = reader.take(values.length, 'components');
  for (let index = 0; index < values.length; index++) {
    const value = (quantised[index] << 24) >> 24;
    if (value < -LEVELS) throw invalid('component -128 is never written');
    values[index] = value * scale;
  }
}

function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (Math.abs(length - 1) > 0.05) throw invalid('vector is not near unit length');
  return vector.map((value) => value / length);
}
