import { describe, expect, test } from 'bun:test';
import type { Network } from '../../../models/mod.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { createTemplateMaker } from '../../../biometrics/embed/embedder.ts';
import { similarity } from '../../../biometrics/match/similarity.ts';
import { type Call, fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { head, roll } from '../support/head.ts';
import { noise } from '../support/pictures.ts';

const crop = { kind: 'mesh-box', scale: 1.2, shiftY: 0 } as const;
const outputs = { embedding: 'vector' };
const one = networkEntry('one', 'embedder', {
  crop,
  outputs,
  embedding: { size: 4, mirror: true, weight: 0.7 },
});
const two = networkEntry('two', 'embedder', {
  crop: { ...crop, scale: 2 },
  outputs,
  embedding: { size: 3, mirror: false, weight: 0.3 },
});
const picture = new Pyramid(noise(200, 200, 9));
const other = new Pyramid(noise(200, 200, 10));

/** A "network" whose vector depends on every pixel and its place. */
function vectorsOf({ data, batch }: Call, size: number): Float32Array {
  const length = data.length / batch;
  return Float32Array.from({ length: batch * size }, (_, k) => {
    const view = Math.floor(k / size), component = k % size;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum += (data[view * length + i] - 128) * Math.sin((component + 1) * (i + 1));
    }
    return sum;
  });
}

function makerOf(networks: readonly Network[], files: Record<string, Uint8Array> = {}) {
  const pack = fakePack(networks, files);
  const size = (id: string) => networks.find((network) => network.id === id)!.embedding!.size;
  const { loader, calls } = fakeLoader(
    pack,
    (call) => ({ embedding: vectorsOf(call, size(call.id)) }),
  );
  return { maker: createTemplateMaker(pack, loader), calls };
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const norm = (vector: Float32Array) => Math.hypot(...vector);

describe('template', () => {
  test('is a unit vector of the parts, each as long as the root of its weight', async () => {
    const maker = await makerOf([one, two]).maker;
    const { vector, modelId } = await maker.make(picture, head());
    expect(modelId).toMatch(/^[0-9a-f]{16}$/);
    expect(norm(vector)).toBeCloseTo(1, 6);
    expect(maker.parts).toEqual([
      { id: 'one', offset: 0, size: 4, weight: 0.7 },
      { id: 'two', offset: 4, size: 3, weight: 0.3 },
    ]);
    expect(norm(vector.subarray(0, 4))).toBeCloseTo(Math.sqrt(0.7), 6);
    expect(norm(vector.subarray(4))).toBeCloseTo(Math.sqrt(0.3), 6);
  });

  test('has as dot product the weighted mean of the cosines of the embedders', async () => {
    const fused = await makerOf([one, two]).maker;
    const alone = await Promise.all(
      [one, two].map((network) =>
        makerOf([{ ...network, embedding: { ...network.embedding!, weight: 1 } }]).maker
      ),
    );
    const cosines: number[] = [];
    for (const maker of alone) {
      cosines.push(similarity(await maker.make(picture, head()), await maker.make(other, head())));
    }
    const together = similarity(await fused.make(picture, head()), await fused.make(other, head()));
    expect(together).toBeCloseTo(0.7 * cosines[0] + 0.3 * cosines[1], 5);
    expect(Math.abs(cosines[0] - cosines[1])).toBeGreaterThan(1e-3);
  });

  test('is the same for a turned head in a picture turned with it', async () => {
    const alone = { ...two, embedding: { ...two.embedding!, weight: 1 } };
    const plain = await makerOf([alone]).maker;
    // A power of two, so that every level of the pyramid turns with the picture.
    const square = new Pyramid(noise(256, 256, 11));
    const { width, height, data } = square.picture;
    const turned = new Uint8Array(data.length);
    // A quarter clockwise around the middle, which is where the head is.
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        turned.set(
          data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
          (x * width + height - 1 - y) * 3,
        );
      }
    }
    const middle = (width - 1) / 2;
    const sideways = await plain.make(
      new Pyramid({ width, height, data: turned }),
      head([roll(90)], middle, middle),
    );
    const upright = await plain.make(square, head([], middle, middle));
    expect(similarity(upright, sideways)).toBeGreaterThan(0.999);
    const untold = await plain.make(
      new Pyramid({ width, height, data: turned }),
      head([], middle, middle),
    );
    expect(similarity(upright, untold)).toBeLessThan(0.999);
  });
});

describe('mirrored views', () => {
  test('go into one run of two, the second the mirror image of the first', async () => {
    const { maker, calls } = makerOf([one]);
    await (await maker).make(picture, head());
    expect(calls.map(({ batch }) => batch)).toEqual([2]);
    const { data } = calls[0];
    const pixel = (
      view: number,
      u: number,
      v: number,
    ) => [...data.subarray(view * 192 + (v * 8 + u) * 3, view * 192 + (v * 8 + u) * 3 + 3)];
    for (const [u, v] of [[0, 0], [3, 2], [7, 7]]) {
      expect(pixel(1, 7 - u, v)).toEqual(pixel(0, u, v));
    }
  });

  test('are run one by one where the network takes one crop a run, with the same template', async () => {
    const single = { ...one, input: { ...one.input, batch: 1 as const } };
    const { maker, calls } = makerOf([single]);
    const { vector } = await (await maker).make(picture, head());
    expect(calls.map(({ batch }) => batch)).toEqual([1, 1]);
    expect(calls[0].data).not.toEqual(calls[1].data);
    const together = await (await makerOf([one]).maker).make(picture, head());
    expect(vector).toEqual(together.vector);
  });
});

describe('signals', () => {
  test('give the mean length of the raw vectors and the cosine of face and mirror image', async () => {
    const raw = [3, 4, 0, 0, 0, 0, 0, 5];
    const pack = fakePack([one], {});
    const { loader } = fakeLoader(pack, () => ({ embedding: Float32Array.from(raw) }));
    const { embedders } = await (await createTemplateMaker(pack, loader)).make(picture, head());
    expect(embedders).toEqual([{ id: 'one', norm: 5, mirrorAgreement: 0 }]);
  });

  test('know no agreement where there is one view', async () => {
    const { embedders } = await (await makerOf([two]).maker).make(picture, head());
    expect(embedders.map(({ mirrorAgreement }) => mirrorAgreement)).toEqual([undefined]);
    expect(embedders[0].norm).toBeGreaterThan(0);
  });
});

describe('mean and projection', () => {
  const flat = { ...networkEntry('two', 'embedder', { crop, outputs }), file: 'two.onnx' };
  const embedding = { size: 2, mirror: false, weight: 1 };
  async function vectorOf(
    spec: Network['embedding'],
    files: Record<string, Uint8Array>,
    raw: number[],
  ) {
    const pack = fakePack([{ ...flat, embedding: spec }], files);
    const { loader } = fakeLoader(pack, () => ({ embedding: Float32Array.from(raw) }));
    return (await (await createTemplateMaker(pack, loader)).make(picture, head())).vector;
  }

  test('the mean is taken from the unit vector, and what is left has unit length again', async () => {
    const files = { 'mean.bin': floats(0.6, 0) };
    const vector = await vectorOf({ ...embedding, mean: 'mean.bin' }, files, [30, 40]);
    expect(vector[0]).toBeCloseTo(0, 6);
    expect(vector[1]).toBeCloseTo(1, 6);
  });

  test('the projection comes after the mean and sets the length of the template', async () => {
    const files = { 'mean.bin': floats(0.6, 0), 'rows.bin': floats(1, 0, 0, 3, 5, 4) };
    const spec = { ...embedding, mean: 'mean.bin', projection: 'rows.bin', projectedSize: 3 };
    const vector = await vectorOf(spec, files, [30, 40]);
    // (0, 0.8) -> (0, 2.4, 3.2) -> (0, 0.6, 0.8)
    [0, 0.6, 0.8].forEach((value, i) => expect(vector[i]).toBeCloseTo(value, 6));
    expect(vector.length).toBe(3);
  });

  test('refuses a file of the wrong length by name', async () => {
    const attempt = vectorOf({ ...embedding, mean: 'mean.bin' }, { 'mean.bin': floats(1) }, [1, 1]);
    await expect(attempt).rejects.toMatchObject({
      code: 'PACK_INCOMPLETE',
      message: 'mean.bin: 4 bytes, expected 8',
    });
  });

  test.each([['zeros', [0, 0]], ['no numbers', [NaN, 1]], ['infinity', [Infinity, 1]]])(
    'makes no template of a vector of %s',
    async (_, raw) => {
      await expect(vectorOf(embedding, {}, raw)).rejects.toMatchObject({
        code: 'TEMPLATE_INVALID',
        message: 'template: a network gave a vector without direction',
      });
    },
  );
});

describe('modelId', () => {
  const idOf = async (networks: readonly Network[], files?: Record<string, Uint8Array>) =>
    (await makerOf(networks, files).maker).modelId;

  test('stays the same for the same embedders, whatever else the pack holds', async () => {
    const detector = networkEntry('finder', 'detector');
    expect(await idOf([one, two])).toBe(await idOf([detector, one, two]));
    const renamed = { ...one, title: 'another title', card: 'another.md' };
    expect(await idOf([renamed, two])).toBe(await idOf([one, two]));
  });

  test('changes with anything that shapes a template', async () => {
    const mean = { ...two, embedding: { ...two.embedding!, mean: 'mean.bin' } };
    const ids = [
      await idOf([one, two]),
      await idOf([two, one]),
      await idOf([one]),
      await idOf([one, two], { 'one.onnx': floats(1) }),
      await idOf([one, { ...two, crop: { ...crop, scale: 2.1 } }]),
      await idOf([one, { ...two, input: { ...two.input, mean: [1, 0, 0] } }]),
      await idOf([one, { ...two, input: { ...two.input, channels: 'BGR' } }]),
      await idOf([one, { ...two, embedding: { ...two.embedding!, weight: 0.31 } }]),
      await idOf([{ ...one, embedding: { ...one.embedding!, mirror: false } }, two]),
      await idOf([one, mean], { 'mean.bin': floats(0, 0, 0) }),
      await idOf([one, mean], { 'mean.bin': floats(0, 0, 1) }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a pack without embedder is refused', async () => {
    await expect(makerOf([networkEntry('finder', 'detector')]).maker).rejects.toMatchObject({
      code: 'PACK_INCOMPLETE',
      message: 'model pack: no embedder',
    });
  });
});
