/**
 * Walks the markers of a JPEG file (ITU-T T.81 annex B) before a decoder sees it: size, coding
 * process, number of scans, and whether the picture reaches its end marker.
 */
import { FaceError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { PictureHeader } from './header.ts';

/** Progressive encoders write about ten scans; hundreds only cost time, each passes over all pixels. */
const MAX_SCANS = 64;
const MAX_SEGMENTS = 4096;

const SOF_BASELINE = 0xc0;
const SOF_PROGRESSIVE = 0xc2;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const SOF_LAST = 0xcf;
const RST_FIRST = 0xd0;
const RST_LAST = 0xd7;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const TEM = 0x01;

function isFrameHeader(marker: number): boolean {
  return marker >= SOF_BASELINE && marker <= SOF_LAST && marker !== DHT && marker !== JPG &&
    marker !== DAC;
}

/** Size of a JPEG picture. Bytes after the end marker are ignored, as cameras append previews there. */
export function readJpegHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, 'JPEG');
  if (reader.u16('SOI') !== 0xff00 + SOI) throw reader.error('no SOI marker');
  let header: PictureHeader | undefined;
  let scans = 0;
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const marker = nextMarker(reader);
    if (marker === EOI) {
      if (header === undefined || scans === 0) throw reader.error('end marker before any scan');
      return header;
    }
    if (marker === SOI) throw reader.error('second SOI marker');
    if (isBare(marker)) continue;
    const segment = readSegment(reader);
    if (isFrameHeader(marker)) {
      if (header !== undefined) throw segment.error('second frame header');
      header = readFrameHeader(marker, segment);
    } else if (marker === SOS) {
      if (header === undefined) throw reader.error('scan before the frame header');
      if (++scans > MAX_SCANS) {
        throw new FaceError('IMAGE_TOO_LARGE', `JPEG: more than ${MAX_SCANS} scans`);
      }
      skipEntropyCoded(bytes, reader);
    }
  }
  throw tooManySegments();
}

/**
 * What the frame header says, without a look at the rest of the file: cheap, and right only for what is decoded later.
 * @throws FaceError IMAGE_UNDECODABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE
 */
export function readJpegSize(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, 'JPEG');
  if (reader.u16('SOI') !== 0xff00 + SOI) throw reader.error('no SOI marker');
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const marker = nextMarker(reader);
    if (isFrameHeader(marker)) return readFrameHeader(marker, readSegment(reader));
    if (marker === SOI || marker === SOS || marker === EOI) throw reader.error('no frame header');
    if (!isBare(marker)) readSegment(reader);
  }
  throw tooManySegments();
}

/** Markers without a segment behind them. */
function isBare(marker: number): boolean {
  return marker === TEM || (marker >= RST_FIRST && marker <= RST_LAST);
}

function tooManySegments(): FaceError {
  return new FaceError('IMAGE_TOO_LARGE', `JPEG: more than ${MAX_SEGMENTS} segments`);
}

/** Skips stray bytes as decoders do (some cameras pad segments), then fill bytes, then takes the marker. */
function nextMarker(reader: ByteReader): number {
  let byte = reader.u8('marker');
  while (true) {
    while (byte !== 0xff) byte = reader.u8('marker');
    while (byte === 0xff) byte = reader.u8('marker');
    if (byte !== 0) return byte;
    byte = reader.u8('marker');
  }
}

function readSegment(reader: ByteReader): ByteReader {
  const length = reader.u16('segment length');
  if (length < 2) throw reader.error(`segment length ${length} is below 2`);
  return new ByteReader(reader.take(length - 2, 'segment'), 'JPEG');
}

function readFrameHeader(marker: number, segment: ByteReader): PictureHeader {
  if (marker > SOF_PROGRESSIVE) {
    throw new FaceError(
      'IMAGE_UNSUPPORTED',
      `JPEG: coding process SOF${marker - SOF_BASELINE} (lossless, hierarchical or arithmetic)`,
    );
  }
  const precision = segment.u8('sample precision');
  const height = segment.u16('height');
  const width = segment.u16('width');
  const components = segment.u8('component count');
  if (precision !== 8) {
    throw new FaceError('IMAGE_UNSUPPORTED', `JPEG: ${precision} bits per sample, only 8`);
  }
  if (components !== 1 && components !== 3 && components !== 4) {
    throw new FaceError('IMAGE_UNSUPPORTED', `JPEG: ${components} components`);
  }
  return { width, height, frames: 1 };
}

/** Leaves the reader at the 0xff of the marker that ends the entropy-coded data. */
function skipEntropyCoded(bytes: Uint8Array, reader: ByteReader): void {
  let at = reader.offset;
  while (true) {
    at = bytes.indexOf(0xff, at);
    if (at === -1 || at + 1 >= bytes.length) {
      throw reader.error('truncated: the file ends inside a scan');
    }
    const next = bytes[at + 1];
    if (next === 0 || (next >= RST_FIRST && next <= RST_LAST)) at += 2;
    else if (next === 0xff) at += 1;
    else break;
  }
  reader.skip(at - reader.offset, 'scan');
}
