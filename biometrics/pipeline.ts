/**
 * The face pipeline: picture -> scene -> template of the most prominent face. One pipeline serves one call
 * at a time, because its networks reuse their input tensors.
 */
import type { Pack } from '../models/mod.ts';
import { createTemplateMaker, type TemplatePart } from './embed/embedder.ts';
import { decodePicture } from './image/mod.ts';
import { createFaceLocator } from './locate.ts';
import type { SourceFile } from './quality/input.ts';
import { createFaceMeasurer } from './quality/measurer.ts';
import { createOnnxLoader, type NetworkLoader } from './runtime/network.ts';
import type { FaceAnalysis, Picture } from './types.ts';

/** Longer side in pixels that pictures are reduced to before a face is looked for. */
const WORKING_SIDE = 1280;

export interface AnalyseOptions {
  /** Take the native quality measures as well: about as long again as detector and mesh. */
  readonly measure?: boolean;
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

  async function run(
    picture: Picture,
    decodeMs: number,
    file: SourceFile | undefined,
  ): Promise<FaceAnalysis> {
    const { scene, presence, timingsMs } = await locator.locate(picture);
    const located = performance.now();
    const { embedders, ...template } = await templates.make(scene.pyramid, scene.mesh);
    return {
      width: picture.width,
      height: picture.height,
      faces: scene.faces,
      mesh: scene.mesh,
      template,
      signals: { presence, embedders },
      timingsMs: { decode: decodeMs, ...timingsMs, embed: performance.now() - located },
      ...(file === undefined ? {} : { measures: await measurer.measure(scene, file) }),
    };
  }

  async function inspect(bytes: Uint8Array, { measure = false }: AnalyseOptions = {}) {
    const start = performance.now();
    const picture = await decodePicture(bytes, { maxSide: WORKING_SIDE });
    const decodeMs = performance.now() - start;
    const { format, sourceWidth, sourceHeight } = picture;
    const file = measure ? { bytes, format, sourceWidth, sourceHeight } : undefined;
    return { picture, analysis: await run(picture, decodeMs, file) };
  }

  return {
    modelId: templates.modelId,
    parts: templates.parts,
    analyse: async (bytes, options) => (await inspect(bytes, options)).analysis,
    inspect,
  };
}
