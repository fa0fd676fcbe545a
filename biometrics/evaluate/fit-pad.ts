/**
 * Learns a PAD calibration from measured presentations. Every score that a threshold or an error rate
 * rests on comes from a model that never saw the person: people are dealt into folds, detectors and
 * fusion are fitted on the other folds.
 */
import type {
  DetectorCalibration,
  LevelCalibration,
  PadCalibration,
  VetoCalibration,
} from '../liveness/calibration.ts';
import { checkPadCalibration } from '../liveness/calibration.ts';
import type { PadDetector, PadMeasurements } from '../liveness/detector.ts';
import { LIVENESS_LEVELS, MAX_BPCER, TARGET_APCER } from '../liveness/level.ts';
import { logOdds, sigmoid, standardised } from '../liveness/logistic.ts';
import { FaceError } from '../errors.ts';
import { fitLogistic } from './fit-logistic.ts';
import { clopperPearson } from './intervals.ts';
import { ratesAt, type ScoredPresentation, thresholdAllowing } from './pad-rates.ts';

/** A measured presentation with its label. */
export interface PadSample {
  readonly species: string | null;
  readonly person: string;
  readonly measured: PadMeasurements;
}

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

const FOLDS = 5;
/**
 * Weight of the squared coefficients, in samples. Of 10, 30 and 100 the first gave the lowest BPCER10 in
 * cross-validation over synthetic attacks on 192 and on 500 people; the fusion takes the same.
 */
const DETECTOR_PENALTY = 10;
const FUSION_PENALTY = 10;
/**
 * Share of bona fide presentations that a detector of its own training may refuse alone. Networks trained on
 * recorded attacks know what synthetic ones cannot teach, at this price for each.
 */
const VETO_BPCER = 0.03;
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

  // Log-odds of every detector for every presentation, by models of other folds.
  const odds = detectors.map((detector) =>
    crossFit(usable, folds, (train) => {
      const model = fitDetector(train, detector);
      return ({ measured }) => logOdds(model, measured[detector.id]!);
    })
  );
  const rows = usable.map((_, i) => odds.map((column) => column[i]));
  const fusedOdds = new Float64Array(usable.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const train = usable.flatMap((_, i) => folds[i] === fold ? [] : [i]);
    const { weights, bias } = fitFusion(train.map((i) => rows[i]), train.map((i) => usable[i]));
    rows.forEach((row, i) => {
      if (folds[i] === fold) fusedOdds[i] = row.reduce((sum, v, j) => sum + weights[j] * v, bias);
    });
  }
  const scored = (values: ArrayLike<number>): ScoredPresentation[] =>
    usable.map(({ species, person }, i) => ({ species, person, score: sigmoid(values[i]) }));
  const vetoes = detectors.flatMap((detector) => vetoOf(usable, detector));
  usable.forEach(({ measured }, i) => {
    if (vetoes.some(({ refuses }) => refuses(measured))) fusedOdds[i] = -Infinity;
  });
  const fused = scored(fusedOdds);

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
    detectors: detectors.map((detector, i) => ({
      ...fitDetector(usable, detector),
      weight: fusion.weights[i],
    })),
    bias: fusion.bias,
    vetoes: vetoes.map(({ veto }) => veto),
    levels: levelsFrom(fused),
  });
  return {
    calibration,
    fused,
    alone: Object.fromEntries(detectors.map(({ id }, i) => [id, scored(odds[i])])),
  };
}

/** Where a detector that was trained elsewhere refuses on its own: at a fixed share of bona fide presentations. */
function vetoOf(samples: readonly PadSample[], { id, ownOdds }: PadDetector) {
  if (ownOdds === undefined) return [];
  const bonaFide = samples.filter(({ species }) => species === null)
    .map(({ measured }) => ownOdds(measured[id]!)).toSorted((a, b) => a - b);
  const refused = Math.floor(VETO_BPCER * bonaFide.length);
  const below = bonaFide[refused];
  const veto: VetoCalibration = { detector: id, below, bonaFide: bonaFide.length, refused };
  return [{ veto, refuses: (measured: PadMeasurements) => ownOdds(measured[id]!) < below }];
}

function crossFit(
  samples: readonly PadSample[],
  folds: readonly number[],
  fit: (train: readonly PadSample[]) => (sample: PadSample) => number,
): Float64Array {
  const out = new Float64Array(samples.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fit(samples.filter((_, i) => folds[i] !== fold));
    samples.forEach((sample, i) => {
      if (folds[i] === fold) out[i] = model(sample);
    });
  }
  return out;
}

/** Bona fide and attacks weigh the same in sum, and so does every species among the attacks. */
function balance(samples: readonly { readonly species: string | null }[]): number[] {
  const counts = new Map<string | null, number>();
  for (const { species } of samples) counts.set(species, (counts.get(species) ?? 0) + 1);
  const kinds = counts.size - (counts.has(null) ? 1 : 0);
  return samples.map(({ species }) => 1 / counts.get(species)! / (species === null ? 1 : kinds));
}

function fitDetector(samples: readonly PadSample[], detector: PadDetector): DetectorCalibration {
  const { id, features } = detector;
  const values = samples.map(({ measured }) => measured[id]!);
  const scales = features.map((_, j) => {
    const mean = values.reduce((sum, row) => sum + row[j], 0) / values.length;
    const variance = values.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / values.length;
    return { mean, scale: Math.sqrt(variance) + 1e-6 };
  });
  const rows = values.map((row) => {
    const z = scales.map(({ mean, scale }, j) => standardised(row[j], mean, scale));
    return [...z, ...z.map((v) => v * v - 1)];
  });
  const { weights, bias } = fitLogistic(
    rows,
    samples.map(({ species }) => species === null),
    balance(samples),
    DETECTOR_PENALTY,
  );
  return {
    id,
    features: features.map((name, j) => ({
      name,
      ...scales[j],
      linear: weights[j],
      square: weights[j + features.length],
    })),
    bias,
    weight: 0,
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
