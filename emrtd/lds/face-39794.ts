/**
 * Face records of ISO/IEC 39794-5:2019 in their tagged binary form, as the ICAO application profile puts
 * them into DG2: A1 around 65 (FaceImageDataBlock), representations in its A1, images in A1/A0/A0/80.
 */
import { findTag, parseTlv, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { attempt } from './element.ts';
import { type FaceImage, MAX_IMAGES } from './face.ts';
import type { Findings } from './finding.ts';
import { imageFormat } from './image.ts';

/** [APPLICATION 5]: FaceImageDataBlock. */
const FACE_IMAGE_DATA_BLOCK = 0x65;

/**
 * The images of one biometric data block. Broken representations are findings.
 * Throws LDS_MALFORMED or ASN1_MALFORMED when the block itself cannot be read.
 */
export function parseFace39794(block: Uint8Array, findings: Findings, part: string): FaceImage[] {
  const outer = parseTlv(block, {
    name: `DG2 ${part}`,
    ber: true,
    allowTrailing: true,
    maxDepth: 24,
    maxNodes: 2000,
  });
  if (outer.end < block.length) {
    findings.add('trailing-bytes', `${block.length - outer.end} bytes after the record`, part);
  }
  const data = outer.tag === FACE_IMAGE_DATA_BLOCK
    ? outer
    : outer.tag === 0xa1
    ? findTag(outer.children(), FACE_IMAGE_DATA_BLOCK)
    : undefined;
  const representations = data === undefined ? undefined : findTag(data.children(), 0xa1);
  if (representations === undefined) {
    throw new EmrtdError('LDS_MALFORMED', `DG2 ${part}: no face representations in the record`);
  }
  const list = representations.children();
  if (list.length > MAX_IMAGES) {
    findings.add('limit', `${list.length} faces, the first ${MAX_IMAGES} were read`, part);
  }
  const images: FaceImage[] = [];
  list.slice(0, MAX_IMAGES).forEach((representation, i) => {
    const place = `${part} face ${i + 1}`;
    attempt(
      findings,
      place,
      () => images.push(parseRepresentation(representation, findings, place)),
    );
  });
  return images;
}

function parseRepresentation(block: Tlv, findings: Findings, place: string): FaceImage {
  // imageRepresentation [1] / base [0] / imageRepresentation2DBlock [0]
  const flat = descend(block, [0xa1, 0xa0, 0xa0], place);
  const image = findTag(flat.children(), 0x80);
  if (image === undefined || image.value.length === 0) {
    throw new EmrtdError('LDS_MALFORMED', `DG2 ${place}: no image data`);
  }
  const format = imageFormat(image.value);
  if (format === 'unknown') findings.add('unsupported', 'an image of no known format', place);
  return {
    record: 'iso39794-5:2019',
    format,
    bytes: image.value,
    widthPixels: null,
    heightPixels: null,
  };
}

function descend(from: Tlv, path: readonly number[], place: string): Tlv {
  let element = from;
  for (const tag of path) {
    const next = findTag(element.children(), tag);
    if (next === undefined) {
      throw new EmrtdError('LDS_MALFORMED', `DG2 ${place}: no two-dimensional image in the record`);
    }
    element = next;
  }
  return element;
}
