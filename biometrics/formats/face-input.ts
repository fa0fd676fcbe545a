/** What a client may send as a face: an image file, or an ISO/IEC 19794-5 or 39794-5 record that holds one. */
import { FaceError } from '../errors.ts';
import { isPictureFormat, type PictureFormat, sniffFormat } from '../image/format.ts';
import { readFaceRecord39794 } from './face-39794.ts';
import { readFaceRecord } from './read-face-record.ts';

export interface FaceInput {
  /** The image file; inside a record, that of its first representation. */
  readonly image: Uint8Array;
  /** What the image is by its own bytes, whatever the record says. */
  readonly format: PictureFormat;
  readonly container: 'image' | 'face-record';
}

/** "FAC" opens the older standard's records; the newer one's are DER. */
const FIRST_OF_19794 = 0x46;

/**
 * Finds the image in `bytes`. Throws FaceError IMAGE_EMPTY, IMAGE_UNSUPPORTED (naming what was sent),
 * or IMAGE_UNDECODABLE for a broken record.
 */
export function readFaceInput(bytes: Uint8Array): FaceInput {
  if (bytes.length === 0) throw new FaceError('IMAGE_EMPTY', 'image: no bytes');
  const format = sniffFormat(bytes);
  if (isPictureFormat(format)) return { image: bytes, format, container: 'image' };
  if (format !== 'face-record') {
    throw new FaceError('IMAGE_UNSUPPORTED', `image: ${format ?? 'unknown format'}`);
  }
  const standard = bytes[0] === FIRST_OF_19794 ? 'ISO 19794-5' : 'ISO 39794-5';
  const record = bytes[0] === FIRST_OF_19794 ? readFaceRecord(bytes) : readFaceRecord39794(bytes);
  const [{ image }] = record.representations;
  const inner = sniffFormat(image);
  if (!isPictureFormat(inner) || inner === 'webp') {
    throw new FaceError('IMAGE_UNSUPPORTED', `${standard}: image is ${inner ?? 'unknown format'}`);
  }
  return { image, format: inner, container: 'face-record' };
}
