/** What all quality measures start from. */
import type { PictureFormat } from '../image/format.ts';
import type { RefinedEyes } from '../landmarks/iris.ts';
import type { FaceScene } from '../scene.ts';
import type { Foreground } from '../segment/foreground.ts';

/** The file a picture came in, for measures of its encoding. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly format: PictureFormat;
  /** Size of the upright picture before it was reduced for measuring, pixels. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

export interface QualityInput {
  readonly scene: FaceScene;
  readonly eyes: RefinedEyes;
  readonly foreground: Foreground;
  readonly file?: SourceFile;
}
