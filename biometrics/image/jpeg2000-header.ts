/**
 * Reads JP2 boxes and the main header of a JPEG 2000 codestream (ISO/IEC 15444-1 annexes A and I)
 * before the decoder sees them: size, components, and the tile, layer and precinct counts that let a
 * file of a few bytes claim gigabytes.
 */
import { FaceError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { PictureFormat } from './format.ts';
import type { PictureHeader } from './header.ts';

const MAX_BOXES = 256;
const MAX_MARKERS = 1024;
const MAX_TILES = 4096;
const MAX_LAYERS = 512;
const MAX_PRECINCTS = 65_536;
const MAX_DECOMPOSITIONS = 32;
const MAX_PRECISION_BITS = 16;

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
/** The SOT segment with its marker. */
const SOT_BYTES = 12;

interface Siz extends PictureHeader {
  readonly components: number;
  readonly tiles: number;
}

/** Size of a JPEG 2000 picture of a kind that the decoder handles; all else is refused by name. */
export function readJpeg2000Header(
  bytes: Uint8Array,
  format: Extract<PictureFormat, 'jp2' | 'j2k'>,
): PictureHeader {
  const codestream = format === 'j2k' ? bytes : findCodestream(bytes);
  const reader = new ByteReader(codestream, 'JPEG 2000');
  if (reader.u16('SOC') !== SOC || reader.u16('SIZ') !== SIZ) {
    throw reader.error('codestream does not open with SOC and SIZ');
  }
  const siz = readSiz(segment(reader));
  let hasCodingStyle = false;
  for (let markers = 0; markers < MAX_MARKERS; markers++) {
    const marker = reader.u16('marker');
    if (marker === SOT) {
      if (!hasCodingStyle) throw reader.error('no COD marker');
      checkTiles(codestream.subarray(reader.offset - 2), siz.tiles);
      return { width: siz.width, height: siz.height, frames: 1 };
    }
    if (marker < 0xff00) throw reader.error(`expected a marker at offset ${reader.offset - 2}`);
    const body = segment(reader);
    if (marker === COD) {
      hasCodingStyle = true;
      readCod(body, siz);
    } else if (marker === COC) {
      body.skip(siz.components < 257 ? 1 : 2, 'COC component');
      readCodingStyle(body, body.u8('COC style'), siz);
    }
  }
  throw reader.error(`more than ${MAX_MARKERS} markers`);
}

/** The content of the first contiguous codestream box (I.5.4). */
function findCodestream(bytes: Uint8Array): Uint8Array {
  const reader = new ByteReader(bytes, 'JP2');
  for (let boxes = 0; boxes < MAX_BOXES; boxes++) {
    let length = reader.u32('box length');
    const type = reader.text(4, 'box type');
    let head = 8;
    if (length === 1) {
      if (reader.u32('box length, high half') !== 0) throw reader.error(`${type} box over 4 GiB`);
      length = reader.u32('box length, low half');
      head = 16;
    }
    const rest = length === 0 ? reader.remaining : length - head;
    if (rest < 0) throw reader.error(`${type} box length ${length} is below its own header`);
    const body = reader.take(rest, `${type} box`);
    if (type === 'jp2c') return body;
  }
  throw reader.error(`no codestream in the first ${MAX_BOXES} boxes`);
}

function segment(reader: ByteReader): ByteReader {
  const length = reader.u16('segment length');
  if (length < 2) throw reader.error(`segment length ${length} is below 2`);
  return new ByteReader(reader.take(length - 2, 'segment'), 'JPEG 2000');
}

/**
 * Follows the tile-parts (A.4.2): the decoder paints a tile that never comes black without a word, so
 * a codestream cut between tiles would pass as a whole picture.
 */
function checkTiles(tileParts: Uint8Array, tiles: number): void {
  const reader = new ByteReader(tileParts, 'JPEG 2000');
  const seen = new Set<number>();
  while (reader.remaining >= SOT_BYTES && reader.u16('SOT') === SOT) {
    const head = segment(reader);
    const tile = head.u16('Isot');
    const length = head.u32('Psot');
    if (tile >= tiles) throw reader.error(`tile ${tile} of ${tiles}`);
    seen.add(tile);
    if (length === 0) break;
    if (length < SOT_BYTES) throw reader.error(`tile-part of ${length} bytes`);
    reader.skip(length - SOT_BYTES, `tile-part of tile ${tile}`);
  }
  if (seen.size !== tiles) {
    throw reader.error(`truncated: ${seen.size} of ${tiles} tiles are there`);
  }
}

/** A.5.1. */
function readSiz(body: ByteReader): Siz {
  body.skip(2, 'Rsiz');
  const [x1, y1, x0, y0] = [
    body.u32('Xsiz'),
    body.u32('Ysiz'),
    body.u32('XOsiz'),
    body.u32('YOsiz'),
  ];
  const [tileWidth, tileHeight] = [body.u32('XTsiz'), body.u32('YTsiz')];
  const [tileX0, tileY0] = [body.u32('XTOsiz'), body.u32('YTOsiz')];
  const components = body.u16('Csiz');
  if (x0 >= x1 || y0 >= y1) throw body.error('SIZ: empty image area');
  if (tileWidth === 0 || tileHeight === 0 || tileX0 > x0 || tileY0 > y0) {
    throw body.error('SIZ: tile grid does not cover the image');
  }
  if (components !== 1 && components !== 3) {
    throw new FaceError('IMAGE_UNSUPPORTED', `JPEG 2000: ${components} components, only 1 or 3`);
  }
  readComponents(body, components);
  const tiles = Math.ceil((x1 - tileX0) / tileWidth) * Math.ceil((y1 - tileY0) / tileHeight);
  if (tiles > MAX_TILES) {
    throw new FaceError('IMAGE_TOO_LARGE', `JPEG 2000: ${tiles} tiles, at most ${MAX_TILES}`);
  }
  return { width: x1 - x0, height: y1 - y0, frames: 1, components, tiles };
}

function readComponents(body: ByteReader, components: number): void {
  const kinds: string[] = [];
  const sampling: string[] = [];
  for (let index = 0; index < components; index++) {
    const depth = body.u8('Ssiz');
    if ((depth & 0x80) !== 0 || (depth & 0x7f) >= MAX_PRECISION_BITS) {
      throw new FaceError(
        'IMAGE_UNSUPPORTED',
        `JPEG 2000: component ${index} has ${(depth & 0x7f) + 1} bits` +
          ((depth & 0x80) !== 0 ? ', signed' : ''),
      );
    }
    kinds.push(String(depth));
    sampling.push(`${body.u8('XRsiz')}x${body.u8('YRsiz')}`);
  }
  if (new Set(kinds).size !== 1) {
    throw new FaceError('IMAGE_UNSUPPORTED', 'JPEG 2000: components of different precision');
  }
  // One resolution for all, or chroma at half width, or at half width and height (4:2:2, 4:2:0).
  const [luma, ...chroma] = sampling;
  const isKnown = luma === '1x1' && new Set(chroma).size <= 1 &&
    ['1x1', '2x1', '2x2', undefined].includes(chroma[0]);
  if (!isKnown) {
    throw new FaceError('IMAGE_UNSUPPORTED', `JPEG 2000: sub-sampling ${sampling.join(' ')}`);
  }
}

/** A.6.1. */
function readCod(body: ByteReader, siz: Siz): void {
  const style = body.u8('Scod');
  body.skip(1, 'progression order');
  const layers = body.u16('layers');
  if (layers > MAX_LAYERS) {
    throw new FaceError('IMAGE_TOO_LARGE', `JPEG 2000: ${layers} layers, at most ${MAX_LAYERS}`);
  }
  body.skip(1, 'component transform');
  readCodingStyle(body, style, siz);
}

/** A.6.1, table A.15: bounds the number of precincts, each of which costs the decoder memory. */
function readCodingStyle(body: ByteReader, style: number, siz: Siz): void {
  const levels = body.u8('decomposition levels');
  if (levels > MAX_DECOMPOSITIONS) throw body.error(`${levels} decomposition levels`);
  body.skip(4, 'code-block size, style and transform');
  if ((style & 1) === 0) return;
  let precincts = 0;
  for (let resolution = 0; resolution <= levels; resolution++) {
    const exponents = body.u8('precinct size');
    const scale = 2 ** (levels - resolution);
    precincts += Math.ceil(siz.width / scale / 2 ** (exponents & 15)) *
      Math.ceil(siz.height / scale / 2 ** (exponents >> 4));
  }
  if (precincts * siz.components > MAX_PRECINCTS) {
    throw new FaceError(
      'IMAGE_TOO_LARGE',
      `JPEG 2000: ${precincts * siz.components} precincts, at most ${MAX_PRECINCTS}`,
    );
  }
}
