/**
 * Walks the RIFF chunks of a WebP file (RFC 9649, 2) before a decoder sees it: canvas size, frame
 * size, animation, and lengths that stay inside the file.
 */
import { ByteReader } from './byte-reader.ts';
import type { PictureHeader } from './header.ts';

const ANIMATION_FLAG = 0x02;
const MAX_CHUNKS = 65_536;

/** Size and frame count of a WebP picture; the larger of canvas and frame where they differ. */
export function readWebpHeader(bytes: Uint8Array): PictureHeader {
  const reader = new ByteReader(bytes, 'WebP');
  reader.skip(4, 'RIFF');
  const riff = new ByteReader(reader.take(u32le(reader, 'RIFF size'), 'RIFF'), 'WebP');
  riff.skip(4, 'WEBP');
  let width = 0;
  let height = 0;
  let frames = 0;
  let animated = false;
  for (let chunks = 0; riff.remaining > 0; chunks++) {
    if (chunks === MAX_CHUNKS) throw riff.error(`more than ${MAX_CHUNKS} chunks`);
    const type = riff.text(4, 'chunk type');
    const length = u32le(riff, 'chunk length');
    const body = new ByteReader(riff.take(length, 'chunk'), 'WebP');
    if (length % 2 === 1 && riff.remaining > 0) riff.skip(1, 'padding');
    if (type === 'ANMF') frames++;
    const size = readSize(type, body);
    if (size === undefined) continue;
    width = Math.max(width, size.width);
    height = Math.max(height, size.height);
    if (size.animated) animated = true;
    else if (type !== 'VP8X') frames++;
  }
  if (width === 0) throw riff.error('no picture chunk');
  if (frames === 0) throw riff.error('no frame');
  return { width, height, frames: animated ? Math.max(frames, 2) : frames };
}

function readSize(
  type: string,
  body: ByteReader,
): { width: number; height: number; animated: boolean } | undefined {
  if (type === 'VP8X') {
    const animated = (body.u8('VP8X flags') & ANIMATION_FLAG) !== 0;
    body.skip(3, 'VP8X reserved');
    return { width: u24le(body, 'width') + 1, height: u24le(body, 'height') + 1, animated };
  }
  if (type === 'VP8 ') {
    // RFC 6386 9.1: 3-byte frame tag, start code, then 14-bit sizes with 2 scaling bits each.
    if ((body.u8('VP8 frame tag') & 1) !== 0) throw body.error('VP8 frame is not a key frame');
    body.skip(2, 'VP8 frame tag');
    if (body.text(3, 'VP8 start code') !== '\x9d\x01\x2a') throw body.error('VP8 start code');
    const width = u16le(body, 'width') & 0x3fff;
    return { width, height: u16le(body, 'height') & 0x3fff, animated: false };
  }
  if (type === 'VP8L') {
    // RFC 9649 3.4: signature byte, then 14 + 14 bits, least significant first.
    if (body.u8('VP8L signature') !== 0x2f) throw body.error('VP8L signature');
    const bits = u32le(body, 'VP8L size');
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, animated: false };
  }
  return undefined;
}

function u16le(reader: ByteReader, field: string): number {
  return reader.u8(field) | (reader.u8(field) << 8);
}

function u24le(reader: ByteReader, field: string): number {
  return u16le(reader, field) | (reader.u8(field) << 16);
}

function u32le(reader: ByteReader, field: string): number {
  return (u16le(reader, field) | (u16le(reader, field) << 16)) >>> 0;
}
