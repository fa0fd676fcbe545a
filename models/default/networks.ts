/**
 * How the pipeline uses each network of the default pack: input size and normalisation, crop, decoding
 * of outputs, weight in the fused similarity. Data only; `models/manifest.ts` says what a field means.
 */
import type { Network } from '../manifest.ts';
import type { DefaultNetworkId } from './sources.ts';

/** A manifest entry without what the build fills in: origin and file names. */
export type NetworkSettings =
  & Omit<Network, 'id' | 'file' | 'card' | 'origin' | 'precision'>
  & { id: DefaultNetworkId };

/** Pixels 0..255 to -1..1. */
const MINUS_ONE_TO_ONE = {
  mean: [127.5, 127.5, 127.5],
  scale: [1 / 127.5, 1 / 127.5, 1 / 127.5],
} satisfies Pick<Network['input'], 'mean' | 'scale'>;

/** Pixels 0..255 to 0..1. */
const ZERO_TO_ONE = {
  mean: [0, 0, 0],
  scale: [1 / 255, 1 / 255, 1 / 255],
} satisfies Pick<Network['input'], 'mean' | 'scale'>;

/**
 * Eye corners and nose base where dlib's face chips have them, from the mean face of its 5-point
 * landmark model, with 25 % padding as its recognition network was trained on.
 */
const DLIB_PADDING = 0.25;
const DLIB_POINTS = [
  { mesh: [263], x: 0.8595674595992, y: 0.2134981538014 },
  { mesh: [362], x: 0.6460604764104, y: 0.2289674387677 },
  { mesh: [33], x: 0.1205750620789, y: 0.2137274526848 },
  { mesh: [133], x: 0.3340850613712, y: 0.2290642403242 },
  { mesh: [2], x: 0.4901123135679, y: 0.6277975316475 },
].map(({ mesh, x, y }) => ({
  mesh,
  x: (x + DLIB_PADDING) / (1 + 2 * DLIB_PADDING),
  y: (y + DLIB_PADDING) / (1 + 2 * DLIB_PADDING),
}));

export const DEFAULT_NETWORKS: readonly NetworkSettings[] = [
  {
    id: 'blazeface',
    task: 'detector',
    title: 'BlazeFace, back camera',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 256,
      height: 256,
      channels: 'RGB',
      ...MINUS_ONE_TO_ONE,
      batch: 1,
      outside: 'black',
    },
    crop: { kind: 'frame' },
    outputs: {
      scores16: 'scores16',
      scores32: 'scores32',
      boxes16: 'boxes16',
      boxes32: 'boxes32',
    },
    decode: {
      kind: 'anchors',
      layers: [{ stride: 16, perCell: 2 }, { stride: 32, perCell: 6 }],
      scores: ['scores16', 'scores32'],
      boxes: ['boxes16', 'boxes32'],
      keyPoints: 6,
      minScore: 0.5,
      maxOverlap: 0.3,
    },
  },
  {
    id: 'facemesh',
    task: 'mesh',
    title: 'MediaPipe face mesh, 468 points',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 192,
      height: 192,
      channels: 'RGB',
      ...ZERO_TO_ONE,
      batch: 'N',
      outside: 'black',
    },
    crop: { kind: 'box', scale: 1.5, level: true },
    outputs: { points: 'points', presence: 'presence' },
  },
  {
    id: 'iris',
    task: 'iris',
    title: 'MediaPipe iris, 71 eye and 5 iris points',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 64,
      height: 64,
      channels: 'RGB',
      ...ZERO_TO_ONE,
      batch: 'N',
      outside: 'edge',
    },
    crop: { kind: 'eye', scale: 2.3 },
    outputs: { points: 'points' },
  },
  {
    id: 'selfie-segmentation',
    task: 'segmentation',
    title: 'MediaPipe selfie segmentation',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 256,
      height: 256,
      channels: 'RGB',
      ...ZERO_TO_ONE,
      batch: 1,
      outside: 'black',
    },
    crop: { kind: 'frame' },
    outputs: { mask: 'mask' },
  },
  {
    id: 'dlib-resnet',
    task: 'embedder',
    title: 'dlib face recognition ResNet, 128 numbers',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 150,
      height: 150,
      channels: 'RGB',
      mean: [0, 0, 0],
      scale: [1, 1, 1],
      batch: 'N',
      outside: 'black',
    },
    crop: { kind: 'points', points: DLIB_POINTS },
    outputs: { embedding: 'descriptor' },
    embedding: { size: 128, mirror: true, weight: 0.85 },
  },
  {
    id: 'faceres',
    task: 'embedder',
    title: 'HSE FaceRes MobileNet, 1024 numbers',
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 224,
      height: 224,
      channels: 'BGR',
      mean: [103.939, 116.779, 123.68],
      scale: [1, 1, 1],
      batch: 'N',
      outside: 'black',
    },
    crop: { kind: 'mesh-box', scale: 1.3, shiftY: -0.05 },
    outputs: { embedding: 'features' },
    embedding: { size: 1024, mirror: false, weight: 0.15 },
  },
];
