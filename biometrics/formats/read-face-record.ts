/**
 * Reads ISO/IEC 19794-5 face records, version 010 (2005, clause 5) and 030 (2011). Every length must
 * add up; stated image sizes are reported, not trusted.
 */
import { FaceError } from '../errors.ts';
import { ByteReader } from '../image/byte-reader.ts';
import type {
  FaceRecord,
  FaceRepresentation2005,
  FaceRepresentation2011,
  FeaturePoint,
  QualityBlock,
} from './face-record.ts';

const NAME = 'ISO 19794-5';

/** Bytes before the image of a face without feature points and quality blocks. */
const MIN_REPRESENTATION_2005 = 32;
const MIN_REPRESENTATION_2011 = 52;

/**
 * Reads a whole record. Images are views into `bytes`. Throws FaceError IMAGE_UNDECODABLE naming the
 * field that is wrong, IMAGE_UNSUPPORTED for other versions.
 */
export function readFaceRecord(bytes: Uint8Array): FaceRecord {
  const reader = new ByteReader(bytes, NAME);
  if (reader.text(4, 'format identifier') !== 'FAC\0') {
    throw reader.error('format identifier is not FAC');
  }
  const version = reader.text(4, 'version');
  const length = reader.u32('record length');
  if (version !== '010\0' && version !== '030\0') {
    throw new FaceError('IMAGE_UNSUPPORTED', `${NAME}: version is neither 010 nor 030`);
  }
  if (length !== bytes.length) {
    throw reader.error(`record length says ${length} bytes, there are ${bytes.length}`);
  }
  const count = reader.u16('number of representations');
  if (count === 0) throw reader.error('number of representations is 0');
  const record: FaceRecord = version === '010\0'
    ? { version: '010', representations: readAll(reader, count, read2005) }
    : {
      version: '030',
      temporalSemantics: readHeader2011(reader),
      representations: readAll(reader, count, read2011),
    };
  if (reader.remaining > 0) {
    throw reader.error(`${reader.remaining} bytes after the last representation`);
  }
  return record;
}

function readHeader2011(reader: ByteReader): number {
  if (reader.u8('certification flag') !== 0) {
    throw reader.error('certification flag is not 0, as this part of the standard demands');
  }
  return reader.u16('temporal semantics');
}

function readAll<Representation>(
  reader: ByteReader,
  count: number,
  read: (reader: ByteReader, name: string) => Representation,
): Representation[] {
  const found: Representation[] = [];
  for (let index = 1; index <= count; index++) found.push(read(reader, `representation ${index}`));
  return found;
}

/** The bytes of one representation, whose first field is its own length. */
function body(reader: ByteReader, name: string, minimum: number): ByteReader {
  const length = reader.u32(`length of ${name}`);
  if (length < minimum) {
    throw reader.error(`length of ${name} is ${length}, at least ${minimum} are needed`);
  }
  return new ByteReader(reader.take(length - 4, name), `${NAME} ${name}`);
}

function read2005(reader: ByteReader, name: string): FaceRepresentation2005 {
  const face = body(reader, name, MIN_REPRESENTATION_2005);
  const points = face.u16('number of feature points');
  const appearance = readAppearance(face);
  const features = readFeatures(face);
  const featurePoints = readFeaturePoints(face, points);
  const imageType = face.u8('face image type');
  const dataType = face.u8('image data type');
  const width = face.u16('width');
  const height = face.u16('height');
  const colourSpace = face.u8('colour space');
  const sourceType = face.u8('source type');
  const deviceType = face.u16('device type');
  const quality = face.u16('quality');
  const image = readImage(face, face.remaining);
  return {
    ...appearance,
    ...features,
    featurePoints,
    imageType,
    dataType,
    width,
    height,
    colourSpace,
    sourceType,
    deviceType,
    quality,
    image,
  };
}

function read2011(reader: ByteReader, name: string): FaceRepresentation2011 {
  const face = body(reader, name, MIN_REPRESENTATION_2011);
  const captured = {
    year: face.u16('year'),
    month: face.u8('month'),
    day: face.u8('day'),
    hour: face.u8('hour'),
    minute: face.u8('minute'),
    second: face.u8('second'),
    millisecond: face.u16('millisecond'),
  };
  const captureTechnology = face.u8('capture technology');
  const captureVendor = face.u16('capture device vendor');
  const deviceType = face.u16('capture device type');
  const qualities: QualityBlock[] = [];
  for (let left = face.u8('number of quality blocks'); left > 0; left--) {
    qualities.push({
      score: face.u8('quality score'),
      vendor: face.u16('quality vendor'),
      algorithm: face.u16('quality algorithm'),
    });
  }
  const points = face.u16('number of landmark points');
  const appearance = readAppearance(face);
  const subjectHeight = face.u8('subject height');
  const features = readFeatures(face);
  const featurePoints = readFeaturePoints(face, points);
  const imageType = face.u8('face image type');
  const dataType = face.u8('image data type');
  const width = face.u16('width');
  const height = face.u16('height');
  const samplingRate = face.u8('spatial sampling rate');
  const postProcessing = face.u16('post-acquisition processing');
  const crossReference = face.u8('cross reference');
  const colourSpace = face.u8('colour space');
  const image = readImage(face, face.u32('image length'));
  if (face.remaining > 0) throw face.error(`${face.remaining} bytes after the image`);
  return {
    captured,
    captureTechnology,
    captureVendor,
    deviceType,
    qualities,
    ...appearance,
    subjectHeight,
    ...features,
    featurePoints,
    imageType,
    dataType,
    width,
    height,
    samplingRate,
    postProcessing,
    crossReference,
    colourSpace,
    image,
  };
}

function readAppearance(face: ByteReader) {
  return {
    gender: face.u8('gender'),
    eyeColour: face.u8('eye colour'),
    hairColour: face.u8('hair colour'),
  };
}

function readFeatures(face: ByteReader) {
  const triple = (field: string): [number, number, number] => [
    face.u8(`${field} yaw`),
    face.u8(`${field} pitch`),
    face.u8(`${field} roll`),
  ];
  return {
    featureMask: (face.u8('feature mask') << 16) | face.u16('feature mask'),
    expression: face.u16('expression'),
    pose: triple('pose angle'),
    poseUncertainty: triple('pose uncertainty'),
  };
}

function readFeaturePoints(face: ByteReader, count: number): FeaturePoint[] {
  const points = new ByteReader(face.take(count * 8, `${count} feature points`), NAME);
  return Array.from({ length: count }, () => ({
    type: points.u8('type'),
    code: points.u8('code'),
    x: points.u16('x'),
    y: points.u16('y'),
    z: points.u16('z'),
  }));
}

function readImage(face: ByteReader, length: number): Uint8Array {
  if (length === 0) throw face.error('image length is 0');
  return face.take(length, 'image');
}
