/**
 * What a presentation attack detector is: a name, a fixed list of named numbers that it measures in a
 * picture, and words for its answer. What the numbers mean is learned and lives in a calibration file,
 * so a site can refit a detector without new code.
 */
import type { FaceScene } from '../scene.ts';
import type { FaceView } from './face-view.ts';

/** What a detector may look at. */
export interface PadInput {
  readonly scene: FaceScene;
  /** Pixels around the face, cut once for all detectors. */
  readonly view: FaceView;
}

export interface PadDetector {
  /** Lower case with hyphens; names the detector in calibration files and tables. */
  readonly id: string;
  /** Names of what `measure` gives, in its order. */
  readonly features: readonly string[];
  /** What a low score and a high one say, for an operator. */
  readonly words: { readonly attack: string; readonly bonaFide: string };
  /**
   * Whether its many features say something only beside each other, and a kernel is fitted to them in place
   * of a weight for each.
   */
  readonly kernel?: true;
  /**
   * What the detector itself says, as log-odds of bona fide, where it was trained on recorded attacks.
   * Such a detector may refuse on its own: what it knows cannot be learned from synthetic attacks.
   */
  ownOdds?(values: readonly number[]): number;
  /**
   * The features of a presentation, all finite, or undefined when it does not let the detector judge
   * (a face too small, a picture too flat).
   * @param earlier what the detectors before this one measured
   */
  measure(
    input: PadInput,
    earlier: PadMeasurements,
  ): readonly number[] | undefined | Promise<readonly number[] | undefined>;
}

/** Features by detector, or null for a detector that could not judge. */
export type PadMeasurements = Readonly<Record<string, readonly number[] | null>>;
