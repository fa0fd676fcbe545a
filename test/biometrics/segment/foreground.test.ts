import { describe, expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { foregroundAt, segmentForeground } from '../../../biometrics/segment/foreground.ts';
import { defaultPack, photograph } from '../support/engine.ts';
import { fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { gradient } from '../support/pictures.ts';

describe('foreground', () => {
  test('holds the faces of a photograph and not its upper corners', async () => {
    const network = await createOnnxLoader(await defaultPack()).load('selfie-segmentation');
    const picture = await decodePicture(await Bun.file(photograph(1)).bytes());
    const mask = await segmentForeground(network, new Pyramid(picture));
    expect(foregroundAt(mask, 500, 470)).toBeGreaterThan(0.9);
    expect(foregroundAt(mask, 5, 5)).toBeLessThan(0.1);
    expect(foregroundAt(mask, picture.width - 5, 5)).toBeLessThan(0.1);
  });

  test('is read at picture positions: letterboxed, smooth in between, level beyond the edges', async () => {
    const pack = fakePack([networkEntry('s', 'segmentation', { outputs: { mask: 'mask' } })]);
    const data = Float32Array.from({ length: 64 }, (_, i) => i % 8 / 7);
    const { loader } = fakeLoader(pack, () => ({ mask: data }));
    const mask = await segmentForeground(await loader.load('s'), new Pyramid(gradient(16, 8)));
    // 16 picture pixels over 8 mask pixels: mask column u is at picture x = 2u + 0.5
    expect(foregroundAt(mask, 0.5, 4)).toBeCloseTo(0, 6);
    expect(foregroundAt(mask, 14.5, 4)).toBeCloseTo(1, 6);
    expect(foregroundAt(mask, 7.5, 4)).toBeCloseTo(0.5, 6);
    expect(foregroundAt(mask, -50, -50)).toBeCloseTo(0, 6);
    expect(foregroundAt(mask, 1e6, 1e6)).toBeCloseTo(1, 6);
  });

  test('needs a network that sees the whole picture', async () => {
    const pack = fakePack([networkEntry('s', 'segmentation', { crop: { kind: 'eye', scale: 2 } })]);
    const { loader } = fakeLoader(pack, () => ({}));
    const network = await loader.load('s');
    expect(segmentForeground(network, new Pyramid(gradient(8, 8)))).rejects
      .toMatchObject({ code: 'PACK_INCOMPLETE' });
  });
});
