/**
 * Learns a PAD calibration from measured presentations. Every score that a threshold or an error rate
 * rests on comes from a model that never saw the person: people are dealt into folds, detectors and
 * fusion are fitted on the other folds.
 */
import {
  checkPadCalibration,
  type LevelCalibration,
  type PadCalibration,
} from '../liveness/calibration.ts';
import type { PadDetector } from '../liveness/detector.ts';
import { LIVENESS_LEVELS, MAX_BPCER, TARGET_APCER } from '../liveness/level.ts';
import { sigmoid } from '../liveness/logistic.ts';
import { FaceError } from '../errors.ts';
import { fitDetector } from './fit-detector.ts';
import { fitLogistic } from './fit-logistic.ts';
import { fitVetoes } from './fit-vetoes.ts';
import { clopperPearson } from './intervals.ts';
import { balance, crossFit, FOLDS, type PadSample } from './pad-samples.ts';
import { ratesAt, type ScoredPresentation, thresholdAllowing } from './pad-rates.ts';

export interface PadFit {
  readonly calibration: PadCalibration;
  /** Scores of the fused system on people its models did not see. */
  readonly fused: readonly ScoredPresentation[];
  /** The same of each detector alone. */
  readonly alone: Readonly<Record<string, readonly ScoredPresentation[]>>;
}

/** What the file says of the run. */
export interface PadRun {
  readonly dataName: string;
  readonly attacks: 'synthetic' | 'real';
  readonly withoutFace: { readonly bonaFide: number; readonly attack: number };
  readonly date: string;
  readonly command: string;
}

/** Weight of the squared coefficients of the fusion, in samples; that of the detectors. */
const FUSION_PENALTY = 10;
/** Fewer of either class give weights of noise. */
const MIN_EACH = 20;

/**
 * @throws FaceError CALIBRATION_INVALID when there are too few presentations or people
 */
export function fitPad(
  samples: readonly PadSample[],
  detectors: readonly PadDetector[],
  run: PadRun,
): PadFit {
  const usable = samples.filter(({ measured }) => detectors.every(({ id }) => measured[id]));
  const people = [...new Set(usable.map(({ person }) => person))].toSorted();
  const bonaFide = usable.filter(({ species }) => species === null).length;
  if (Math.min(bonaFide, usable.length - bonaFide) < MIN_EACH || people.length < FOLDS) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${bonaFide} bona fide and ${usable.length - bonaFide} attack presentations of ` +
        `${people.length} people: at least ${MIN_EACH} of each and ${FOLDS} people are needed`,
    );
  }
  const foldOf = new Map(people.map((person, i) => [person, i % FOLDS]));
  const folds = usable.map(({ person }) => foldOf.get(person)!);

  const fits = detectors.map((detector) => fitDetector(usable, folds, detector));
  const rows = usable.map((_, i) => fits.map(({ odds }) => odds[i]));
  const fusedOdds = crossFit(folds, (train) => {
    const { weights, bias } = fitFusion(train.map((i) => rows[i]), train.map((i) => usable[i]));
    return (i) => rows[i].reduce((sum, v, j) => sum + weights[j] * v, bias);
  });
  const scored = (values: ArrayLike<number>): ScoredPresentation[] =>
    usable.map(({ species, person }, i) => ({ species, person, score: sigmoid(values[i]) }));
  const unvetoed = scored(fusedOdds);
  const { vetoes, refuses } = fitVetoes(usable, detectors, unvetoed);
  const fused = unvetoed.map((presentation, i) =>
    refuses(usable[i].measured, presentation.score) ? { ...presentation, score: 0 } : presentation
  );

  const fusion = fitFusion(rows, usable);
  const counts: Record<string, number> = {};
  for (const { species } of usable) {
    if (species !== null) counts[species] = (counts[species] ?? 0) + 1;
  }
  const calibration = checkPadCalibration({
    format: 'gatehouse-pad-calibration',
    formatVersion: 1,
    data: {
      name: run.dataName,
      attacks: run.attacks,
      people: people.length,
      bonaFide,
      species: counts,
      withoutFace: run.withoutFace,
    },
    run: { date: run.date, command: run.command },
    detectors: fits.map(({ model }, i) => ({ ...model, weight: fusion.weights[i] })),
    bias: fusion.bias,
    vetoes,
    levels: levelsFrom(fused),
  });
  return {
    calibration,
    fused,
    alone: Object.fromEntries(detectors.map(({ id }, i) => [id, scored(fits[i].odds)])),
  };
}

/**
 * Weights of the detectors' log-odds, none negative: a detector that would count against itself is left
 * out (weight 0) and the others are fitted again, so that a better verdict never lowers the score.
 */
function fitFusion(rows: readonly (readonly number[])[], samples: readonly PadSample[]) {
  const isBonaFide = samples.map(({ species }) => species === null), balanced = balance(samples);
  let used = rows[0].map((_, j) => j);
  while (true) {
    const { weights, bias } = fitLogistic(
      rows.map((row) => used.map((j) => row[j])),
      isBonaFide,
      balanced,
      FUSION_PENALTY,
    );
    const lowest = weights.indexOf(Math.min(...weights));
    if (weights[lowest] >= 0 || used.length === 1) {
      return { weights: rows[0].map((_, j) => Math.max(0, weights[used.indexOf(j)] ?? 0)), bias };
    }
    used = used.filter((_, k) => k !== lowest);
  }
}

/**
 * Thresholds of the levels: the lowest at which, for every species, the upper end of the 95 % interval
 * of its APCER is at or under the level's target. Where even no error at all would not show that, the
 * level is not supported.
 */
export function levelsFrom(fused: readonly ScoredPresentation[]): LevelCalibration[] {
  const sizes = new Map<string, number>();
  for (const { species } of fused) {
    if (species !== null) sizes.set(species, (sizes.get(species) ?? 0) + 1);
  }
  return LIVENESS_LEVELS.map((level): LevelCalibration => {
    const targetApcer = TARGET_APCER[level];
    const short = [...sizes].find(([, n]) => clopperPearson(0, n)[1] > targetApcer);
    const threshold = thresholdAllowing(fused, (n) => mostErrors(n, targetApcer));
    const { apcer, bpcer, species } = ratesAt(fused, threshold);
    // The upper bound of the smallest species may be the highest, though another passes more often.
    const worst = Object.entries(species).toSorted(([, a], [, b]) =>
      b.interval[1] - a.interval[1]
    )[0]?.[0] ?? '';
    const { errors: passed, total: attacks, interval } = species[worst] ?? apcer;
    let reason: string;
    if (short !== undefined) {
      reason = `${short[1]} presentations of ${short[0]} cannot show an APCER of ${
        percent(targetApcer)
      }`;
    } else if (bpcer.rate > MAX_BPCER || threshold > 1) {
      reason = `${percent(bpcer.rate)} of bona fide presentations would be refused, over ${
        percent(MAX_BPCER)
      }`;
    } else {
      reason = `at most ${percent(interval[1])} of any species pass, with 95 % confidence`;
    }
    return {
      level,
      targetApcer,
      threshold: short === undefined && threshold <= 1 ? threshold : null,
      species: worst,
      attacks,
      passed,
      apcerInterval: [...interval],
      bonaFide: bpcer.total,
      refused: bpcer.errors,
      bpcer: bpcer.rate,
      bpcerInterval: [...bpcer.interval],
      supported: short === undefined && threshold <= 1 && bpcer.rate <= MAX_BPCER,
      reason,
    };
  });
}

/** Most errors among n presentations that still show an APCER of at most `target`; -1 when not even none does. */
function mostErrors(n: number, target: number): number {
  let errors = -1;
  while (errors + 1 <= n && clopperPearson(errors + 1, n)[1] <= target) errors++;
  return errors;
}

function percent(rate: number): string {
  return `${+(100 * rate).toFixed(2)} %`;
}
