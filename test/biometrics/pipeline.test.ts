import { describe, expect, test } from 'bun:test';
import '../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { drawAnalysis } from '../../biometrics/draw.ts';
import { decodeTemplate, encodeTemplate } from '../../biometrics/formats/mod.ts';
import { encodePng } from '../../biometrics/image/mod.ts';
import { createFacePipeline, headPose, similarity } from '../../biometrics/mod.ts';
import { defaultPack, defaultPipeline, photograph } from './support/engine.ts';
import { fakeLoader, fakePack, networkEntry } from './support/fake-pack.ts';
import { head } from './support/head.ts';
import { gradient, noise } from './support/pictures.ts';
import type { NetworkResult } from '../../biometrics/runtime/network.ts';

/** One person each, cut out of the photographs. */
const PEOPLE = {
  a: { photo: 1, left: 300, top: 230, width: 430, height: 480 },
  b: { photo: 3, left: 0, top: 0, width: 1280, height: 900 },
};

async function person({ photo, ...region }: typeof PEOPLE.a): Promise<Uint8Array> {
  return new Uint8Array(await sharp(photograph(photo)).extract(region).jpeg().toBuffer());
}

async function poseOf(bytes: Uint8Array) {
  const analysis = await (await defaultPipeline()).analyse(bytes);
  return headPose(analysis.mesh, analysis);
}

describe('analysis', () => {
  test('finds the faces of a photograph and describes the most prominent one', async () => {
    const pipeline = await defaultPipeline();
    const { picture, analysis } = await pipeline.inspect(await Bun.file(photograph(1)).bytes());
    expect([analysis.width, analysis.height]).toEqual([picture.width, picture.height]);
    expect(analysis.faces.length).toBe(3);
    for (const { box, confidence, keyPoints } of analysis.faces) {
      expect(box.right - box.left).toBeGreaterThan(50);
      expect(confidence).toBeGreaterThanOrEqual(0.5);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(keyPoints.length).toBe(12);
    }
    const { box } = analysis.faces[0];
    const side = box.right - box.left;
    expect(analysis.mesh.length).toBe(468 * 3);
    for (let i = 0; i < analysis.mesh.length; i += 3) {
      expect(Math.abs(analysis.mesh[i] - (box.left + box.right) / 2)).toBeLessThan(side);
      expect(Math.abs(analysis.mesh[i + 1] - (box.top + box.bottom) / 2)).toBeLessThan(side);
    }
    // The mesh's eyes are where the detector saw them.
    const [rightX, rightY, leftX, leftY] = analysis.faces[0].keyPoints;
    const eye = (outer: number, inner: number, axis: number) =>
      (analysis.mesh[3 * outer + axis] + analysis.mesh[3 * inner + axis]) / 2;
    const distance = Math.hypot(leftX - rightX, leftY - rightY);
    expect(Math.hypot(eye(33, 133, 0) - rightX, eye(33, 133, 1) - rightY)).toBeLessThan(
      distance / 4,
    );
    expect(Math.hypot(eye(263, 362, 0) - leftX, eye(263, 362, 1) - leftY)).toBeLessThan(
      distance / 4,
    );
    expect(analysis.template.modelId).toBe(pipeline.modelId);
    expect(Math.hypot(...analysis.template.vector)).toBeCloseTo(1, 5);
    for (const ms of Object.values(analysis.timingsMs)) expect(ms).toBeGreaterThanOrEqual(0);
    const { yaw, pitch, roll } = headPose(analysis.mesh, analysis);
    for (const angle of [yaw, pitch, roll]) expect(Math.abs(angle)).toBeLessThan(45);
  });

  test('says the same of the same picture every time, whatever it saw in between', async () => {
    const pipeline = await defaultPipeline();
    const bytes = await person(PEOPLE.a);
    const first = await pipeline.analyse(bytes);
    await pipeline.analyse(await person(PEOPLE.b));
    const second = await pipeline.analyse(bytes);
    expect(second.template).toEqual(first.template);
    expect(second.mesh).toEqual(first.mesh);
    expect(second.faces).toEqual(first.faces);
    expect(similarity(first.template, second.template)).toBeCloseTo(1, 5);
  });

  test('turns pose and mesh with the picture', async () => {
    const bytes = await person(PEOPLE.a);
    const pose = await poseOf(bytes);
    const tilted = await sharp(bytes).rotate(20, { background: '#808080' }).jpeg().toBuffer();
    const tiltedPose = await poseOf(new Uint8Array(tilted));
    expect(tiltedPose.roll - pose.roll).toBeGreaterThan(14);
    expect(tiltedPose.roll - pose.roll).toBeLessThan(26);
    const mirrored = await sharp(bytes).flop().jpeg().toBuffer();
    const mirroredPose = await poseOf(new Uint8Array(mirrored));
    expect(Math.abs(mirroredPose.yaw + pose.yaw)).toBeLessThan(10);
    expect(Math.sign(mirroredPose.yaw)).toBe(-Math.sign(pose.yaw));
    expect(Math.abs(mirroredPose.roll + pose.roll)).toBeLessThan(4);
  });

  test('keeps similarities within 0.001 through the template file', async () => {
    const pipeline = await defaultPipeline();
    const [a, b] = [
      (await pipeline.analyse(await person(PEOPLE.a))).template,
      (await pipeline.analyse(await person(PEOPLE.b))).template,
    ];
    const stored = [a, b].map((template) => decodeTemplate(encodeTemplate(template)));
    for (const [x, y, p, q] of [[a, b, stored[0], stored[1]], [a, a, a, stored[0]]]) {
      expect(Math.abs(similarity(p, q) - similarity(x, y))).toBeLessThan(0.001);
    }
  });
});

describe('what cannot be analysed', () => {
  const refusal = async (bytes: Uint8Array) => {
    const pipeline = await defaultPipeline();
    return await pipeline.analyse(bytes).then(() => undefined, (error) => error);
  };

  test('pictures without a face are told as such', async () => {
    // The detector alone sees faces in some of this noise.
    const noises = [1, 2, 4, 6, 15, 19, 48].map((seed) => noise(40 + 5 * seed, 200, seed));
    for (const picture of [...noises, noise(200, 200, 4), gradient(500, 400), gradient(64, 64)]) {
      const error = await refusal(await encodePng(picture));
      expect(error).toMatchObject({
        name: 'FaceError',
        code: 'NO_FACE',
        message: 'No face detected',
      });
    }
  });

  test('what is no sound picture never reaches a network', async () => {
    const pack = await defaultPack();
    const pipeline = await createFacePipeline(pack, {
      load: async (id) => ({
        spec: pack.manifest.networks.find((network) => network.id === id)!,
        run: () => {
          throw new Error('a network was run');
        },
      }),
    });
    const photo = await person(PEOPLE.a);
    const png = await encodePng(noise(40, 40, 3));
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(), 'IMAGE_EMPTY'],
      [new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'IMAGE_UNSUPPORTED'],
      [photo.slice(0, photo.length / 2), 'IMAGE_UNDECODABLE'],
      [photo.slice(0, 40), 'IMAGE_UNDECODABLE'],
      [png.slice(0, png.length - 30), 'IMAGE_UNDECODABLE'],
      [new Uint8Array(20_000_001), 'IMAGE_TOO_LARGE'],
    ];
    for (const [bytes, code] of cases) {
      await expect(pipeline.analyse(bytes)).rejects.toMatchObject({ name: 'FaceError', code });
    }
    // The positive control: a sound picture does reach them.
    await expect(pipeline.analyse(photo)).rejects.toThrow('a network was run');
  });

  test('detections that the mesh does not confirm are no faces', async () => {
    const finder = networkEntry('finder', 'detector', {
      outputs: { scores: 'scores', boxes: 'boxes' },
      decode: {
        kind: 'anchors',
        layers: [{ stride: 4, perCell: 1 }],
        scores: ['scores'],
        boxes: ['boxes'],
        keyPoints: 0,
        minScore: 0.5,
        maxOverlap: 0.3,
      },
    });
    const mesh = networkEntry('points', 'mesh', { crop: { kind: 'box', scale: 1, level: false } });
    const embedder = networkEntry('vector', 'embedder', {
      crop: { kind: 'mesh-box', scale: 1, shiftY: 0 },
      embedding: { size: 2, mirror: false, weight: 1 },
    });
    const pack = fakePack([finder, mesh, embedder]);
    const picture = await encodePng(gradient(80, 80));
    /** Four detections, in each quarter one; the mesh confirms with these probabilities in turn. */
    const analysis = async (presences: readonly number[]) => {
      let seen = 0;
      const { loader } = fakeLoader(pack, ({ id }): NetworkResult => {
        if (id === 'finder') {
          const boxes = new Float32Array(16);
          for (let i = 0; i < 4; i++) boxes.set([0, 0, 3 - i / 2, 3 - i / 2], 4 * i);
          return { scores: Float32Array.of(2, 2, 2, 2), boxes };
        }
        if (id === 'vector') return { embedding: Float32Array.of(3, 4) };
        return { points: head([], 4, 4, 2), presence: Float32Array.of(presences[seen++]) };
      });
      return await (await createFacePipeline(pack, loader)).analyse(picture);
    };
    const all = await analysis([0.9, 0.1, 0.7, 1]);
    expect(all.faces.length).toBe(4);
    const { faces, mesh: points } = await analysis([0.09, 0.9, NaN, 0.8]);
    expect(faces).toEqual([all.faces[1], all.faces[3]]);
    const { box } = faces[0];
    expect(points[3 * 152]).toBeGreaterThan(box.left);
    expect(points[3 * 152]).toBeLessThan(box.right);
    await expect(analysis([0, 0.02, 0.07, 0.01])).rejects.toMatchObject({ code: 'NO_FACE' });
  });

  test('a pack that lacks a task of the pipeline is refused by its name', async () => {
    const finder = networkEntry('finder', 'detector', {
      outputs: { scores: 's', boxes: 'b' },
      decode: {
        kind: 'anchors',
        layers: [{ stride: 8, perCell: 1 }],
        scores: ['s'],
        boxes: ['b'],
        keyPoints: 6,
        minScore: 0.5,
        maxOverlap: 0.3,
      },
    });
    const mesh = networkEntry('points', 'mesh');
    for (
      const [networks, task] of [[[], 'detector'], [[finder], 'mesh'], [
        [finder, mesh],
        'embedder',
      ]] as const
    ) {
      const pack = fakePack(networks);
      const { loader } = fakeLoader(pack, () => ({}));
      await expect(createFacePipeline(pack, loader)).rejects.toMatchObject({
        code: 'PACK_INCOMPLETE',
        message: `model pack: no ${task}`,
      });
    }
  });
});

describe('drawing', () => {
  test('marks faces in a copy and leaves the rest of the picture as it was', async () => {
    const pipeline = await defaultPipeline();
    const { picture, analysis } = await pipeline.inspect(await Bun.file(photograph(1)).bytes());
    const before = picture.data.slice();
    const drawn = drawAnalysis(picture, analysis);
    expect(picture.data).toEqual(before);
    expect([drawn.width, drawn.height]).toEqual([picture.width, picture.height]);
    const at = (x: number, y: number) => {
      const start = (Math.round(y) * drawn.width + Math.round(x)) * 3;
      return [...drawn.data.subarray(start, start + 3)];
    };
    const [{ box: main }, { box: second }] = analysis.faces;
    expect(at(main.left, main.top)).toEqual([0, 200, 120]);
    expect(at(second.left, second.top)).toEqual([255, 170, 0]);
    const changed = drawn.data.filter((value, i) => value !== before[i]).length;
    expect(changed).toBeGreaterThan(1000);
    expect(changed).toBeLessThan(before.length / 10);
  });

  test('costs and breaks nothing where a box lies far outside the picture', () => {
    const picture = gradient(40, 30);
    const box = { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };
    const drawn = drawAnalysis(picture, {
      width: 40,
      height: 30,
      faces: [{ box, confidence: 1, keyPoints: new Float32Array(12) }],
      mesh: new Float32Array(468 * 3).fill(-1e6),
      template: { modelId: '0'.repeat(16), vector: Float32Array.of(1) },
      signals: { presence: 1, embedders: [] },
      timingsMs: { decode: 0, detect: 0, mesh: 0, embed: 0 },
    });
    expect(drawn.data).toEqual(picture.data);
  });
});
