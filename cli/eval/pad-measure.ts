/** Measures a folder of labelled presentations, with one worker per processor. */
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import type { PadSample } from '../../biometrics/evaluate/mod.ts';
import type { PadMeasurements } from '../../biometrics/liveness/mod.ts';
import { FaceError, type FaceErrorCode } from '../../biometrics/mod.ts';
import type { Pack } from '../../models/mod.ts';
import { WorkerPool } from '../../server/core/inference/pool.ts';
import { workerUrl } from '../../server/core/inference/worker-url.ts';
import type { CommandIo } from '../command.ts';
import { listPresentations, type PresentationFiles } from './pad-data.ts';
import { readPictureFile } from '../picture-file.ts';
import { reportShare } from '../progress.ts';
import { noteUnreadable } from './unreadable.ts';

export interface PadWorkerInit {
  readonly packPath: string;
  /** The pack that was checked; a worker that finds another one refuses to start. */
  readonly packId: string;
}

export interface PadJob {
  /** Frames of one presentation, with the names that errors tell. */
  readonly frames: readonly { readonly name: string; readonly image: Uint8Array }[];
}

/** What became of the presentations of one kind. */
export interface PresentationCount {
  readonly judged: number;
  /** Those in which no face was found, or none that is large enough to judge. */
  readonly withoutFace: number;
  readonly unreadable: number;
}

interface MeasuredPresentation extends PadSample {
  /** The picture or the folder of frames, below the folder of the data. */
  readonly file: string;
}

export interface MeasuredData {
  readonly samples: readonly MeasuredPresentation[];
  readonly bonaFide: PresentationCount;
  /** By name, those that were not judged at all included. */
  readonly species: Readonly<Record<string, PresentationCount>>;
  /** Sums of the counts above. */
  readonly withoutFace: { readonly bonaFide: number; readonly attack: number };
  readonly unreadable: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Any honest presentation is done by then. */
const PATIENCE_MS = 120_000;

/**
 * Presentations with a picture that cannot be read are named on stderr and take no part.
 * @throws as listPresentations; the system's own error for a file
 */
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
  const isUnreadable = new Array<boolean>(presentations.length).fill(false);
  let next = 0, done = 0;
  const measure = async (files: readonly string[]) => {
    const frames = await Promise.all(
      files.map(async (name) => ({ name, image: await readPictureFile(name) })),
    );
    return (await pool.submit({ frames }, AbortSignal.timeout(PATIENCE_MS), [])).result;
  };
  const lane = async () => {
    while (next < presentations.length) {
      const i = next++;
      const { path, files } = presentations[i];
      try {
        measured[i] = await measure(files);
      } catch (error) {
        noteUnreadable(io, path, error);
        isUnreadable[i] = true;
      }
      report(++done, presentations.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: 2 * workers }, lane));
  } finally {
    pool.close();
  }
  return sorted(folder, presentations, measured, isUnreadable);
}

function sorted(
  folder: string,
  presentations: readonly PresentationFiles[],
  measured: readonly (PadMeasurements | null)[],
  isUnreadable: readonly boolean[],
): MeasuredData {
  const none = (): Mutable<PresentationCount> => ({ judged: 0, withoutFace: 0, unreadable: 0 });
  const samples: MeasuredPresentation[] = [];
  const bonaFide = none();
  const species = new Map<string, Mutable<PresentationCount>>();
  for (const { species: kind } of presentations) if (kind !== null) species.set(kind, none());
  presentations.forEach(({ species: kind, person, path }, i) => {
    const count = kind === null ? bonaFide : species.get(kind)!;
    const values = measured[i];
    if (isUnreadable[i]) count.unreadable++;
    else if (values === null || Object.values(values).every((row) => row === null)) {
      count.withoutFace++;
    } else {
      count.judged++;
      samples.push({ species: kind, person, measured: values, file: relative(folder, path) });
    }
  });
  const attacks = [...species.values()];
  const total = (counts: readonly PresentationCount[], of: keyof PresentationCount) =>
    counts.reduce((sum, count) => sum + count[of], 0);
  return {
    samples,
    bonaFide,
    species: Object.fromEntries(species),
    withoutFace: { bonaFide: bonaFide.withoutFace, attack: total(attacks, 'withoutFace') },
    unreadable: total([bonaFide, ...attacks], 'unreadable'),
  };
}
