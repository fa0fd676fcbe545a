/** The data that passes between the steps of the face pipeline. Coordinates are pixels of the upright picture. */

import type { DetectorVerdict } from './liveness/verdict.ts';
import type { FaceMeasures } from './quality/measure.ts';

/** An upright picture: 8-bit RGB, row by row from the top left, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** width x height x 3 bytes. */
  readonly data: Uint8Array;
}

/** A box by its corners. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A face as the detector found it. */
export interface DetectedFace {
  readonly box: Box;
  /** Detector's probability, 0..1. */
  readonly confidence: number;
  /**
   * x, y pairs: right eye, left eye (of the person), nose tip, mouth centre; then, from detectors that know
   * them, right ear, left ear.
   */
  readonly keyPoints: Float32Array;
}

/** A face template: one unit vector; the dot product of two of the same `modelId` is their similarity. */
export interface FaceTemplate {
  /** 16 lower-case hex digits naming the embedders, their weights and alignment. */
  readonly modelId: string;
  /** Unit length. */
  readonly vector: Float32Array;
}

/** How an embedder took to a face; by-products of a template that tell how far it can be relied on. */
export interface EmbedderSignals {
  readonly id: string;
  /** Length of the network's own vector, before it is scaled to 1; the mean of its views. */
  readonly norm: number;
  /** Cosine of the vectors of the face and of its mirror image; absent where there is one view. */
  readonly mirrorAgreement?: number;
}

/** How sure the networks were of the most prominent face. */
interface RecognitionSignals {
  /** The mesh network's probability that it saw a face, 0..1. */
  readonly presence: number;
  /** In the order of the template's parts. */
  readonly embedders: readonly EmbedderSignals[];
}

/** The faces of a picture. */
interface LocatedFaces {
  readonly width: number;
  readonly height: number;
  /** Most prominent first; never empty. */
  readonly faces: readonly DetectedFace[];
  /** 468 landmarks of the most prominent face: x, y in pixels, z in the same unit. */
  readonly mesh: Float32Array;
  /** Milliseconds by stage: decode, detect, mesh, then embed, measure, liveness, portrait, png as far as they were asked for. */
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** What the liveness detectors say of one picture. */
export interface LivenessAnalysis extends LocatedFaces {
  readonly verdicts: readonly DetectorVerdict[];
}

/** What the pipeline says of one picture. */
export interface FaceAnalysis extends LocatedFaces {
  /** Template of the most prominent face. */
  readonly template: FaceTemplate;
  /** How far the template can be relied on. */
  readonly signals: RecognitionSignals;
  /** Native quality measures, when they were asked for. */
  readonly measures?: FaceMeasures;
  /** The portrait of a document, 480x640, when it was asked for. */
  readonly portrait?: {
    readonly jpeg: Uint8Array;
    readonly png: Uint8Array;
    /** Share of the portrait that the picture does not cover, 0..1. */
    readonly outsideShare: number;
  };
  /** What the liveness detectors say, when they were asked. */
  readonly verdicts?: readonly DetectorVerdict[];
  /** The picture itself as PNG, when it was asked for. */
  readonly png?: Uint8Array;
}
