/**
 * Face records of ISO/IEC 19794-5:2005 (version 010, clause 5) and 19794-5:2011 (version 030, clause 8),
 * as DG2 carries them (ICAO 9303-10 4.7.2). Lengths that are off by a few bytes, as New Zealand (8) and
 * the United Kingdom (1) write them, are a finding; the image is taken to the end of the bytes present.
 */
import { EmrtdError } from '../errors.ts';
import { Cursor } from './cursor.ts';
import { attempt } from './element.ts';
import { type FaceImage, type FaceRecordFormat, MAX_IMAGES } from './face.ts';
import type { Findings } from './finding.ts';
import { findImage, imageFormat } from './image.ts';
import { asciiText } from './text.ts';

/** True when the biometric data block begins with the format identifier `FAC`. */
export function isFace19794(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x46 && bytes[1] === 0x41 && bytes[2] === 0x43 &&
    bytes[3] === 0;
}

interface Layout {
  record: FaceRecordFormat;
  generalHeader: number;
  /** Reads up to the image, which is `imageLength` long, or null for the rest of the record. */
  readHead(
    cursor: Cursor,
  ): { widthPixels: number; heightPixels: number; imageLength: number | null };
}

/** 2005: facial information (16 without its length), feature points, image information (12). */
const VERSION_010: Layout = {
  record: 'iso19794-5:2005',
  generalHeader: 14,
  readHead(cursor) {
    const points = cursor.number(2, 'number of feature points');
    cursor.skip(14, 'facial information');
    cursor.skip(8 * points, 'feature points');
    cursor.skip(2, 'image types');
    const widthPixels = cursor.number(2, 'width');
    const heightPixels = cursor.number(2, 'height');
    cursor.skip(6, 'image information');
    return { widthPixels, heightPixels, imageLength: null };
  },
};

/** 2011: capture data (14), quality blocks, facial information (17), landmarks, image information (11). */
const VERSION_030: Layout = {
  record: 'iso19794-5:2011',
  generalHeader: 17,
  readHead(cursor) {
    cursor.skip(14, 'capture date and device');
    cursor.skip(5 * cursor.number(1, 'number of quality blocks'), 'quality blocks');
    const points = cursor.number(2, 'number of landmarks');
    cursor.skip(15, 'facial information');
    cursor.skip(8 * points, 'landmarks');
    cursor.skip(2, 'image types');
    const widthPixels = cursor.number(2, 'width');
    const heightPixels = cursor.number(2, 'height');
    cursor.skip(5, 'image information');
    return { widthPixels, heightPixels, imageLength: cursor.number(4, 'image length') };
  },
};

/**
 * The images of one biometric data block. Broken representations are findings.
 * Throws LDS_MALFORMED when the general header is broken or of an unknown version.
 */
export function parseFace19794(block: Uint8Array, findings: Findings, part: string): FaceImage[] {
  const header = new Cursor(block, `DG2 ${part}`);
  header.skip(4, 'format identifier');
  const version = asciiText(header.take(3, 'version'));
  header.skip(1, 'version');
  const layout = version === '010' ? VERSION_010 : version === '030' ? VERSION_030 : undefined;
  if (layout === undefined) {
    throw new EmrtdError('LDS_MALFORMED', `DG2 ${part}: unknown version of the face record`);
  }
  const claimed = header.number(4, 'record length');
  let count = header.number(2, 'number of faces');
  header.skip(layout.generalHeader - header.offset, 'general header');
  if (claimed !== block.length) {
    findings.add(
      'length-mismatch',
      `record states ${claimed} bytes, ${block.length} are present`,
      part,
    );
  }
  if (count === 0) findings.add('missing', 'the record states no face', part);
  if (count > MAX_IMAGES) {
    findings.add('limit', `${count} faces, the first ${MAX_IMAGES} were read`, part);
    count = MAX_IMAGES;
  }
  const images: FaceImage[] = [];
  let rest = block.subarray(layout.generalHeader);
  for (let i = 0; i < count && rest.length > 0; i++) {
    const place = `${part} face ${i + 1}`;
    const length = attempt(findings, place, () => {
      const { image, length } = parseRepresentation(rest, layout, findings, place, i === count - 1);
      images.push(image);
      return length;
    });
    if (length === undefined) return images;
    rest = rest.subarray(length);
  }
  if (images.length < count) {
    findings.add('missing', `${count} faces stated, ${images.length} present`, part);
  }
  return images;
}

/** Lengths that differ by at most this much are a known issuer fault, not a second structure. */
const TOLERATED_BYTES = 8;
/** Where the signature of an image is looked for when its record counts its own fields wrongly. */
const MAX_LATE_BYTES = 32;

function parseRepresentation(
  rest: Uint8Array,
  layout: Layout,
  findings: Findings,
  place: string,
  last: boolean,
): { image: FaceImage; length: number } {
  const cursor = new Cursor(rest, `DG2 ${place}`);
  const claimed = cursor.number(4, 'representation length');
  const { widthPixels, heightPixels, imageLength } = layout.readHead(cursor);
  const difference = rest.length - claimed;
  let length = Math.min(claimed, rest.length);
  if (difference < 0 || (last && difference > 0)) {
    findings.add(
      'length-mismatch',
      `representation states ${claimed} bytes, ${rest.length} are present`,
      place,
    );
    if (last && difference <= TOLERATED_BYTES) length = rest.length;
  }
  const available = Math.max(0, length - cursor.offset);
  if (imageLength !== null && imageLength > available) {
    findings.add('length-mismatch', `image states ${imageLength} of ${available} bytes`, place);
  }
  const taken = cursor.take(Math.min(imageLength ?? available, available), 'image');
  if (taken.length === 0) throw new EmrtdError('LDS_MALFORMED', `DG2 ${place}: the image is empty`);
  const late = findImage(taken, MAX_LATE_BYTES);
  if (late > 0) findings.add('length-mismatch', `the image begins ${late} bytes late`, place);
  if (late < 0) findings.add('unsupported', 'an image of no known format', place);
  const bytes = taken.subarray(Math.max(0, late));
  const format = imageFormat(bytes);
  return { image: { record: layout.record, format, bytes, widthPixels, heightPixels }, length };
}
