/** The conversion of MiniFASNet state dicts, against the ONNX files that others made of the same weights. */
import { expect, test } from 'bun:test';
import '../../server/core/native/libraries.ts';
import * as ort from 'onnxruntime-node';
import { decodePicture } from '../../biometrics/image/mod.ts';
import { sampleCrop } from '../../biometrics/align/sample.ts';
import { sceneBox } from '../../biometrics/align/scene-box.ts';
import { Pyramid } from '../../biometrics/align/pyramid.ts';
import { emitOnnx } from '../../models/convert/emit/mod.ts';
import { readMiniFasNet } from '../../models/convert/minifasnet.ts';
import { readStoredZip } from '../../models/convert/torch/zip.ts';
import { KNOWN_FILES } from '../../models/optional/known-files.ts';
import { optionalNetwork } from '../../models/optional/networks.ts';
import { describeWithData, sharedPath } from '../support/shared-data.ts';
import { mutations, survives } from './support/mutations.ts';
import { difference } from './support/networks.ts';
import { expectRefusal } from './support/refusal.ts';
import { torchArchive, zip } from './support/torch-archive.ts';

const SAMPLES = ['image_T1', 'image_F1', 'image_F2'];
/** Where the face is in all three samples, roughly. */
const FACE = { left: 250, top: 250, right: 450, bottom: 500 };

test('a state dict of another network is refused by what it lacks', () =>
  expectRefusal(
    () => readMiniFasNet('net', torchArchive({ 'conv.weight': { shape: [1], values: [1] } })),
    'CONVERSION_UNSUPPORTED',
    /net: weight stem\.conv\.weight is missing/,
  ));

describeWithData('MiniFASNet', [
  'models/MiniFASNetV2.pth',
  'models/MiniFASNetV1SE.pth',
  'models/MiniFASNetV2.onnx',
  'models/MiniFASNetV1SE.onnx',
  'faces/pad-samples',
], () => {
  const read = (name: string) => Bun.file(sharedPath(`models/${name}`)).bytes();

  for (const name of ['MiniFASNetV2', 'MiniFASNetV1SE']) {
    test(`${name} gives the numbers of its ONNX twin on real crops`, async () => {
      const options = { intraOpNumThreads: 1 };
      const ours = await ort.InferenceSession.create(
        emitOnnx(readMiniFasNet(name, await read(`${name}.pth`)), { batch: 1 }),
        options,
      );
      const theirs = await ort.InferenceSession.create(await read(`${name}.onnx`), options);
      let most = 0, largest = 0;
      for (const sample of SAMPLES) {
        const picture = await decodePicture(
          await Bun.file(sharedPath(`faces/pad-samples/${sample}.jpg`)).bytes(),
          { maxSide: 1280 },
        );
        const answers = await Promise.all(['torch', 'onnx'].map(async (form) => {
          const known = KNOWN_FILES.find((file) =>
            file.name.startsWith(name) && file.form === form
          )!;
          const { input, crop } = optionalNetwork(known);
          if (crop.kind !== 'scene-box') throw new Error('another crop');
          const data = new Float32Array(80 * 80 * 3);
          const m = sceneBox(FACE, crop.scale, picture, input);
          sampleCrop(new Pyramid(picture), m, input, data);
          const shape = form === 'torch' ? [1, 80, 80, 3] : [1, 3, 80, 80];
          const session = form === 'torch' ? ours : theirs;
          const result = await session.run({ input: new ort.Tensor('float32', data, shape) });
          return result[form === 'torch' ? 'scores' : 'output'].data as Float32Array;
        }));
        const { most: apart, scale } = difference(answers[0], answers[1]);
        most = Math.max(most, apart);
        largest = Math.max(largest, scale);
      }
      expect(largest).toBeGreaterThan(2);
      // The cards state what was measured: 3.8e-6 and 2.4e-6.
      expect(most).toBeLessThan(8e-6);
    });
  }

  test('weights of no known place are refused, and a network without some of its own', async () => {
    const entries = readStoredZip('net', await read('MiniFASNetV2.pth'));
    const [name] = entries.keys();
    const pickle = Buffer.from(entries.get(name)!).toString('latin1');
    const renamed = (from: string, to: string) =>
      zip([...entries].map(([entry, bytes]) => ({
        name: entry,
        bytes: entry === name ? Buffer.from(pickle.replaceAll(from, to), 'latin1') : bytes,
      })));
    for (
      const [file, message] of [
        [
          renamed('stage2.model.3.', 'stage2.model.9.'),
          /weights of no known place, stage2\.model\.9/,
        ],
        [renamed('stem.bn.bias', 'stem.bn.bins'), /weight stem\.bn\.bias is missing/],
      ] as const
    ) {
      await expectRefusal(() => readMiniFasNet('net', file), 'CONVERSION_UNSUPPORTED', message);
    }
  });

  test('mutated files are read or refused with a typed error', async () => {
    const bytes = await read('MiniFASNetV1SE.pth');
    const attempt = (file: Uint8Array) => readMiniFasNet('net', file);
    await survives(mutations(bytes), attempt, 20);
    await survives(mutations(bytes, 40_000), attempt, 20);
  });
});
