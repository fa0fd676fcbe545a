/** Writes ISO/IEC 19794-5 face records, version 010 (2005) and 030 (2011). */
import { sniffFormat } from '../image/format.ts';
import { ByteWriter } from './byte-writer.ts';
import type {
  FaceRecord,
  FaceRepresentation2005,
  FaceRepresentation2011,
  FaceRepresentationBase,
} from './face-record.ts';

/** The bytes of a record. Throws RangeError when a field does not fit or there is no face. */
export function writeFaceRecord(record: FaceRecord): Uint8Array {
  const { version, representations } = record;
  if (representations.length === 0) throw new RangeError('face record: no representation');
  const faces = version === '010' ? representations.map(body2005) : representations.map(body2011);
  const header2011 = new ByteWriter();
  if (record.version === '030') {
    header2011.u8(0, 'certification flag').u16(record.temporalSemantics, 'temporal semantics');
  }
  const body = new ByteWriter().u16(representations.length, 'number of representations')
    .bytes(header2011.finish());
  for (const face of faces) body.u32(face.length + 4, 'representation length').bytes(face);
  return new ByteWriter().text(`FAC\0${version}\0`).u32(body.length + 12, 'record length')
    .bytes(body.finish()).finish();
}

/** A record of one image that states nothing but its size and kind. */
export function plainFaceRecord(
  version: FaceRecord['version'],
  image: Uint8Array,
  size: { readonly width: number; readonly height: number },
): FaceRecord {
  const base: FaceRepresentationBase = {
    gender: 0,
    eyeColour: 0,
    hairColour: 0,
    featureMask: 0,
    expression: 0,
    pose: [0, 0, 0],
    poseUncertainty: [0, 0, 0],
    featurePoints: [],
    imageType: 0,
    dataType: dataTypeOf(version, image),
    width: size.width,
    height: size.height,
    colourSpace: 1,
    deviceType: 0,
    image,
  };
  if (version === '010') {
    return { version, representations: [{ ...base, sourceType: 0, quality: 0 }] };
  }
  const unknown = 0xff;
  return {
    version,
    temporalSemantics: 0,
    representations: [{
      ...base,
      captured: {
        year: 0xffff,
        month: unknown,
        day: unknown,
        hour: unknown,
        minute: unknown,
        second: unknown,
        millisecond: 0xffff,
      },
      captureTechnology: 0,
      captureVendor: 0,
      qualities: [],
      subjectHeight: 0,
      samplingRate: 0,
      postProcessing: 0,
      crossReference: 0,
    }],
  };
}

function dataTypeOf(version: FaceRecord['version'], image: Uint8Array): number {
  const format = sniffFormat(image);
  if (format === 'jpeg') return 0;
  if (format === 'jp2' || format === 'j2k') return 1;
  if (format === 'png' && version === '030') return 3;
  throw new RangeError(`face record: version ${version} holds no ${format ?? 'unknown'} image`);
}

function body2005(face: FaceRepresentation2005): Uint8Array {
  const out = new ByteWriter().u16(face.featurePoints.length, 'number of feature points');
  writeAppearance(out, face);
  writeFeatures(out, face);
  writeImageKind(out, face);
  return out.u8(face.colourSpace, 'colour space')
    .u8(face.sourceType, 'source type')
    .u16(face.deviceType, 'device type')
    .u16(face.quality, 'quality')
    .bytes(face.image).finish();
}

function body2011(face: FaceRepresentation2011): Uint8Array {
  const { captured } = face;
  const out = new ByteWriter()
    .u16(captured.year, 'year')
    .u8(captured.month, 'month')
    .u8(captured.day, 'day')
    .u8(captured.hour, 'hour')
    .u8(captured.minute, 'minute')
    .u8(captured.second, 'second')
    .u16(captured.millisecond, 'millisecond')
    .u8(face.captureTechnology, 'capture technology')
    .u16(face.captureVendor, 'capture device vendor')
    .u16(face.deviceType, 'capture device type')
    .u8(face.qualities.length, 'number of quality blocks');
  for (const { score, vendor, algorithm } of face.qualities) {
    out.u8(score, 'quality score').u16(vendor, 'quality vendor').u16(algorithm, 'algorithm');
  }
  out.u16(face.featurePoints.length, 'number of landmark points');
  writeAppearance(out, face);
  out.u8(face.subjectHeight, 'subject height');
  writeFeatures(out, face);
  writeImageKind(out, face);
  return out.u8(face.samplingRate, 'spatial sampling rate')
    .u16(face.postProcessing, 'post-acquisition processing')
    .u8(face.crossReference, 'cross reference')
    .u8(face.colourSpace, 'colour space')
    .u32(face.image.length, 'image length')
    .bytes(face.image).finish();
}

function writeAppearance(out: ByteWriter, face: FaceRepresentationBase): void {
  out.u8(face.gender, 'gender')
    .u8(face.eyeColour, 'eye colour')
    .u8(face.hairColour, 'hair colour');
}

function writeFeatures(out: ByteWriter, face: FaceRepresentationBase): void {
  out.u24(face.featureMask, 'feature mask').u16(face.expression, 'expression');
  for (const angle of face.pose) out.u8(angle, 'pose angle');
  for (const angle of face.poseUncertainty) out.u8(angle, 'pose uncertainty');
  for (const { type, code, x, y, z } of face.featurePoints) {
    out.u8(type, 'type').u8(code, 'code').u16(x, 'x').u16(y, 'y').u16(z, 'z');
  }
}

function writeImageKind(out: ByteWriter, face: FaceRepresentationBase): void {
  out.u8(face.imageType, 'face image type')
    .u8(face.dataType, 'image data type')
    .u16(face.width, 'width')
    .u16(face.height, 'height');
}
