/** The quality calibration that the default pack ships. */
import { expect, setDefaultTimeout, test } from 'bun:test';
import { degrade } from '../../../biometrics/evaluate/mod.ts';
import { randomNumbers } from '../../../biometrics/random-numbers.ts';
import { encodePng } from '../../../biometrics/image/mod.ts';
import {
  parseQualityCalibration,
  recognitionInputs,
  unifiedScore,
} from '../../../biometrics/quality/mod.ts';
import { defaultPack, defaultPipeline, photograph } from '../support/engine.ts';

setDefaultTimeout(60_000);

test('is for the embedders of the pack, and scores a spoilt photograph lower', async () => {
  const pack = await defaultPack(), pipeline = await defaultPipeline();
  const calibration = parseQualityCalibration(await pack.read(pack.manifest.calibration.quality!));
  expect(calibration.modelId).toBe(pipeline.modelId);
  expect(calibration.data.name).toContain('LFW');
  const score = async (bytes: Uint8Array) =>
    unifiedScore(calibration.score, recognitionInputs(await pipeline.analyse(bytes)));
  const bytes = await Bun.file(photograph(3)).bytes();
  const { picture, analysis } = await pipeline.inspect(bytes);
  const clean = await score(bytes);
  expect(clean).toBeGreaterThan(60);
  for (const fault of ['noise', 'bright', 'covered'] as const) {
    const bad = await degrade(picture, analysis.faces[0].box, fault, 0.5, randomNumbers(1));
    expect(await score(await encodePng(bad))).toBeLessThan(clean - 5);
  }
});

test('asks for less in VERIFY than in ENROL, and names the source of each limit', async () => {
  const pack = await defaultPack();
  const { gates } = parseQualityCalibration(await pack.read(pack.manifest.calibration.quality!));
  for (const { measure, min } of gates.filter(({ mode }) => mode === 'VERIFY')) {
    const strict = gates.find((gate) => gate.mode === 'ENROL' && gate.measure === measure);
    expect(min!).toBeLessThan(strict!.min!);
  }
  expect(new Set(gates.map(({ finding }) => finding)).size).toBe(5);
});
