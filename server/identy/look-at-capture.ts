/** Measures the picture of a capture, and asks the frames before it whether they speak against it. */
import { FaceError } from '../../biometrics/errors.ts';
import {
  type DetectorVerdict,
  frameToCompare,
  judgeCapture,
  judgeFeed,
  judgePerson,
  refuses,
} from '../../biometrics/liveness/mod.ts';
import type { AnalyseOptions } from '../../biometrics/pipeline.ts';
import type { Extraction, FaceService, Judgement } from '../core/face/service.ts';
import type { Capture } from './capture.ts';
import { checkFrames, checkUpright } from './capture-frames.ts';
import type { Call } from './endpoint.ts';
import { IdentyError, invalidImage } from './errors.ts';
import { extractPair } from './extract-pair.ts';

export interface Look<Measured> {
  readonly measured: Measured | Extraction;
  /** What the client says of its camera, the frames before the picture, and who is on them; they only refuse. */
  readonly rules: readonly DetectorVerdict[];
  /** Whether the frames come from a program and not from a camera. */
  readonly insecure: boolean;
}

/**
 * One frame at most is looked at beside the picture; none when the capture is refused without a look, or
 * liveness is not asked for.
 * @param options what to take of the picture
 * @param alone measures a picture that is not compared
 * @throws IdentyError ERROR_INVALID_IMAGE, ERROR_WRONG_RESOLUTION, for the picture first
 */
export async function lookAtCapture<Measured extends Judgement | Extraction>(
  capture: Capture,
  options: AnalyseOptions,
  alone: (image: Uint8Array<ArrayBuffer>) => Promise<Measured>,
  call: Pick<Call, 'faces' | 'signal'>,
): Promise<Look<Measured>> {
  checkFrames(capture);
  const look = await measure(capture, options, alone, call).catch((error) => {
    throw toCaptureImageError(error);
  });
  checkUpright(look.measured.analysis);
  return look;
}

async function measure<Measured>(
  { description, frames: [picture, ...rest] }: Capture,
  options: AnalyseOptions,
  alone: (image: Uint8Array<ArrayBuffer>) => Promise<Measured>,
  { faces, signal }: Pick<Call, 'faces' | 'signal'>,
): Promise<Look<Measured>> {
  // the picture moves to a worker and is wanted afterwards
  const image = picture.slice();
  if (!options.liveness) return { measured: await alone(image), rules: [], insecure: false };

  const [{ time_ms: pictureMs }, ...times] = description.frames;
  const burst = rest.map((bytes, i) => ({ bytes, timeMs: times[i].time_ms }));
  const rules = [
    judgeCapture({ cameraLabel: description.camera.label }),
    judgeFeed([...burst, { bytes: picture, timeMs: pictureMs }]),
  ];
  const insecure = rules.some(refuses);
  const before = insecure ? undefined : frameToCompare(burst, pictureMs);
  if (before === undefined) return { measured: await alone(image), rules, insecure };

  const pair = await extractPair({ image, options }, { image: before.bytes }, faces, signal);
  const [measured, earlier] = pair;
  if (measured.status === 'rejected') throw measured.reason;
  if (earlier.status === 'fulfilled') {
    const person = judgePerson(compare(measured.value, earlier.value, faces));
    const timed = withTime(measured.value, earlier.value);
    return { measured: timed, rules: [...rules, person], insecure };
  }
  if (!showsNoFace(earlier.reason)) throw earlier.reason;
  return { measured: measured.value, rules: [...rules, judgePerson('no-face')], insecure };
}

function compare(
  { analysis: a }: Extraction,
  { analysis: b }: Extraction,
  faces: Pick<FaceService, 'likeness'>,
) {
  return Math.max(a.faces.length, b.faces.length) > 1
    ? 'several-faces'
    : faces.likeness(a.template, b.template);
}

/** The picture's times, with all that the other frame took as one stage. */
function withTime(picture: Extraction, { analysis, queueMs }: Extraction): Extraction {
  const burst = Object.values(analysis.timingsMs).reduce((sum, ms) => sum + ms, queueMs);
  return {
    ...picture,
    analysis: { ...picture.analysis, timingsMs: { ...picture.analysis.timingsMs, burst } },
  };
}

function toCaptureImageError(error: unknown): unknown {
  if (showsNoFace(error)) {
    return new IdentyError('ERROR_INVALID_IMAGE', 'Image has no face on it.', { cause: error });
  }
  return error instanceof FaceError && error.code.startsWith('IMAGE_')
    ? invalidImage({ cause: error })
    : error;
}

function showsNoFace(error: unknown): error is FaceError {
  return error instanceof FaceError && error.code === 'NO_FACE';
}
