/** The comparison behind the page: both photos measured side by side, rated on both scales. */
import { FaceError } from '../../biometrics/errors.ts';
import { headPose } from '../../biometrics/landmarks/pose.ts';
import type { Extraction, FaceService } from '../core/face/service.ts';
import type { CompareAnswer, PhotoAnswer, Side } from './answer.ts';
import { toPhotoError } from './errors.ts';
import type { Photos } from './photos.ts';

/** Faces an answer describes; photos of crowds hold more, and nobody looks at them one by one. */
const MAX_FACES = 50;

/**
 * @param signal gives the work up
 * @throws PlaygroundError for what is wrong with a photo, `a` first; whatever else the service throws
 */
export async function comparePhotos(
  photos: Photos,
  faces: Pick<FaceService, 'extract' | 'rate'>,
  signal: AbortSignal,
): Promise<CompareAnswer> {
  const started = performance.now();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const extract = (side: Side): Promise<Extraction> =>
    faces.extract(photos[side], either).catch((error) => {
      // A photo that is no good says nothing about the other; a server that cannot go on does.
      if (!(error instanceof FaceError)) stop.abort(error);
      throw toPhotoError(error, side);
    });
  const [a, b] = await Promise.allSettled([extract('a'), extract('b')]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'rejected') throw b.reason;

  const templates = [a.value.analysis.template, b.value.analysis.template] as const;
  const selfie = faces.rate(...templates, 'selfie');
  const pictureId = faces.rate(...templates, 'picture-id');
  return {
    photos: { a: describe(a.value), b: describe(b.value) },
    similarity: round(selfie.similarity, 4),
    ratings: {
      'selfie': { score: floor(selfie.similarityScore), level: selfie.level },
      'picture-id': { score: floor(pictureId.similarityScore), level: pictureId.level },
    },
    totalMs: round(performance.now() - started, 1),
  };
}

function describe({ analysis, queueMs }: Extraction): PhotoAnswer {
  const { width, height, timingsMs } = analysis;
  const pose = headPose(analysis.mesh, analysis);
  const mesh: number[] = [];
  for (let i = 0; i < analysis.mesh.length; i += 3) {
    mesh.push(round(analysis.mesh[i], 1), round(analysis.mesh[i + 1], 1));
  }
  return {
    width,
    height,
    faces: analysis.faces.slice(0, MAX_FACES).map(({ box, confidence }) => ({
      left: Math.round(box.left),
      top: Math.round(box.top),
      right: Math.round(box.right),
      bottom: Math.round(box.bottom),
      confidence: round(confidence, 3),
    })),
    mesh,
    pose: { yaw: round(pose.yaw, 1), pitch: round(pose.pitch, 1), roll: round(pose.roll, 1) },
    timingsMs: {
      queue: round(queueMs, 1),
      decode: round(timingsMs.decode, 1),
      detect: round(timingsMs.detect, 1),
      mesh: round(timingsMs.mesh, 1),
      embed: round(timingsMs.embed, 1),
    },
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Downwards, so that a score never reads as a working point it did not reach. */
function floor(score: number): number {
  return Math.floor(score * 10) / 10;
}
