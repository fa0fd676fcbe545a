/** Pictures: what they are, decoding them within limits. */
export { type ByteFormat, type PictureFormat, sniffFormat } from './format.ts';
export { DEFAULT_IMAGE_LIMITS, type ImageLimits } from './limits.ts';
export { type DecodedPicture, type DecodeOptions, decodePicture } from './decode.ts';
