/**
 * The files of npm packages that the default pack is built from, pinned by SHA-256. A package that
 * ships anything else is refused, so the pack is the same on every machine.
 */
export interface SourcePackage {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  /** Path inside the package, and SHA-256 of the file. */
  readonly sources: readonly { readonly path: string; readonly sha256: string }[];
}

const HUMAN = { package: '@vladmandic/human', version: '3.3.6', licence: 'MIT' } as const;

/** Sources by network id; within a network, topology first, then weights. */
export const SOURCES = {
  'blazeface': {
    ...HUMAN,
    sources: [
      {
        path: 'models/blazeface.json',
        sha256: 'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f',
      },
      {
        path: 'models/blazeface.bin',
        sha256: 'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72',
      },
    ],
  },
  'facemesh': {
    ...HUMAN,
    sources: [
      {
        path: 'models/facemesh.json',
        sha256: 'b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7',
      },
      {
        path: 'models/facemesh.bin',
        sha256: '3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b',
      },
    ],
  },
  'iris': {
    ...HUMAN,
    sources: [
      {
        path: 'models/iris.json',
        sha256: '49038ac9dcc09aa05474d91d98e9db5b47af4830929bcf102ed5a56bfbabb465',
      },
      {
        path: 'models/iris.bin',
        sha256: 'd7f296d184274213d4642681ae186112cbbec77fd2ab066257d3c56a1940bc71',
      },
    ],
  },
  'selfie-segmentation': {
    package: '@mediapipe/selfie_segmentation',
    version: '0.1.1675465747',
    licence: 'Apache-2.0',
    sources: [
      {
        path: 'selfie_segmentation.tflite',
        sha256: '8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27',
      },
    ],
  },
  'dlib-resnet': {
    package: '@vladmandic/face-api',
    version: '1.7.15',
    licence: 'MIT (package), public domain (weights, by their author)',
    sources: [
      {
        path: 'model/face_recognition_model-weights_manifest.json',
        sha256: 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
      },
      {
        path: 'model/face_recognition_model.bin',
        sha256: 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
      },
    ],
  },
  'faceres': {
    ...HUMAN,
    sources: [
      {
        path: 'models/faceres.json',
        sha256: '5b83d49c0385d2e68a05122441b94226313677cae9fcc40b9587ad50079eb4df',
      },
      {
        path: 'models/faceres.bin',
        sha256: '2c7d2d62b76c97528b736527aa09d310ea71743c9e3e79fb6c62d4b2d73af79b',
      },
    ],
  },
} as const satisfies Record<string, SourcePackage>;

/** Ids of the default pack's networks. */
export type DefaultNetworkId = keyof typeof SOURCES;
