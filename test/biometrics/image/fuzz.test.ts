/** Mutated real files: every outcome is a picture of the right shape or a FaceError. */
import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/errors.ts';
import { readJpegHeader, readJpegSize } from '../../../biometrics/image/jpeg-header.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { sharedPath } from '../../support/shared-data.ts';
import { quarters } from './samples.ts';

const RUNS = 150;

async function file(path: string): Promise<Uint8Array> {
  return new Uint8Array(await Bun.file(path).arrayBuffer());
}

const small = quarters(64, 48);
const seeds: Record<string, Uint8Array> = {
  'baseline JPEG': new Uint8Array(
    await small.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  ),
  'progressive JPEG': new Uint8Array(await small.clone().jpeg({ progressive: true }).toBuffer()),
  'PNG': new Uint8Array(await small.clone().withIccProfile('p3').png().toBuffer()),
  'lossy WebP': new Uint8Array(await small.clone().webp().toBuffer()),
  'lossless WebP': new Uint8Array(
    await small.clone().ensureAlpha().webp({ lossless: true }).toBuffer(),
  ),
  'JP2': await file(`${import.meta.dir}/vectors/rgb.jp2`),
  'JPEG 2000 codestream': await file(`${import.meta.dir}/vectors/rgb.j2k`),
  'sub-sampled JP2': await file(`${import.meta.dir}/vectors/ycc420.jp2`),
};
for (
  const path of [
    'emrtd/dg/silver-face.jp2',
    'faces/pad-samples/image_T1.jpg',
  ]
) {
  if (existsSync(sharedPath(path))) seeds[`../shared/data/${path}`] = await file(sharedPath(path));
}

interface Mutation {
  edits: { at: number; value: number }[];
  keep: number;
}

/** Bytes overwritten, mostly near the front where the structure is, then cut or extended. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  edits: fc.array(
    fc.record({
      at: fc.oneof(fc.nat(300), fc.nat(1 << 20)),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  keep: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
});

function mutate(seed: Uint8Array, { edits, keep }: Mutation): Uint8Array {
  const bytes = seed.slice(0, Math.ceil(seed.length * keep));
  for (const { at, value } of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
  return bytes;
}

async function expectPictureOrFaceError(bytes: Uint8Array): Promise<void> {
  try {
    const picture = await decodePicture(bytes, { maxPixels: 4_000_000 });
    expect(picture.data.length).toBe(picture.width * picture.height * 3);
  } catch (error) {
    if (!(error instanceof FaceError)) throw error;
    expect(error.code).toStartWith('IMAGE_');
  }
}

describe('decodePicture of mutated files', () => {
  for (const [name, seed] of Object.entries(seeds)) {
    test(name, async () => {
      await fc.assert(
        fc.asyncProperty(mutation, (change) => expectPictureOrFaceError(mutate(seed, change))),
        { numRuns: seed.length > 10_000 ? RUNS / 3 : RUNS },
      );
      expect((await decodePicture(seed)).data.length).toBeGreaterThan(0);
    }, 60_000);
  }

  test('any bytes behind any magic', async () => {
    const heads = Object.values(seeds).map((seed) => seed.slice(0, 12));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 400 }),
        (head, tail) => {
          const bytes = new Uint8Array(head.length + tail.length);
          bytes.set(head);
          bytes.set(tail, head.length);
          return expectPictureOrFaceError(bytes);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the size of a mutated JPEG', () => {
  for (const name of ['baseline JPEG', 'progressive JPEG']) {
    test(`${name}: that of the whole header, or a refusal`, () => {
      const ask = <T>(read: () => T): T | string => {
        try {
          return read();
        } catch (error) {
          if (!(error instanceof FaceError)) throw error;
          return error.code;
        }
      };
      fc.assert(
        fc.property(mutation, (change) => {
          const bytes = mutate(seeds[name], change);
          const whole = ask(() => readJpegHeader(bytes)), size = ask(() => readJpegSize(bytes));
          if (typeof whole === 'object') expect(size).toEqual(whole);
          else if (typeof size === 'string') expect(size).toStartWith('IMAGE_');
        }),
        { numRuns: 10 * RUNS },
      );
    });
  }
});
