/** What the product's rules and the rigidity detector say of one burst of JPEG frames, and of forged copies of it. */
import { decodePicture, encodeJpeg } from '../../biometrics/image/mod.ts';
import { judgeFeed, refuses, type SentFrame } from '../../biometrics/liveness/mod.ts';
import type { SequenceFrame } from '../../biometrics/liveness/sequence/frame.ts';
import type { Parallax } from '../../biometrics/liveness/sequence/parallax.ts';
import type { FaceLocator } from '../../biometrics/locate.ts';
import type { FacePipeline } from '../../biometrics/pipeline.ts';
import type { FaceTemplate } from '../../biometrics/types.ts';
import { located } from '../located.ts';
import { movementOf } from './measures.ts';
import type { RenderedFrame } from './sequence.ts';

/** libjpeg's scale; a canvas in the Face SDK is asked for 0.92. */
const JPEG_QUALITY = 92;

/** Feeds of no camera, made of a burst. */
const FORGERIES: Readonly<Record<string, (frames: readonly SentFrame[]) => readonly SentFrame[]>> =
  {
    'as it is': (frames) => frames,
    'one frame all the time': (frames) => pick(frames, () => 0),
    'every frame twice': (frames) => pick(frames, (i) => i >> 1),
    'a loop of four frames': (frames) => pick(frames, (i) => i % 4),
    'one frame repeated once': (frames) => pick(frames, (i) => i === 4 ? 3 : i),
  };
export const FORGERY_NAMES = Object.keys(FORGERIES);

export interface BurstMeasures {
  /** Undefined where the face could not be followed. */
  readonly movement?: Parallax;
  /** Whether the rule of the feed refuses, by forgery. */
  readonly refused: Readonly<Record<string, boolean>>;
  /** Templates of the first frame and of the picture; undefined where one shows no face or several. */
  readonly templates?: { readonly before: FaceTemplate; readonly picture: FaceTemplate };
}

/** @param frames the picture last */
export async function measureBurst(
  frames: readonly RenderedFrame[],
  locator: FaceLocator,
  pipeline: FacePipeline,
): Promise<BurstMeasures> {
  const sent = await Promise.all(frames.map(async ({ timeMs, picture }): Promise<SentFrame> => ({
    timeMs,
    bytes: await encodeJpeg(picture, JPEG_QUALITY),
  })));
  const seen: SequenceFrame[] = [];
  for (const { timeMs, bytes } of sent) {
    const scene = await located(locator, await decodePicture(bytes));
    if (scene !== undefined) seen.push({ timeMs, scene });
  }
  const all = seen.length === sent.length && seen.every(({ scene }) => scene.faces.length === 1);
  return {
    movement: movementOf(seen),
    refused: Object.fromEntries(
      Object.entries(FORGERIES).map(([name, forge]) => [name, refuses(judgeFeed(forge(sent)))]),
    ),
    ...(all && {
      templates: {
        before: (await pipeline.analyse(sent[0].bytes)).template,
        picture: (await pipeline.analyse(sent[sent.length - 1].bytes)).template,
      },
    }),
  };
}

/** Other frames at the same times. */
function pick(frames: readonly SentFrame[], index: (i: number) => number): SentFrame[] {
  return frames.map(({ timeMs }, i) => ({ timeMs, bytes: frames[index(i)].bytes }));
}
