/** Where sequences come from: stills of people that the renderer moves, and video files that ffmpeg decodes. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodePicture } from '../../biometrics/image/mod.ts';
import { refineEyes } from '../../biometrics/landmarks/iris.ts';
import type { SequenceFrame } from '../../biometrics/liveness/sequence/frame.ts';
import { createFaceLocator } from '../../biometrics/locate.ts';
import { createFacePipeline, type FacePipeline } from '../../biometrics/pipeline.ts';
import { createOnnxLoader } from '../../biometrics/runtime/network.ts';
import type { Picture } from '../../biometrics/types.ts';
import { openPack } from '../../models/mod.ts';
import { packPath } from '../../server/core/model-pack.ts';
import { seeded } from '../../test/biometrics/support/crowd.ts';
import { located } from '../located.ts';
import { type BurstMeasures, measureBurst } from './burst-measures.ts';
import { type RenderedFrame, renderSequence, type SequencePlan } from './sequence.ts';

/** The locator and the eye network of the default pack, as a product would run them on frames. */
export interface Studio {
  /** A person's still moved by a plan; frames without a face are left out. */
  film(person: Person, plan: SequencePlan, seed: number): Promise<SequenceFrame[]>;
  /** A video; frames without a face are left out. */
  watch(video: Video): Promise<SequenceFrame[]>;
  /** A person's still moved by a plan and sent as a burst. */
  burst(person: Person, plan: SequencePlan, seed: number): Promise<BurstMeasures>;
  /** Frames of a film, measured as a burst. */
  measure(frames: readonly RenderedFrame[]): Promise<BurstMeasures>;
}

/** What the Face SDK sends: the picture and seven frames before it. */
export const BURST = { frames: 8, apartMs: 140 } as const;

export interface Person {
  readonly name: string;
  readonly file: string;
}

export async function openStudio(): Promise<Studio> {
  const pack = await openPack(await packPath(undefined, () => {}));
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const eyes = await loader.load(pack.manifest.networks.find(({ task }) => task === 'iris')!.id);
  let made: Promise<FacePipeline> | undefined;
  const pipeline = () => made ??= createFacePipeline(pack, loader);

  /** @param sharpEyes refine the lids, which doubles the time of a frame */
  async function look(picture: Picture, timeMs: number, sharpEyes: boolean) {
    const scene = await located(locator, picture);
    if (scene === undefined) return undefined;
    if (!sharpEyes) return { timeMs, scene };
    return { timeMs, scene, eyes: await refineEyes(eyes, scene.pyramid, scene.mesh) };
  }

  async function render(person: Person, plan: SequencePlan, seed: number) {
    const still = await decodePicture(await Bun.file(person.file).bytes());
    const { scene: { mesh } } = await locator.locate(still);
    return renderSequence(plan, still, mesh, seeded(seed));
  }

  async function measure(frames: readonly RenderedFrame[]): Promise<BurstMeasures> {
    return await measureBurst(frames, locator, await pipeline());
  }

  return {
    measure,
    burst: async (person, plan, seed) => await measure([...await render(person, plan, seed)]),
    async watch({ pictures, framesPerSecond }) {
      const frames: SequenceFrame[] = [];
      for (const [i, picture] of pictures.entries()) {
        const frame = await look(picture, i * 1000 / framesPerSecond, true);
        if (frame !== undefined) frames.push(frame);
      }
      return frames;
    },
    async film(person, plan, seed) {
      const frames: SequenceFrame[] = [];
      for (const { timeMs, picture } of await render(person, plan, seed)) {
        const frame = await look(picture, timeMs, plan.blinksMs !== undefined);
        if (frame !== undefined) frames.push(frame);
      }
      return frames;
    },
  };
}

/** The first picture of each of so many people, in a repeatable order. @param folder one folder per person */
export async function choosePeople(folder: string, count: number): Promise<Person[]> {
  const random = seeded(1);
  const names = (await readdir(folder)).sort().map((name) => ({ name, order: random() }));
  names.sort((a, b) => a.order - b.order);
  if (names.length < count) throw new Error(`${folder}: ${names.length} people, ${count} needed`);
  return await Promise.all(
    names.slice(0, count).map(async ({ name }) => {
      const [first] = (await readdir(join(folder, name))).sort();
      return { name, file: join(folder, name, first) };
    }),
  );
}

export interface Video {
  readonly name: string;
  readonly framesPerSecond: number;
  readonly pictures: readonly Picture[];
}

/** Decodes the first seconds of every mp4 file of a folder. */
export async function readVideos(folder: string, seconds: number): Promise<Video[]> {
  const videos: Video[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.mp4')).sort()) {
    const file = join(folder, name);
    const probe = Bun.spawnSync([
      ...['ffprobe', '-v', 'error', '-select_streams', 'v', '-of', 'csv=p=0'],
      ...['-show_entries', 'stream=width,height,r_frame_rate', file],
    ]);
    const [width, height, rate] = probe.stdout.toString().trim().split(',');
    const [frames, per] = rate.split('/').map(Number);
    const { stdout } = Bun.spawnSync([
      ...['ffmpeg', '-v', 'error', '-i', file, '-t', String(seconds)],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    ], { maxBuffer: 2 ** 31 });
    const size = Number(width) * Number(height) * 3, pictures: Picture[] = [];
    for (let at = 0; at + size <= stdout.length; at += size) {
      const data = new Uint8Array(stdout.buffer, stdout.byteOffset + at, size);
      pictures.push({ width: Number(width), height: Number(height), data });
    }
    videos.push({ name: basename(name, '.mp4'), framesPerSecond: frames / per, pictures });
  }
  return videos;
}
