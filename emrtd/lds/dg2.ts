/** DG2, encoded face (ICAO 9303-10 4.7.2): the images of all its biometric templates. */
import { attempt, openFile } from './element.ts';
import { biometricTemplates } from './cbeff.ts';
import { type FaceImage, MAX_IMAGES } from './face.ts';
import { isFace19794, parseFace19794 } from './face-19794.ts';
import { parseFace39794 } from './face-39794.ts';
import { Findings, type Parsed } from './finding.ts';

export interface Dg2 {
  /** In the order of the file; empty when none could be read, with findings that say why. */
  images: FaceImage[];
}

/**
 * Parses EF.DG2. The record format is told by its bytes; a header that says otherwise is tolerated.
 * Throws LDS_TAG for another file, LDS_MALFORMED without a group template, ASN1_MALFORMED for broken TLV.
 */
export function parseDg2(bytes: Uint8Array): Parsed<Dg2> {
  const findings = new Findings('DG2');
  const file = openFile(bytes, 0x75, 'DG2', findings);
  const images: FaceImage[] = [];
  for (const template of biometricTemplates(file, findings)) {
    const { block, part } = template;
    const read = attempt(
      findings,
      part,
      () =>
        isFace19794(block)
          ? parseFace19794(block, findings, part)
          : parseFace39794(block, findings, part),
    );
    images.push(...read ?? []);
  }
  if (images.length === 0) findings.add('missing', 'no face image could be read');
  if (images.length > MAX_IMAGES) findings.add('limit', `${images.length} images`);
  return { data: { images: images.slice(0, MAX_IMAGES) }, findings: findings.list };
}
