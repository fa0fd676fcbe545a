/**
 * The published files that `models import` knows how to use, by SHA-256. Anything else is refused: what a
 * network means cannot be read from its weights.
 */
import type { Network } from '../manifest.ts';

export type OptionalNetworkId = 'minifasnet-v2' | 'minifasnet-v1se' | 'yunet-320' | 'yunet-640';

export interface KnownFile {
  /** Name under which the file was published. */
  readonly name: string;
  readonly sha256: string;
  readonly network: OptionalNetworkId;
  /** torch: a PyTorch state dict that our converter turns into ONNX; onnx: stored as it is. */
  readonly form: 'torch' | 'onnx';
  readonly origin: Pick<Network['origin'], 'package' | 'version' | 'licence'>;
}

/** The state dicts of minivision's weights, and ONNX files that yakhyo made of them. */
const SILENT_FACE = {
  package: 'minivision-ai/Silent-Face-Anti-Spoofing',
  version: 'unversioned',
  licence: 'Apache-2.0',
} as const;
const SILENT_FACE_ONNX = {
  package: 'yakhyo/face-anti-spoofing',
  version: 'c175efe',
  licence: 'Apache-2.0',
} as const;

const LIBFACEDETECTION = {
  package: 'ShiqiYu/libfacedetection.train',
  version: 'yunet_n',
  licence: 'Apache-2.0',
} as const;

export const KNOWN_FILES: readonly KnownFile[] = [
  {
    name: 'MiniFASNetV2.pth',
    sha256: 'ef2338c2de07900c910ea0278c2a80cc2663b4800b2b937189c7a91e57f2740b',
    network: 'minifasnet-v2',
    form: 'torch',
    origin: SILENT_FACE,
  },
  {
    name: 'MiniFASNetV2.onnx',
    sha256: '4eed38f0bde33c9b805942a5f25e42ce1161e2bda545254be622be957727794e',
    network: 'minifasnet-v2',
    form: 'onnx',
    origin: SILENT_FACE_ONNX,
  },
  {
    name: 'MiniFASNetV1SE.pth',
    sha256: 'db63bfb95078dd710c6261dee6b8b790f83644bdc784b79a803f50463dee3df8',
    network: 'minifasnet-v1se',
    form: 'torch',
    origin: SILENT_FACE,
  },
  {
    name: 'MiniFASNetV1SE.onnx',
    sha256: 'd819a69bac6b9ade2a0f4d9b60b618e1260f7bf3ba1fddff6c5d82131cb1083f',
    network: 'minifasnet-v1se',
    form: 'onnx',
    origin: SILENT_FACE_ONNX,
  },
  {
    name: 'yunet_n_320_320.onnx',
    sha256: '81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2',
    network: 'yunet-320',
    form: 'onnx',
    origin: LIBFACEDETECTION,
  },
  {
    name: 'yunet_n_640_640.onnx',
    sha256: '25a606a145a5b6d7271ae138fbd00eba91dad8b83222ae3f2c7ecd0f4a7b0e31',
    network: 'yunet-640',
    form: 'onnx',
    origin: LIBFACEDETECTION,
  },
];
