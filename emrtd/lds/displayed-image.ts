/**
 * DG5 displayed portrait and DG7 displayed signature (ICAO 9303-10 4.7.5, 4.7.7), and DG6, reserved but
 * built alike where it exists: a count and images in 5F40 or 5F43.
 */
import { findTag } from '../asn1/mod.ts';
import { attempt, openFile, smallNumber } from './element.ts';
import { MAX_IMAGES } from './face.ts';
import { Findings, type Parsed } from './finding.ts';
import { findImage, imageFormat, type LdsImage } from './image.ts';

export interface DisplayedImages {
  images: LdsImage[];
}

/** Image elements: displayed portrait, and displayed signature or mark. */
const IMAGE_TAGS = [0x5f40, 0x5f43];

/** Parses EF.DG5. Throws LDS_TAG for another file, ASN1_MALFORMED for broken TLV. */
export function parseDg5(bytes: Uint8Array): Parsed<DisplayedImages> {
  return parseImages(bytes, 0x65, 'DG5');
}

/** Parses EF.DG6 in the shape of DG5. Throws LDS_TAG for another file, ASN1_MALFORMED for broken TLV. */
export function parseDg6(bytes: Uint8Array): Parsed<DisplayedImages> {
  return parseImages(bytes, 0x66, 'DG6');
}

/** Parses EF.DG7. Throws LDS_TAG for another file, ASN1_MALFORMED for broken TLV. */
export function parseDg7(bytes: Uint8Array): Parsed<DisplayedImages> {
  return parseImages(bytes, 0x67, 'DG7');
}

function parseImages(bytes: Uint8Array, tag: number, name: string): Parsed<DisplayedImages> {
  const findings = new Findings(name);
  const elements = openFile(bytes, tag, name, findings).children();
  const found = elements.filter((element) => IMAGE_TAGS.includes(element.tag));
  const count = findTag(elements, 0x02);
  if (count === undefined) findings.add('missing', 'no count of images');
  else {
    const stated = attempt(findings, 'count', () => smallNumber(count.value, name));
    if (stated !== undefined && stated !== found.length) {
      findings.add('undeclared', `${stated} images stated, ${found.length} present`);
    }
  }
  if (found.length > MAX_IMAGES) {
    findings.add('limit', `${found.length} images, the first ${MAX_IMAGES} were read`);
  }
  const images: LdsImage[] = [];
  found.slice(0, MAX_IMAGES).forEach(({ value }, i) => {
    const part = `image ${i + 1}`;
    if (value.length === 0) return findings.add('missing', 'the image is empty', part);
    if (imageFormat(value) === 'unknown' && findImage(value, 64) < 0) {
      findings.add('unsupported', 'an image of no known format', part);
    }
    images.push(taken(value));
  });
  return { data: { images }, findings: findings.list };
}

/** The image, without the few bytes that some issuers put before it. */
function taken(value: Uint8Array): LdsImage {
  const format = imageFormat(value);
  const start = format === 'unknown' ? findImage(value, 64) : 0;
  if (start <= 0) return { format, bytes: value };
  const bytes = value.subarray(start);
  return { format: imageFormat(bytes), bytes };
}
