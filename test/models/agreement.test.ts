/**
 * Every converted network computes what its source computes: TensorFlow.js runs the graph models of
 * @vladmandic/human, face-api runs its own recognition network, and the TFLite networks are run
 * operation by operation. Tolerances are three to ten times the differences measured.
 */
import { beforeAll, describe, expect, mock, test } from 'bun:test';
import * as tf from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { readDefaultGraph, SOURCE_OUTPUTS } from '../../models/default/convert.ts';
import {
  difference,
  photographInput,
  randomInput,
  runConverted,
  sourceFiles,
} from './support/networks.ts';
import { executeGraph } from './support/execute-graph.ts';

/** tfjs' CPU backend needs seconds for a network. */
const TIMEOUT_MS = 60_000;

/** Largest differences measured: 4.2e-5 of 116, 1.1e-4 of 160, 3.1e-5 of 50, 3.1e-6 of 2.0. */
const GRAPH_MODELS = [
  { id: 'blazeface', input: randomInput, tolerance: 2e-4 },
  { id: 'facemesh', input: photographInput, tolerance: 5e-4 },
  { id: 'iris', input: randomInput, tolerance: 2e-4 },
  { id: 'faceres', input: randomInput, tolerance: 2e-5 },
] as const;

/** Largest differences measured: 6.9e-5 of 100, 5.5e-5 of 1. */
const TFLITE_NETWORKS = [
  { id: 'selfie-segmentation', input: photographInput, tolerance: 3e-4 },
] as const;

/** Largest difference measured: 2.1e-7 of 0.40. */
const DLIB_TOLERANCE = 2e-6;

beforeAll(async () => {
  await tf.setBackend('cpu');
  await tf.ready();
});

/** The graph model as TensorFlow.js itself loads it. */
async function loadWithTfjs(id: 'blazeface' | 'facemesh' | 'iris' | 'faceres') {
  const [json, weights] = await sourceFiles(id);
  const model = JSON.parse(new TextDecoder().decode(json));
  return await tf.loadGraphModel({
    load: async () => ({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
      weightData: weights.buffer.slice(
        weights.byteOffset,
        weights.byteOffset + weights.length,
      ) as ArrayBuffer,
      signature: model.signature ?? model.userDefinedMetadata?.signature,
      format: model.format,
    }),
  });
}

describe('graph models agree with TensorFlow.js', () => {
  for (const { id, input, tolerance } of GRAPH_MODELS) {
    test(id, async () => {
      const picture = await input(id);
      const found = await runConverted(id, picture);
      const model = await loadWithTfjs(id);
      const outputs = Object.entries(SOURCE_OUTPUTS[id]);
      const result = model.execute(
        tf.tensor(picture.data, [...picture.shape]),
        outputs.map(([source]) => source),
      );
      const references = Array.isArray(result) ? result : [result];
      outputs.forEach(([, name], i) => {
        expectAgreement(found[name].data, references[i].dataSync(), tolerance);
        expect(found[name].shape).toEqual(references[i].shape);
      });
      model.dispose();
    }, TIMEOUT_MS);
  }
});

describe('TFLite networks agree with their operations run one by one', () => {
  for (const { id, input, tolerance } of TFLITE_NETWORKS) {
    test(id, async () => {
      const picture = await input(id);
      const found = await runConverted(id, picture);
      const reference = executeGraph(readDefaultGraph(id, await sourceFiles(id)), picture);
      for (const name of Object.values(SOURCE_OUTPUTS[id])) {
        expectAgreement(found[name].data, reference[name].data, tolerance);
      }
    }, TIMEOUT_MS);
  }
});

/** The parts of face-api that run its recognition network. */
interface FaceApi {
  readonly FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: unknown): void;
    forwardInput(input: unknown): tf.Tensor;
  };
  readonly NetInput: new (pictures: tf.Tensor[]) => unknown;
}

describe('dlib-resnet', () => {
  test('agrees with face-api', async () => {
    // face-api's build for Node loads a WebAssembly backend that the CPU backend makes needless.
    mock.module('@tensorflow/tfjs-backend-wasm', () => ({}));
    const faceApi: FaceApi = createRequire(import.meta.url)(
      '@vladmandic/face-api/dist/face-api.node-wasm.js',
    );
    const [json, weights] = await sourceFiles('dlib-resnet');
    const manifest = JSON.parse(new TextDecoder().decode(json));
    const specs = manifest.flatMap((group: { weights: unknown[] }) => group.weights);
    const net = new faceApi.FaceRecognitionNet();
    net.loadFromWeightMap(tf.io.decodeWeights(
      weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length) as ArrayBuffer,
      specs,
    ));
    const input = randomInput('dlib-resnet');
    const picture = tf.tensor(input.data, [...input.shape]);
    const reference = net.forwardInput(new faceApi.NetInput([picture])).dataSync();
    const { descriptor } = await runConverted('dlib-resnet', input);
    expectAgreement(descriptor.data, reference, DLIB_TOLERANCE);
  }, TIMEOUT_MS);
});

describe('a batch', () => {
  for (const id of ['facemesh', 'iris', 'dlib-resnet', 'faceres'] as const) {
    test(`of two gives ${id} the results of each`, async () => {
      const pictures = [randomInput(id, 1), randomInput(id, 2)];
      const shape = [2, ...pictures[0].shape.slice(1)];
      const both = Float32Array.from([...pictures[0].data, ...pictures[1].data]);
      const together = await runConverted(id, { data: both, shape });
      for (const [i, picture] of pictures.entries()) {
        for (const [name, { data }] of Object.entries(await runConverted(id, picture))) {
          const half = together[name].data.subarray(i * data.length, (i + 1) * data.length);
          expect(difference(half, data).most).toBeLessThan(1e-4);
        }
      }
    });
  }
});

function expectAgreement(
  found: ArrayLike<number>,
  reference: ArrayLike<number>,
  tolerance: number,
): void {
  const { most, scale } = difference(found, reference);
  // An output near zero would agree with anything.
  expect(scale).toBeGreaterThan(tolerance * 100);
  expect(most).toBeLessThan(tolerance);
}
