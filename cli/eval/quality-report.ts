/** What `gatehouse eval quality` says of measured pictures: calibration, curves and faults. */
import type { DiscardPoint, Fault } from '../../biometrics/evaluate/mod.ts';
import { type MatchCalibration, thresholdAt } from '../../biometrics/match/calibration.ts';
import type { QualityCalibration, ScoreModel } from '../../biometrics/quality/mod.ts';
import {
  discardCurves,
  type FaultRow,
  faultRows,
  qualityGates,
  type QualityPictures,
  scorePictures,
} from './quality-evaluation.ts';

/** Shares of the pictures that the table shows, and those that the drawing has. */
export const SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3];
const DRAWN = Array.from({ length: 61 }, (_, i) => i / 200);

export interface ReportOptions {
  readonly dataName: string;
  readonly modelId: string;
  readonly match: MatchCalibration;
  /** False match rate of the threshold: a working point of the matcher. */
  readonly fmr: number;
  /** The score that the pack has, if any. */
  readonly inUse: ScoreModel | undefined;
}

interface Curve {
  readonly label: string;
  readonly points: readonly DiscardPoint[];
}

export interface QualityReport {
  readonly calibration: QualityCalibration;
  /** At SHARES, the unified score first. */
  readonly curves: readonly Curve[];
  /** The same for a drawing. */
  readonly drawn: readonly Curve[];
  readonly faults: readonly FaultRow[];
  /** Spoilt pictures in which no face was found, by fault. */
  readonly lost: Readonly<Partial<Record<Fault, number>>>;
}

/** @throws FaceError CALIBRATION_INVALID when there are too few pairs */
export function reportQuality(
  pictures: QualityPictures,
  { dataName, modelId, match, fmr, inUse }: ReportOptions,
): QualityReport {
  const threshold = thresholdAt(match, fmr);
  const scored = scorePictures(pictures, match.impostorMean);
  const { clean, spoilt, images, spoiltCount } = pictures;
  return {
    calibration: {
      format: 'gatehouse-quality-calibration',
      formatVersion: 1,
      modelId,
      data: {
        name: dataName,
        images,
        withoutFace: images - clean.length,
        identities: new Set(clean.map(({ identity }) => identity)).size,
        genuinePairs: scored.pairs.length,
        degraded: spoiltCount,
        degradedWithoutFace: spoiltCount - spoilt.length,
      },
      run: { date: new Date().toISOString().slice(0, 10), command: 'gatehouse eval quality' },
      score: scored.model,
      gates: qualityGates(pictures, scored, threshold, dataName),
    },
    curves: discardCurves(pictures, scored, inUse, threshold, SHARES),
    drawn: discardCurves(pictures, scored, inUse, threshold, DRAWN),
    faults: faultRows(pictures, scored, threshold),
    lost: Object.fromEntries(pictures.lost),
  };
}
