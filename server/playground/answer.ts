/** What the compare page and the server say to each other: JSON answers, shared as types by both sides. */

/** Which of the two photos. */
export type Side = 'a' | 'b';

/** What the second photo is; decides which working points rate the comparison. */
export type Scale = 'selfie' | 'picture-id';

/** Levels from weakest to strictest; NONE when not even the weakest is reached. */
export type Level = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'VERY_HIGH' | 'HIGHEST';

/** Pixels of the upright photo, as large as `PhotoAnswer` says. */
export interface FaceAnswer {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Detector's probability, 0..1. */
  readonly confidence: number;
}

export interface PhotoAnswer {
  readonly width: number;
  readonly height: number;
  /** Most prominent first: that one is compared. */
  readonly faces: readonly FaceAnswer[];
  /** x, y of the 468 mesh points of the first face, to a tenth of a pixel. */
  readonly mesh: readonly number[];
  /** Degrees: right, up and clockwise as seen in the photo are positive. */
  readonly pose: { readonly yaw: number; readonly pitch: number; readonly roll: number };
  /** Milliseconds per stage. */
  readonly timingsMs: Readonly<Record<Stage, number>>;
}

export type Stage = 'queue' | 'decode' | 'detect' | 'mesh' | 'embed';

export interface RatingAnswer {
  /** 0..100. */
  readonly score: number;
  readonly level: Level;
}

export interface CompareAnswer {
  readonly photos: Readonly<Record<Side, PhotoAnswer>>;
  /** Weighted cosine of the two templates, -1..1. */
  readonly similarity: number;
  readonly ratings: Readonly<Record<Scale, RatingAnswer>>;
  /** Milliseconds from the end of the upload to the answer. */
  readonly totalMs: number;
}

export type ErrorCode =
  | 'REQUEST_INVALID'
  | 'REQUEST_TOO_LARGE'
  | 'PHOTO_EMPTY'
  | 'PHOTO_UNSUPPORTED'
  | 'PHOTO_DAMAGED'
  | 'PHOTO_TOO_LARGE'
  | 'NO_FACE'
  | 'LICENCE_INVALID'
  | 'KEY_REFUSED'
  | 'TOO_MANY_REQUESTS'
  | 'BUSY'
  | 'TIMEOUT'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'INTERNAL';

export interface ErrorAnswer {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    /** The photo it is about, where it is about one. */
    readonly photo?: Side;
  };
}

export interface WorkingPointAnswer {
  readonly level: Exclude<Level, 'NONE'>;
  /** False match rate the level stands for. */
  readonly fmr: number;
  /** Where it lies on the score scale, 0..100. */
  readonly score: number;
  /** Similarity from which on it is reached. */
  readonly threshold: number;
  /** True when the calibration data were too few and the threshold was extended from lower levels. */
  readonly extrapolated: boolean;
}

export interface InfoAnswer {
  readonly pack: { readonly name: string; readonly version: string; readonly signed: boolean };
  readonly calibration: {
    readonly data: string;
    readonly images: number;
    readonly identities: number;
    readonly impostorPairs: number;
    /** Day of the run, YYYY-MM-DD. */
    readonly date: string;
    /** How extrapolated thresholds were reached; empty when there are none. */
    readonly extrapolation: string;
  };
  /** Weakest first. */
  readonly scales: Readonly<Record<Scale, readonly WorkingPointAnswer[]>>;
  readonly limits: { readonly requestBytes: number };
}
