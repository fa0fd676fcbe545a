/** Pictures: what the bytes are, decoding them within limits, writing them. */
export { type ByteFormat, type PictureFormat, sniffFormat } from './format.ts';
export type { ImageLimits } from './limits.ts';
export { type DecodedPicture, type DecodeOptions, decodePicture } from './decode.ts';
export { encodeJpeg, encodePng } from './encode.ts';
