/** The real engine behind real workers: networks of the default pack, pictures of the test data. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaceError } from '../../../../biometrics/errors.ts';
import { plainFaceRecord, writeFaceRecord } from '../../../../biometrics/formats/mod.ts';
import { PackError } from '../../../../models/errors.ts';
import { openPack } from '../../../../models/open.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { FaceEngine } from '../../../../server/core/face/engine.ts';
import { createFacePool } from '../../../../server/core/face/pool.ts';
import { type CheckedPack, PROCESSOR } from '../../../../server/core/inference/choose-backend.ts';
import { createLogger } from '../../../../server/mod.ts';
import { describeWithData, sharedPath } from '../../../support/shared-data.ts';
import { trialPack } from '../../support/trial-pack.ts';

const never = new AbortController().signal;
const log = createLogger('error', () => {});
const engineOf = (workers = 1) => new FaceEngine({ workers, queueLimit: 8, log });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-engine-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

describe('start', () => {
  test('without a pack says so', async () => {
    const error = await failure(engineOf().start(join(folder, 'nothing')));
    expect(error).toBeInstanceOf(PackError);
    expect((error as PackError).code).toBe('PACK_NOT_FOUND');
  });

  test('with a calibration of other networks is refused by the workers', async () => {
    const pack = await trialPack(join(folder, 'foreign'), '0123456789abcdef');
    const engine = engineOf();
    const error = await failure(engine.start(pack));
    expect(error).toBeInstanceOf(FaceError);
    expect((error as FaceError).code).toBe('CALIBRATION_INVALID');
    expect((error as FaceError).message).toContain('0123456789abcdef');
    expect(engine.ready).toBe(false);
  });

  test('with calibrations of matching and quality for different networks is refused', async () => {
    const pack = await trialPack(join(folder, 'mixed'), '0123456789abcdef', true);
    const error = await failure(engineOf().start(pack));
    expect(error).toMatchObject({
      code: 'CALIBRATION_INVALID',
      message: expect.stringMatching(
        /^quality calibration: made for model [0-9a-f]{16}, matching for 0123456789abcdef$/,
      ),
    });
  });

  test('with a pack exchanged after it was checked is refused by the workers', async () => {
    const packPath = await trialPack(join(folder, 'exchanged'));
    const packId = '0'.repeat(64);
    const pool = createFacePool({ packPath, packId, modelId: '', workers: 1, queueLimit: 1 });
    const error = await failure(pool.start());
    pool.close();
    expect((error as PackError).code).toBe('PACK_HASH_MISMATCH');
  });

  test('on a backend that cannot be used is refused before there are workers', async () => {
    const inference = () => Promise.reject(new ServerError('BACKEND_UNAVAILABLE', 'no driver'));
    const engine = new FaceEngine({ workers: 1, queueLimit: 8, log, inference });
    const error = await failure(engine.start(await trialPack(join(folder, 'no-driver'))));
    expect((error as ServerError).code).toBe('BACKEND_UNAVAILABLE');
    expect(engine.status.live).toBe(0);
  });

  test('runs the networks of the workers on what was chosen, for the pack that was checked', async () => {
    const packPath = await trialPack(join(folder, 'chosen'));
    const asked: CheckedPack[] = [];
    const inference = (pack: CheckedPack) => {
      asked.push(pack);
      // no machine has this device, so sessions that are told of it fail
      const runtime = { backend: 'cuda', device: 127, sharedMemory: false } as const;
      return Promise.resolve({ ...PROCESSOR, runtime });
    };
    const engine = new FaceEngine({ workers: 1, queueLimit: 8, log, inference });
    expect(await failure(engine.start(packPath))).toMatchObject({ code: 'WORKER_FAILED' });
    expect(asked).toEqual([{ packPath, packId: (await openPack(packPath)).id }]);
  });

  test('that is given up ends the trials of backends', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const inference = (_: CheckedPack, signal: AbortSignal) => {
      asked.resolve(signal);
      return new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const engine = new FaceEngine({ workers: 1, queueLimit: 8, log, inference });
    const started = failure(engine.start(await trialPack(join(folder, 'given-up'))));
    const signal = await asked.promise;
    engine.close();
    expect(await started).toBe(signal.reason);
  });

  test('without the signature that is asked for is refused', async () => {
    const pack = await trialPack(join(folder, 'unsigned'));
    const error = await failure(engineOf().start(pack, { requireSignature: true }));
    expect((error as PackError).code).toBe('PACK_UNSIGNED');
  });
});

const IMAGES = 'faces/lfw-view1/images';
describeWithData('matching', [`${IMAGES}/Aaron_Peirsol`, `${IMAGES}/AJ_Cook`], () => {
  const person = (name: string, n: number) =>
    Bun.file(
      sharedPath(`${IMAGES}/${name}/${name}_${String(n).padStart(4, '0')}.jpg`),
    ).bytes();
  let engine: FaceEngine;
  beforeAll(async () => {
    engine = engineOf(2);
    await engine.start(await trialPack(join(folder, 'trial')));
  });
  afterAll(() => engine.close());

  test('rates one person above another', async () => {
    expect(engine.ready).toBe(true);
    const [a, b, other] = await Promise.all(
      [person('Aaron_Peirsol', 1), person('Aaron_Peirsol', 2), person('AJ_Cook', 1)].map(
        async (bytes) => (await engine.extract(await bytes, never)).analysis,
      ),
    );
    const same = engine.rate(a.template, b.template, 'selfie');
    const different = engine.rate(a.template, other.template, 'selfie');
    expect(same.similarity).toBeGreaterThan(different.similarity);
    expect(engine.rate(a.template, a.template, 'selfie')).toMatchObject({ level: 'HIGHEST' });
    expect(a.mesh.length).toBe(468 * 3);
  });

  test('reads the picture inside an ISO 19794-5 record', async () => {
    const jpeg = await person('AJ_Cook', 1);
    const record = writeFaceRecord(
      plainFaceRecord('010', jpeg, { width: 250, height: 250 }),
    );
    const plain = (await engine.extract(jpeg.slice(), never)).analysis;
    const inside = (await engine.extract(record.slice(), never)).analysis;
    expect(inside.template.vector).toEqual(plain.template.vector);
  });

  test('names what is wrong with a picture, and works on', async () => {
    const jpeg = await person('AJ_Cook', 1);
    const cases: [Uint8Array<ArrayBuffer>, string][] = [
      [jpeg.slice(0, jpeg.length >> 1), 'IMAGE_UNDECODABLE'],
      [new TextEncoder().encode('FAC\x00010\x00'), 'IMAGE_UNDECODABLE'],
      [new Uint8Array(0), 'IMAGE_EMPTY'],
      [new TextEncoder().encode('<svg/>'), 'IMAGE_UNSUPPORTED'],
    ];
    for (const [bytes, code] of cases) {
      const error = await failure(engine.extract(bytes, never));
      expect(error).toBeInstanceOf(FaceError);
      expect((error as FaceError).code).toBe(code as FaceError['code']);
    }
    expect((await engine.extract(jpeg, never)).analysis.faces.length).toBeGreaterThan(0);
  });
});
