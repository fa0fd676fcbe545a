/**
 * Face records of ISO/IEC 39794-5:2019 in tagged binary encoding (DER), as far as a portrait needs them:
 * the two-dimensional image with its format, size and colours, capture time and quality. Other optional
 * components are passed over when read.
 */
import { FaceError } from '../errors.ts';
import { sniffFormat } from '../image/format.ts';
import { codeElement, DerFields, element, integerElement, readElements } from './der.ts';

const NAME = 'ISO 39794-5';
/** Representations read from one record. */
const MAX_REPRESENTATIONS = 16;

/** FaceImageDataBlock is [APPLICATION 5]; biometric data blocks of passports put it into a [1]. */
const DATA_BLOCK = 0x65;
const PASSPORT_BLOCK = 0xa1;
const SEQUENCE = 0x30;

/** Version of ISO/IEC 39794-5:2019 (ICAO application profile). */
const VERSION = { generation: 3, year: 2019 };

/** Capture time, UTC, as far as it is known: from the year down. */
const TIME_PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
type CaptureTime = { readonly [part in typeof TIME_PARTS[number]]?: number };

/** A quality score of ISO/IEC 29794-1 and the registered algorithm behind it. */
export interface QualityStatement {
  readonly organisation: number;
  readonly algorithm: number;
  /** 0..100; null when the algorithm failed. */
  readonly score: number | null;
}

/** One face; codes are those of the standard, absent = not stated. */
export interface FaceRepresentation39794 {
  readonly id: number;
  /** 0 unknown, 2 JPEG, 3 JPEG 2000 lossy, 4 JPEG 2000 lossless. */
  readonly imageFormat: number;
  /** 0 MRTD, 1 general purpose. */
  readonly imageKind?: number;
  /** As stated, pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** 2 is 24-bit RGB. */
  readonly colourSpace?: number;
  readonly captured?: CaptureTime;
  readonly qualities: readonly QualityStatement[];
  /** The image file. */
  readonly image: Uint8Array;
}

export interface FaceRecord39794 {
  readonly generation: number;
  readonly year: number;
  readonly representations: readonly FaceRepresentation39794[];
}

/**
 * Reads a whole record. Images are views into `bytes`.
 * @throws FaceError IMAGE_UNDECODABLE naming the component that is wrong
 */
export function readFaceRecord39794(bytes: Uint8Array): FaceRecord39794 {
  const data = new DerFields(only(bytes, [DATA_BLOCK, PASSPORT_BLOCK]), NAME);
  const version = data.fields(0xa0, 'version');
  const blocks = readElements(data.required(0xa1, 'representations'), `${NAME} representations`);
  if (blocks.length === 0 || blocks.length > MAX_REPRESENTATIONS) {
    throw data.error(`${blocks.length} representations, 1 to ${MAX_REPRESENTATIONS} are allowed`);
  }
  return {
    generation: version.integer(0x80, 'generation'),
    year: version.integer(0x81, 'year'),
    representations: blocks.map(({ tag, value }, i) => {
      if (tag !== SEQUENCE) throw data.error(`representation ${i + 1} is not a sequence`);
      return readRepresentation(new DerFields(value, `${NAME} representation ${i + 1}`));
    }),
  };
}

/** The value of the data block, which must be all there is. */
function only(bytes: Uint8Array, tags: readonly number[]): Uint8Array {
  const [first, ...more] = readElements(bytes, NAME);
  if (first === undefined || !tags.includes(first.tag)) {
    throw new FaceError('IMAGE_UNDECODABLE', `${NAME}: no face image data block`);
  }
  if (more.length > 0) throw new FaceError('IMAGE_UNDECODABLE', `${NAME}: bytes after the record`);
  return first.tag === DATA_BLOCK ? first.value : only(first.value, [DATA_BLOCK]);
}

function readRepresentation(block: DerFields): FaceRepresentation39794 {
  // ImageRepresentation / base / ImageRepresentation2DBlock
  const flat = block.fields(0xa1, 'image').fields(0xa0, 'base').fields(0xa0, '2D');
  const image = flat.required(0x80, 'data');
  if (image.length === 0) throw flat.error('data are empty');
  const about = flat.fields(0xa1, 'information');
  const size = about.optionalFields(0xa7, 'size');
  return {
    id: block.integer(0x80, 'id'),
    imageFormat: about.code(0xa0, 'format'),
    imageKind: about.optionalCode(0xa1, 'kind'),
    size: size && { width: size.integer(0x80, 'width'), height: size.integer(0x81, 'height') },
    colourSpace: about.optionalCode(0xa9, 'colour space'),
    captured: readTime(block.optionalFields(0xa2, 'capture time')),
    qualities: readQualities(block.optional(0xa3), `${block.name} quality`),
    image,
  };
}

function readTime(time: DerFields | undefined): CaptureTime | undefined {
  if (time === undefined) return undefined;
  const parts = TIME_PARTS.map((part, i) => [part, time.optionalInteger(0x80 + i, part)] as const);
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

function readQualities(blocks: Uint8Array | undefined, name: string): QualityStatement[] {
  if (blocks === undefined) return [];
  return readElements(blocks, name).map(({ tag, value }) => {
    const block = new DerFields(value, name);
    if (tag !== SEQUENCE) throw block.error('not a sequence');
    const algorithm = block.fields(0xa0, 'algorithm');
    const score = block.fields(0xa1, 'score').optionalInteger(0x80, 'value') ?? null;
    if (score !== null && score > 100) throw block.error(`score ${score} is above 100`);
    return {
      organisation: algorithm.integer(0x80, 'organisation'),
      algorithm: algorithm.integer(0x81, 'id'),
      score,
    };
  });
}

/** The bytes of a record. Throws RangeError when a number does not fit or there is no face. */
export function writeFaceRecord39794(record: FaceRecord39794): Uint8Array {
  const { generation, year, representations } = record;
  if (representations.length === 0 || representations.length > MAX_REPRESENTATIONS) {
    throw new RangeError(`${NAME}: ${representations.length} representations`);
  }
  return element(
    DATA_BLOCK,
    element(
      0xa0,
      integerElement(0x80, generation, 'generation'),
      integerElement(0x81, year, 'year'),
    ),
    element(0xa1, ...representations.map(writeRepresentation)),
  );
}

function writeRepresentation(face: FaceRepresentation39794): Uint8Array {
  const { size, captured, qualities } = face;
  const code = (tag: number, value: number | undefined, field: string) =>
    value === undefined ? [] : [codeElement(tag, value, field)];
  const about = element(
    0xa1,
    codeElement(0xa0, face.imageFormat, 'image format'),
    ...code(0xa1, face.imageKind, 'image kind'),
    ...(size === undefined ? [] : [element(
      0xa7,
      integerElement(0x80, size.width, 'width'),
      integerElement(0x81, size.height, 'height'),
    )]),
    ...code(0xa9, face.colourSpace, 'colour space'),
  );
  return element(
    SEQUENCE,
    integerElement(0x80, face.id, 'id'),
    element(0xa1, element(0xa0, element(0xa0, element(0x80, face.image), about))),
    ...(captured === undefined ? [] : [element(0xa2, ...writeTime(captured))]),
    ...(qualities.length === 0 ? [] : [element(0xa3, ...qualities.map(writeQuality))]),
  );
}

function writeTime(time: CaptureTime): Uint8Array[] {
  return TIME_PARTS.flatMap((part, i) => {
    const value = time[part];
    return value === undefined ? [] : [integerElement(0x80 + i, value, part)];
  });
}

function writeQuality({ organisation, algorithm, score }: QualityStatement): Uint8Array {
  if (score !== null && score > 100) throw new RangeError(`${NAME}: quality score ${score}`);
  return element(
    SEQUENCE,
    element(
      0xa0,
      integerElement(0x80, organisation, 'organisation'),
      integerElement(0x81, algorithm, 'algorithm'),
    ),
    // a failed algorithm is error code 0, failure to assess (ISO/IEC 39794-1)
    element(
      0xa1,
      score === null ? codeElement(0xa1, 0, 'error') : integerElement(0x80, score, 'score'),
    ),
  );
}

/** A record of one image that states nothing but its size and kind. Throws RangeError for other formats. */
export function plainFaceRecord39794(
  image: Uint8Array,
  size: { readonly width: number; readonly height: number },
): FaceRecord39794 {
  const format = sniffFormat(image);
  const codes: Partial<Record<string, number>> = { jpeg: 2, jp2: 3, j2k: 3 };
  const imageFormat = format === undefined ? undefined : codes[format];
  if (imageFormat === undefined) {
    throw new RangeError(`${NAME}: a record holds no ${format ?? 'unknown'} image`);
  }
  return {
    ...VERSION,
    representations: [{ id: 0, imageFormat, size, colourSpace: 2, qualities: [], image }],
  };
}
