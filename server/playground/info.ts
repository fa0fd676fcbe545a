/** What the page says of the engine: the model pack, the calibration data, the working points. */
import type { MatchCalibration } from '../../biometrics/match/calibration.ts';
import { workingPoints } from '../../biometrics/match/rating.ts';
import type { InfoAnswer, Scale, WorkingPointAnswer } from './answer.ts';

/** The engine in use, as the one who starts the server knows it. */
export interface EngineInfo {
  readonly pack: { readonly name: string; readonly version: string; readonly signed: boolean };
  readonly calibration: MatchCalibration;
}

export function describeEngine(engine: EngineInfo, requestBytes: number): InfoAnswer {
  const { data, run, extrapolation } = engine.calibration;
  return {
    pack: {
      name: engine.pack.name,
      version: engine.pack.version,
      signed: engine.pack.signed,
    },
    calibration: {
      data: data.name,
      images: data.images,
      identities: data.identities,
      impostorPairs: data.impostorPairs,
      date: run.date,
      extrapolation,
    },
    scales: {
      'selfie': scale(engine.calibration, 'selfie'),
      'picture-id': scale(engine.calibration, 'picture-id'),
    },
    limits: { requestBytes },
  };
}

function scale(calibration: MatchCalibration, kind: Scale): WorkingPointAnswer[] {
  return workingPoints(kind).flatMap(({ level, fmr, score }) => {
    const point = calibration.points.find((entry) => entry.fmr === fmr);
    if (point === undefined) return [];
    const { extrapolated } = point;
    const threshold = Number(point.threshold.toFixed(6));
    return [{ level, fmr, score, threshold, extrapolated }];
  });
}
