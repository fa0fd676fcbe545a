/** Measures a folder of labelled presentations, with one worker per processor. */
import { availableParallelism } from 'node:os';
import type { PadSample } from '../../biometrics/evaluate/mod.ts';
import type { PadMeasurements } from '../../biometrics/liveness/mod.ts';
import { FaceError, type FaceErrorCode } from '../../biometrics/mod.ts';
import type { Pack } from '../../models/mod.ts';
import { WorkerPool } from '../../server/core/inference/pool.ts';
import { workerUrl } from '../../server/core/inference/worker-url.ts';
import type { CommandIo } from '../command.ts';
import { listPresentations } from './pad-data.ts';
import { readPictureFile } from '../picture-file.ts';
import { reportShare } from '../progress.ts';

export interface PadWorkerInit {
  readonly packPath: string;
  /** The pack that was checked; a worker that finds another one refuses to start. */
  readonly packId: string;
}

export interface PadJob {
  /** Frames of one presentation. */
  readonly images: readonly Uint8Array[];
}

export interface MeasuredData {
  readonly samples: readonly PadSample[];
  /** Presentations in which no face was found, or none that is large enough to judge. */
  readonly withoutFace: { readonly bonaFide: number; readonly attack: number };
}

/** Any honest presentation is done by then. */
const PATIENCE_MS = 120_000;

/** @throws FaceError naming a picture that cannot be read; as listPresentations */
export async function measureFolder(
  folder: string,
  packPath: string,
  pack: Pack,
  io: CommandIo,
): Promise<MeasuredData> {
  const presentations = await listPresentations(folder);
  const workers = availableParallelism();
  const pool = new WorkerPool<PadWorkerInit, PadJob, PadMeasurements | null>({
    spawn: () => new Worker(workerUrl('cli/eval/pad-worker.ts')),
    init: { packPath, packId: pack.id },
    workers,
    queueLimit: 2 * workers,
    hangGraceMs: PATIENCE_MS,
    maxWrittenOff: workers,
    backoffMs: { first: 100, max: 10_000 },
    onEvent: () => {},
    reviveError: ({ name, code, message }) =>
      name === 'FaceError' ? new FaceError(code as FaceErrorCode, message) : new Error(message),
  });
  await pool.start();
  const report = reportShare(io, 'measuring');
  const measured = new Array<PadMeasurements | null>(presentations.length);
  let next = 0, done = 0;
  const lane = async () => {
    while (next < presentations.length) {
      const i = next++;
      const { files } = presentations[i];
      const images = await Promise.all(files.map(readPictureFile));
      try {
        measured[i] = (await pool.submit({ images }, AbortSignal.timeout(PATIENCE_MS), [])).result;
      } catch (error) {
        if (!(error instanceof FaceError)) throw error;
        throw new FaceError(error.code, `${files[0]}: ${error.message}`);
      }
      report(++done, presentations.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * workers }, lane));
  } finally {
    pool.close();
  }
  const samples: PadSample[] = [];
  const withoutFace = { bonaFide: 0, attack: 0 };
  presentations.forEach(({ species, person }, i) => {
    const values = measured[i];
    if (values === null || Object.values(values).every((row) => row === null)) {
      withoutFace[species === null ? 'bonaFide' : 'attack']++;
    } else samples.push({ species, person, measured: values });
  });
  return { samples, withoutFace };
}
