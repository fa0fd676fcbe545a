/** Pictures spoilt for `gatehouse eval quality`: in proportion to the face, however large the picture is. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test';
import '../../server/core/native/libraries.ts';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { similarity } from '../../biometrics/mod.ts';
import { listPictures } from '../../cli/eval/labelled-pictures.ts';
import { measurePictures } from '../../cli/eval/quality-evaluation.ts';
import { packPath } from '../../server/core/model-pack.ts';
import { defaultPack, defaultPipeline, photograph } from '../biometrics/support/engine.ts';

setDefaultTimeout(120_000);

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-spoilt-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Photographs of one made-up person, and what is measured of them. */
async function measuredAt(side: number) {
  const person = join(folder, String(side), 'someone');
  await mkdir(person, { recursive: true });
  for (let i = 0; i < 10; i++) {
    const base = await sharp(photograph([1, 3, 5][i % 3])).resize(1280, 1280, { fit: 'inside' })
      .toBuffer();
    await sharp(base).resize(side, side, { fit: 'inside' }).jpeg({ quality: 95 })
      .toFile(join(person, `${String(i).padStart(2, '0')}.jpg`));
  }
  const init = {
    packPath: await packPath(undefined, () => {}),
    packId: (await defaultPack()).id,
    modelId: (await defaultPipeline()).modelId,
  };
  const io = { stdout: () => {}, stderr: () => {} };
  return await measurePictures(await listPictures(join(folder, String(side))), init, io);
}

test('a picture larger than the networks see is spoilt as much as one of their size', async () => {
  const { modelId } = await defaultPipeline();
  const [small, large] = [await measuredAt(1280), await measuredAt(2560)];
  const inProportion = ['blur', 'low-resolution', 'covered'];
  const compared = small.spoilt.flatMap(({ fault, picture, vector }) => {
    const other = large.spoilt.find((spoilt) => spoilt.picture === picture);
    if (!inProportion.includes(fault) || other === undefined) return [];
    return [{ fault, alike: similarity({ modelId, vector }, { modelId, vector: other.vector }) }];
  });
  expect(compared.length).toBeGreaterThanOrEqual(2);
  for (const { alike } of compared) expect(alike).toBeGreaterThan(0.98);
});
