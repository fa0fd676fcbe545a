/** Readers of manifests, ONNX, TFLite and TensorFlow.js files answer every input with a typed error. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readTfjsGraph } from '../../models/convert/tfjs/graph.ts';
import { readTfjsWeights } from '../../models/convert/tfjs/weights.ts';
import { readTfliteGraph } from '../../models/convert/tflite/graph.ts';
import { SOURCE_OUTPUTS } from '../../models/default/convert.ts';
import { parseManifest } from '../../models/manifest-reader.ts';
import { readOnnxSignature } from '../../models/onnx-reader.ts';
import { mutations, survives } from './support/mutations.ts';
import { convert, sourceFiles } from './support/networks.ts';
import { expectRefusal } from './support/refusal.ts';
import { manifestBytes, tinyOnnx, tinyPack } from './support/tiny-pack.ts';

describe('mutated files are read or refused with a typed error', () => {
  test('manifest', () => survives(mutations(manifestBytes(tinyPack())), parseManifest, 500));

  test('manifest, from any JSON', () =>
    survives(
      fc.json().map((text) => new TextEncoder().encode(text)),
      parseManifest,
      300,
    ));

  test('ONNX', async () => {
    const read = (bytes: Uint8Array) => readOnnxSignature('fuzzed', bytes);
    await survives(mutations(tinyOnnx({ a: ['N', 2], b: [3] })), read, 1000);
    await survives(fc.uint8Array({ maxLength: 200 }), read, 500);
  });

  test('TFLite', async () => {
    const [file] = await sourceFiles('selfie-segmentation');
    const read = (bytes: Uint8Array) =>
      readTfliteGraph('fuzzed', bytes, SOURCE_OUTPUTS['selfie-segmentation']);
    await survives(mutations(file), read, 60);
    // The tables lie around the weights; most of them in the last 40 kB.
    const tail = file.length - 40_000;
    const inTables = mutations(file.subarray(tail)).map((end) =>
      Uint8Array.from([...file.subarray(0, tail), ...end])
    );
    await survives(inTables, read, 120);
    await survives(fc.uint8Array({ maxLength: 300 }), read, 300);
  });

  test('TensorFlow.js graph model', async () => {
    const [json, weights] = await sourceFiles('blazeface');
    const read = (bytes: Uint8Array) =>
      readTfjsGraph('fuzzed', bytes, weights, SOURCE_OUTPUTS.blazeface);
    await survives(mutations(json), read, 60);
  });
});

describe('hostile claims', () => {
  test('a TFLite vector of four billion items is refused without reading it', async () => {
    const [file] = await sourceFiles('selfie-segmentation');
    const copy = file.slice();
    const view = new DataView(copy.buffer);
    const root = view.getUint32(0, true);
    const vtable = root - view.getInt32(root, true);
    const subgraphs = root + view.getUint16(vtable + 4 + 2 * 2, true);
    view.setUint32(subgraphs + view.getUint32(subgraphs, true), 0xffffffff, true);
    await expectRefusal(
      () => readTfliteGraph('hostile', copy, {}),
      'CONVERSION_UNSUPPORTED',
      /claims 4294967295 items/,
    );
  });

  test('weights larger than their file are refused', async () => {
    const manifest = [{
      paths: [],
      weights: [{ name: 'w', shape: [4096, 4096], dtype: 'float32' }],
    }];
    await expectRefusal(
      () => readTfjsWeights('hostile', manifest, new Uint8Array(8)),
      'CONVERSION_UNSUPPORTED',
      /w needs 67108864 bytes, 8 are left/,
    );
    const small = [{ paths: [], weights: [{ name: 'w', shape: [1], dtype: 'float32' }] }];
    await expectRefusal(
      () => readTfjsWeights('hostile', small, new Uint8Array(8)),
      'CONVERSION_UNSUPPORTED',
      /4 bytes left over/,
    );
  });

  test('a graph model that depends on itself is refused', async () => {
    const node = (name: string, op: string, input: string[] = [], attr = {}) => ({
      name,
      op,
      input,
      attr,
    });
    const dim = [1, 8, 8, 3].map((size) => ({ size }));
    const model = {
      format: 'graph-model',
      modelTopology: {
        node: [
          node('x', 'Placeholder', [], { shape: { shape: { dim } } }),
          node('a', 'Relu', ['b']),
          node('b', 'Relu', ['a']),
        ],
      },
      weightsManifest: [],
    };
    const json = new TextEncoder().encode(JSON.stringify(model));
    const read = (output: string) => () =>
      readTfjsGraph('hostile', json, new Uint8Array(), { [output]: 'out' });
    await expectRefusal(read('a'), 'CONVERSION_UNSUPPORTED', /depends on itself/);
    await expectRefusal(read('c'), 'CONVERSION_UNSUPPORTED', /no node c/);
  });

  test('an ONNX file that keeps weights in another file is refused', async () => {
    // graph { initializer { name: "w", data_location: EXTERNAL } }
    const initializer = [0x42, 1, 0x77, 0x70, 1];
    const graph = [0x2a, initializer.length, ...initializer];
    const model = Uint8Array.from([0x3a, graph.length, ...graph]);
    await expectRefusal(
      () => readOnnxSignature('hostile', model),
      'PACK_MALFORMED',
      /weights outside the file/,
    );
  });
});

test('the ONNX reader finds what the converter wrote', async () => {
  expect(readOnnxSignature('iris', await convert('iris'))).toEqual({
    inputs: [{ name: 'input', shape: [undefined, 64, 64, 3] }],
    outputs: [{ name: 'points', shape: [undefined, 1, 1, 228] }],
  });
});
