/** Which reader and which outputs turn the source files of each default network into ONNX. */
import { emitOnnx } from '../convert/emit/mod.ts';
import { readFaceRecognition } from '../convert/face-recognition.ts';
import type { Graph } from '../convert/graph.ts';
import { readTfjsGraph } from '../convert/tfjs/graph.ts';
import { readTfliteGraph } from '../convert/tflite/graph.ts';
import type { DefaultNetworkId } from './sources.ts';

/** Source output -> tensor name in the ONNX file. What is not listed is left out, age and sex for one. */
export const SOURCE_OUTPUTS = {
  'blazeface': {
    Identity: 'scores16',
    Identity_1: 'scores32',
    Identity_2: 'boxes16',
    Identity_3: 'boxes32',
  },
  'facemesh': { Identity_2: 'points', Identity_1: 'presence' },
  'iris': { Identity: 'points' },
  'selfie-segmentation': { activation_10: 'mask' },
  'dlib-resnet': { fc: 'descriptor' },
  'faceres': { 'global_pooling/Mean': 'features' },
} as const satisfies Record<DefaultNetworkId, Readonly<Record<string, string>>>;

/** Reads a network's source files, in the order of SOURCES, into the converter's graph. */
export function readDefaultGraph(
  id: DefaultNetworkId,
  files: readonly Uint8Array[],
): Graph {
  switch (id) {
    case 'selfie-segmentation':
      return readTfliteGraph(id, files[0], SOURCE_OUTPUTS[id]);
    case 'dlib-resnet':
      return readFaceRecognition(id, files[0], files[1]);
    default:
      return readTfjsGraph(id, files[0], files[1], SOURCE_OUTPUTS[id]);
  }
}

/** The .onnx file of a default network. */
export function convertDefaultNetwork(
  id: DefaultNetworkId,
  files: readonly Uint8Array[],
  batch: 1 | 'N',
): Uint8Array {
  return emitOnnx(readDefaultGraph(id, files), { batch });
}
