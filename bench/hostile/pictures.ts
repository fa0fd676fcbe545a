/** Pictures for the hostile run: faces of the test data, and files made to hurt a decoder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { selfieBurst, selfieFrom } from '../selfies.ts';
import type { Random } from './random.ts';

/** Side of one face in a composed picture, in pixels. */
const TILE = 250;

/** Prepared selfies; the people in them are drawn by chance. */
const SELFIES = 24, BURSTS = 6;
/** Frames before the picture of a burst. */
const BEFORE = 7;

export interface Gallery {
  /** Paths of pictures with one prominent face each. */
  readonly faces: readonly string[];
  /** JPEG files of 480 x 640, one prominent face each. */
  readonly selfies: readonly Uint8Array[];
  /** Pictures with frames before them, as the Face SDK sends. */
  readonly bursts: readonly (readonly Uint8Array[])[];
  /** A selfie as PNG. */
  readonly pngSelfie: Uint8Array;
  readonly noise: Uint8Array;
  readonly twelveFaces: readonly Uint8Array[];
  /** PNG whose header claims 16,384 x 16,384 pixels. */
  readonly hugePng: Uint8Array;
  /** PNG and JPEG of some kilobytes that unpack to 24 megapixels, just within the limits. */
  readonly densePng: Uint8Array;
  readonly denseJpeg: Uint8Array;
}

/** @param folder `images` of LFW: one folder per person. */
export async function loadGallery(folder: string, random: Random): Promise<Gallery> {
  const faces = readdirSync(folder).flatMap((person) =>
    readdirSync(join(folder, person)).map((file) => join(folder, person, file))
  );
  const pixels = new Uint8Array(480 * 640 * 3).map(() => random.below(256));
  const noise = await sharp(pixels, { raw: { width: 480, height: 640, channels: 3 } })
    .jpeg({ quality: 80 }).toBuffer();
  const twelveFaces: Uint8Array[] = [];
  for (let i = 0; i < 4; i++) twelveFaces.push(await composeTwelve(faces, random));
  const selfies: Uint8Array<ArrayBuffer>[] = [];
  for (let i = 0; i < SELFIES; i++) {
    selfies.push(await selfieFrom(faces[random.below(faces.length)]));
  }
  const dense = sharp({
    create: { width: 6000, height: 4000, channels: 3, background: '#808080' },
  });
  return {
    faces,
    selfies,
    bursts: await Promise.all(selfies.slice(0, BURSTS).map((bytes) => selfieBurst(bytes, BEFORE))),
    pngSelfie: await sharp(selfies[0]).png().toBuffer(),
    noise,
    twelveFaces,
    hugePng: claimedPng(16_384, 16_384),
    densePng: await dense.clone().png().toBuffer(),
    denseJpeg: await dense.jpeg().toBuffer(),
  };
}

async function composeTwelve(faces: readonly string[], random: Random): Promise<Uint8Array> {
  const tiles = Array.from({ length: 12 }, (_, i) => ({
    input: faces[random.below(faces.length)],
    left: (i % 4) * TILE,
    top: Math.floor(i / 4) * TILE,
  }));
  const size = { width: 4 * TILE, height: 3 * TILE, channels: 3 as const, background: '#808080' };
  return await sharp({ create: size }).composite(tiles).jpeg({ quality: 90 }).toBuffer();
}

/** A well-formed PNG file whose header claims a size that its few bytes of data do not hold. */
function claimedPng(width: number, height: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, 2);
  return Buffer.concat([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', new Uint8Array(header.buffer)),
    pngChunk('IDAT', deflateSync(new Uint8Array(1024))),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([new TextEncoder().encode(name), data]);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}
