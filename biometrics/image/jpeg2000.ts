/**
 * JPEG 2000 (ISO/IEC 15444-1), which passport chips store faces in, through OpenJPEG as WebAssembly:
 * hostile input can at worst spoil the module's own memory, and then the module is replaced.
 */
import create, {
  type FrameInfo,
  type J2KDecoder,
  type OpenJpeg,
} from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import wasmPath from '@cornerstonejs/codec-openjpeg/decodewasm' with { type: 'file' };
import { FaceError } from '../errors.ts';
import type { Picture } from '../types.ts';
import type { PictureHeader } from './header.ts';

/** The module's memory grows and never shrinks: above this it is dropped after the picture. */
const MAX_IDLE_BYTES = 128 * 2 ** 20;

/** OPJ_CLRSPC_GRAY and below need no conversion; sYCC, e-YCC and CMYK left as such were not converted. */
const LAST_CONVERTED_COLOUR_SPACE = 2;
const COLOUR_SPACE_UNKNOWN = 0xffffffff;

let binary: Promise<ArrayBuffer> | undefined;
let current: Promise<OpenJpeg> | undefined;

async function load(): Promise<OpenJpeg> {
  binary ??= Bun.file(wasmPath).arrayBuffer();
  const ignore = () => {};
  return await create({ wasmBinary: await binary, print: ignore, printErr: ignore });
}

/**
 * Decodes a JP2 file or bare codestream whose header was read and accepted: grey or colour of 1 to 16
 * bits, 4:2:0 and 4:2:2 chroma and sYCC converted to RGB. Throws FaceError IMAGE_UNDECODABLE when the
 * content is broken, truncated or not what its header said. A colour profile inside is not applied.
 */
export async function decodeJpeg2000(bytes: Uint8Array, header: PictureHeader): Promise<Picture> {
  current ??= load();
  const module = await current;
  // From here to the end nothing awaits, so no other call sees the module half-used.
  let isSound = false;
  try {
    const picture = runDecoder(module, bytes, header);
    isSound = module.HEAPU8.length <= MAX_IDLE_BYTES;
    return picture;
  } catch (cause) {
    if (cause instanceof FaceError) throw cause;
    throw new FaceError('IMAGE_UNDECODABLE', 'JPEG 2000: the decoder failed', { cause });
  } finally {
    if (!isSound) current = undefined;
  }
}

function runDecoder(module: OpenJpeg, bytes: Uint8Array, header: PictureHeader): Picture {
  const decoder: J2KDecoder = new module.J2KDecoder();
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const info = decoder.getFrameInfo();
  if (info.width === 0) {
    throw new FaceError('IMAGE_UNDECODABLE', 'JPEG 2000: broken or truncated codestream');
  }
  const colourSpace = decoder.getColorSpace() >>> 0;
  if (colourSpace > LAST_CONVERTED_COLOUR_SPACE && colourSpace !== COLOUR_SPACE_UNKNOWN) {
    throw new FaceError('IMAGE_UNSUPPORTED', `JPEG 2000: colour space ${colourSpace}`);
  }
  const samples = decoder.getDecodedBuffer();
  const components = info.componentCount;
  const count = header.width * header.height * components;
  const isWide = info.bitsPerSample > 8;
  if (
    info.width !== header.width || info.height !== header.height || info.isSigned ||
    (components !== 1 && components !== 3) || info.bitsPerSample > 16 ||
    samples.length !== count * (isWide ? 2 : 1)
  ) {
    throw new FaceError('IMAGE_UNDECODABLE', 'JPEG 2000: decoded size differs from the header');
  }
  const data = toRgb8(samples, info);
  decoder.delete();
  return { width: info.width, height: info.height, data };
}

function toRgb8(samples: Uint8ClampedArray, info: FrameInfo): Uint8Array {
  const { bitsPerSample, componentCount: components } = info;
  const stride = bitsPerSample > 8 ? 2 : 1;
  const count = info.width * info.height * components;
  if (bitsPerSample === 8 && components === 3) {
    return new Uint8Array(samples.buffer, samples.byteOffset, count);
  }
  const data = new Uint8Array(info.width * info.height * 3);
  const maximum = 2 ** bitsPerSample - 1;
  for (let index = 0, out = 0; index < count; index++) {
    const at = index * stride;
    const value = stride === 2 ? samples[at] | (samples[at + 1] << 8) : samples[at];
    const scaled = Math.min(255, Math.round(value * 255 / maximum));
    data[out++] = scaled;
    if (components === 1) {
      data[out++] = scaled;
      data[out++] = scaled;
    }
  }
  return data;
}
