/**
 * The face pipeline: picture -> scene -> template of the most prominent face. One pipeline serves one call
 * at a time, because its networks reuse their input tensors.
 */
import type { Pack } from '../models/mod.ts';
import { createTemplateMaker, type TemplatePart } from './embed/embedder.ts';
import { decodePicture, encodeJpeg, encodePng } from './image/mod.ts';
import { createFaceLocator } from './locate.ts';
import { createLivenessMeter } from './liveness/meter.ts';
import { createPortraitMaker, type PortraitMaker, type PortraitOptions } from './portrait/mod.ts';
import { createFaceMeasurer } from './quality/measurer.ts';
import { createOnnxLoader, type NetworkLoader } from './runtime/network.ts';
import type { FaceScene } from './scene.ts';
import type { FaceAnalysis, LivenessAnalysis, Picture } from './types.ts';

/** Longer side in pixels that pictures are reduced to before a face is looked for. */
export const WORKING_SIDE = 1280;

export interface AnalyseOptions {
  /** Take the native quality measures as well: about as long again as detector and mesh. */
  readonly measure?: boolean;
  /** Cut the 480x640 portrait of a document as well. */
  readonly portrait?: PortraitOptions;
  /** Ask the liveness detectors as well. */
  readonly liveness?: boolean;
  /** Give the upright picture as PNG as well, its longer side at most 1280 pixels. */
  readonly png?: boolean;
}

export interface FacePipeline {
  /** Names the embedders; templates of different ids cannot be compared. */
  readonly modelId: string;
  /** The embedders behind a template, in the order of their vectors. */
  readonly parts: readonly TemplatePart[];
  /**
   * Decodes a picture, finds its faces and makes the template of the most prominent one.
   * @param bytes JPEG, PNG, WebP or JPEG 2000
   * @throws FaceError IMAGE_* when the picture cannot be used, NO_FACE when it shows no face
   */
  analyse(bytes: Uint8Array, options?: AnalyseOptions): Promise<FaceAnalysis>;
  /** The same, with the upright picture that the coordinates refer to. */
  inspect(
    bytes: Uint8Array,
    options?: AnalyseOptions,
  ): Promise<{ picture: Picture; analysis: FaceAnalysis }>;
  /**
   * Asks the liveness detectors about the most prominent face, and makes no template.
   * @throws FaceError as `analyse`; PACK_INCOMPLETE when the pack is not calibrated for liveness
   */
  judge(bytes: Uint8Array): Promise<LivenessAnalysis>;
}

/**
 * Loads the networks of a pack.
 * @throws FaceError PACK_INCOMPLETE when the pack lacks a detector, mesh or embedder
 */
export async function createFacePipeline(
  pack: Pack,
  loader: NetworkLoader = createOnnxLoader(pack),
): Promise<FacePipeline> {
  const locator = await createFaceLocator(pack, loader);
  const templates = await createTemplateMaker(pack, loader);
  const measurer = createFaceMeasurer(pack, loader);
  const meter = createLivenessMeter(pack, loader);
  let portraits: Promise<PortraitMaker> | undefined;

  async function open(bytes: Uint8Array) {
    const start = performance.now();
    const picture = await decodePicture(bytes, { maxSide: WORKING_SIDE });
    const decode = performance.now() - start;
    const { scene, presence, timingsMs } = await locator.locate(picture);
    const { width, height } = picture;
    const located = { width, height, faces: scene.faces, mesh: scene.mesh };
    return {
      picture,
      scene,
      presence,
      located,
      timings: { decode, ...timingsMs } as Record<string, number>,
    };
  }

  async function inspect(bytes: Uint8Array, options: AnalyseOptions = {}) {
    const { picture, scene, presence, located, timings } = await open(bytes);
    const { embedders, ...template } = await timed(
      timings,
      'embed',
      () => templates.make(scene.pyramid, scene.mesh),
    );
    const { format, sourceWidth, sourceHeight } = picture;
    const file = { bytes, format, sourceWidth, sourceHeight };
    const measures = options.measure &&
      await timed(timings, 'measure', () => measurer.measure(scene, file));
    const verdicts = options.liveness &&
      await timed(timings, 'liveness', () => meter.judge(scene));
    const portrait = options.portrait &&
      await timed(timings, 'portrait', () => portraitOf(scene, options.portrait!));
    const png = options.png && await timed(timings, 'png', () => encodePng(picture));
    const analysis: FaceAnalysis = {
      ...located,
      template,
      signals: { presence, embedders },
      timingsMs: timings,
      ...(measures && { measures }),
      ...(verdicts && { verdicts }),
      ...(portrait && { portrait }),
      ...(png && { png }),
    };
    return { picture, analysis };
  }

  async function portraitOf(scene: FaceScene, options: PortraitOptions) {
    const { picture, outsideShare } =
      await (await (portraits ??= createPortraitMaker(pack, loader)))
        .make(scene, options);
    return { jpeg: await encodeJpeg(picture), png: await encodePng(picture), outsideShare };
  }

  async function judge(bytes: Uint8Array): Promise<LivenessAnalysis> {
    const { scene, located, timings } = await open(bytes);
    const verdicts = await timed(timings, 'liveness', () => meter.judge(scene));
    return { ...located, verdicts, timingsMs: timings };
  }

  return {
    modelId: templates.modelId,
    parts: templates.parts,
    analyse: async (bytes, options) => (await inspect(bytes, options)).analysis,
    inspect,
    judge,
  };
}

/** Notes how long some work took under its name. */
async function timed<T>(
  timings: Record<string, number>,
  stage: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await work();
  timings[stage] = performance.now() - start;
  return result;
}
