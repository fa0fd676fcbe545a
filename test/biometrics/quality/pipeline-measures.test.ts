import { expect, test } from 'bun:test';
import { FaceError } from '../../../biometrics/errors.ts';
import { createFaceMeasurer } from '../../../biometrics/quality/measurer.ts';
import { measureInputs, recognitionInputs } from '../../../biometrics/quality/mod.ts';
import { defaultPipeline, photograph } from '../support/engine.ts';
import { fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { qualityInput } from '../support/quality.ts';
import { load } from '../support/pictures.ts';

test('measures are taken when asked for, the template is the same', async () => {
  const pipeline = await defaultPipeline();
  const bytes = await Bun.file(photograph(3)).bytes();
  const plain = await pipeline.analyse(bytes);
  const measured = await pipeline.analyse(bytes, { measure: true });
  expect(plain.measures).toBeUndefined();
  expect(measureInputs(plain)).toEqual({});
  expect(measured.template).toEqual(plain.template);
  expect(measureInputs(measured).faceCount).toBe(plain.faces.length);
  expect(measureInputs(measured).interEyeDistance).toBeGreaterThan(20);
});

test('what the networks say of a face is named after them', async () => {
  const pipeline = await defaultPipeline();
  const inputs = recognitionInputs(await pipeline.analyse(await Bun.file(photograph(3)).bytes()));
  expect(Object.keys(inputs).toSorted()).toEqual([
    'confidence',
    'mirror:dlib-resnet',
    'norm:dlib-resnet',
    'norm:faceres',
    'presence',
  ]);
  expect(inputs.presence).toBeGreaterThan(0.9);
  expect(inputs['mirror:dlib-resnet']).toBeGreaterThan(0.9);
});

test('a pack without the networks of measures says so when they are asked for', async () => {
  const pack = fakePack([networkEntry('mesh', 'mesh')], {});
  const { loader } = fakeLoader(pack, () => ({}));
  const { scene } = await qualityInput(await load(photograph(3)));
  const file = {
    bytes: new Uint8Array(),
    format: 'jpeg',
    sourceWidth: 1,
    sourceHeight: 1,
  } as const;
  const attempt = createFaceMeasurer(pack, loader).measure(scene, file);
  await expect(attempt).rejects.toBeInstanceOf(FaceError);
  await expect(attempt).rejects.toMatchObject({ code: 'PACK_INCOMPLETE' });
});
