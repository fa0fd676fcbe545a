/** The run behind `gatehouse eval quality`: clean and spoilt pictures, scores that were not trained on them. */
import {
  degrade,
  type DiscardPoint,
  errorDiscard,
  type Fault,
  FAULTS,
  fitQuality,
  gatesFrom,
  type GenuinePair,
  genuinePairs,
  quantile,
  reducedFaceWidth,
  type WeightedPair,
} from '../../biometrics/evaluate/mod.ts';
import { readFaceInput } from '../../biometrics/formats/mod.ts';
import { decodePicture, encodePng } from '../../biometrics/image/mod.ts';
import { WORKING_SIDE } from '../../biometrics/pipeline.ts';
import type { QualityGate, ScoreModel } from '../../biometrics/quality/calibration.ts';
import { measureInputs, recognitionInputs } from '../../biometrics/quality/quality-inputs.ts';
import { type QualityInputs, unifiedScore } from '../../biometrics/quality/unified-score.ts';
import { randomNumbers } from '../../biometrics/random-numbers.ts';
import type { FaceWorkerInit } from '../../server/core/face/pool.ts';
import type { Box, FaceAnalysis } from '../../biometrics/types.ts';
import type { CommandIo } from '../command.ts';
import { analyseAll, type LabelledPicture, ownBytes } from './labelled-pictures.ts';

/** Share of the pictures of people with several that is spoilt as well. */
const SPOILT_SHARE = 0.6;

/**
 * Weight of a person's spoilt pairs against the clean ones in the fit. Between a tenth and a half the
 * curves hardly differ; at 1 the score tells clean pictures apart less well, at 0 spoilt ones.
 */
const SPOILT_WEIGHT = 0.2;

/** A picture in which a face was found. */
interface Measured {
  readonly identity: string;
  readonly vector: Float32Array;
  /** What the networks say of the face: the score is fitted on these. */
  readonly inputs: QualityInputs;
  readonly measures: QualityInputs;
  readonly box: Box;
  readonly picture: number;
}

interface Spoilt extends Measured {
  readonly fault: Fault;
  readonly severity: number;
}

export interface QualityPictures {
  /** Those that could be read. */
  readonly images: number;
  readonly unreadable: number;
  readonly clean: readonly Measured[];
  readonly spoilt: readonly Spoilt[];
  /** Spoilt pictures made, and how many of each fault show no face any more. */
  readonly spoiltCount: number;
  readonly lost: ReadonlyMap<Fault, number>;
}

/** Analyses all pictures, then spoilt copies of some of them; the same copies every time. */
export async function measurePictures(
  pictures: readonly LabelledPicture[],
  init: FaceWorkerInit,
  io: CommandIo,
): Promise<QualityPictures> {
  const paths = pictures.map(({ path }) => path);
  const found: (Measured | undefined)[] = [];
  const measured = (picture: number, analysis: FaceAnalysis): Measured => ({
    identity: pictures[picture].identity,
    vector: analysis.template.vector,
    inputs: recognitionInputs(analysis),
    measures: measureInputs(analysis),
    box: analysis.faces[0].box,
    picture,
  });
  const unreadable = await analyseAll(
    init,
    paths,
    true,
    (n) => ownBytes(paths[n]),
    (n, analysis) => found[n] = analysis && measured(n, analysis),
    io,
    'pictures',
  );
  const clean = found.filter((face) => face !== undefined);
  const several = Map.groupBy(clean, ({ identity }) => identity);
  const plan = clean.filter(({ identity }) => several.get(identity)!.length > 1).flatMap((face) => {
    const random = randomNumbers(face.picture);
    if (random() > SPOILT_SHARE) return [];
    const fault = FAULTS[Math.floor(random() * FAULTS.length)];
    return [{ face, random, fault, severity: random() }];
  });
  const spoilt: (Spoilt | undefined)[] = [];
  const lost = new Map<Fault, number>();
  await analyseAll(
    init,
    plan.map(({ face }) => paths[face.picture]),
    true,
    async (n) => {
      const { face, fault, severity, random } = plan[n];
      const { image } = readFaceInput(await ownBytes(paths[face.picture]));
      // in the size that the box of the face refers to
      const picture = await decodePicture(image, { maxSide: WORKING_SIDE });
      const bad = await degrade(picture, face.box, fault, severity, random);
      return new Uint8Array(await encodePng(bad));
    },
    (n, analysis) => {
      const { face, fault, severity } = plan[n];
      if (analysis === undefined) lost.set(fault, (lost.get(fault) ?? 0) + 1);
      else spoilt[n] = { ...measured(face.picture, analysis), fault, severity };
    },
    io,
    'spoilt pictures',
  );
  return {
    images: pictures.length - unreadable,
    unreadable,
    clean,
    spoilt: spoilt.filter((face) => face !== undefined),
    spoiltCount: plan.length,
    lost,
  };
}

export interface ScoredPictures {
  /** Fitted on all people. */
  readonly model: ScoreModel;
  /** Scores of the clean and spoilt pictures by a model fitted on the other half of the people. */
  readonly cleanScores: readonly number[];
  readonly spoiltScores: readonly number[];
  readonly pairs: readonly GenuinePair[];
  /** Spoilt pictures with clean ones of the same person; `a` counts on after the clean pictures. */
  readonly spoiltPairs: readonly GenuinePair[];
}

/** Fits the score, and scores every picture by the half of the people that it does not belong to. */
export function scorePictures(
  { clean, spoilt }: QualityPictures,
  impostorMean: number,
): ScoredPictures {
  const all = [...clean, ...spoilt];
  const names = Object.keys(clean[0]?.inputs ?? {});
  const inputs = all.map((face) => face.inputs);
  const everyPair = genuinePairs(all);
  const pairs = everyPair.filter(({ a, b }) => Math.max(a, b) < clean.length);
  const spoiltPairs = everyPair.filter(({ a, b }) =>
    a < clean.length && b >= clean.length && all[a].picture !== all[b].picture
  );
  const cap = quantile(pairs.map(({ similarity }) => similarity), 0.5);
  const weighted = [...byPerson(pairs, 1), ...byPerson(spoiltPairs, SPOILT_WEIGHT)];
  const fit = (fits: (identity: string) => boolean) =>
    fitQuality(
      inputs.filter((_, i) => fits(all[i].identity)),
      reindexed(weighted, all, fits),
      { names, impostorMean, cap },
    );
  const halves = [0, 1].map((half) => fit((identity) => halfOf(identity) !== half));
  const scores = all.map(({ identity }, i) => unifiedScore(halves[halfOf(identity)], inputs[i]));
  return {
    model: fit(() => true),
    cleanScores: scores.slice(0, clean.length),
    spoiltScores: scores.slice(clean.length),
    pairs,
    spoiltPairs,
  };
}

/** Pairs weighed so that every person counts `total`. */
function byPerson(pairs: readonly GenuinePair[], total: number): WeightedPair[] {
  const groups = Map.groupBy(pairs, ({ identity }) => identity);
  return pairs.map((pair) => ({ ...pair, weight: total / groups.get(pair.identity)!.length }));
}

/** The half of the people that an identity belongs to, 0 or 1: by its name, whatever the other names are. */
function halfOf(identity: string): number {
  return new Bun.CryptoHasher('sha256').update(identity).digest()[0] & 1;
}

/** The pairs of the chosen people, counted among their pictures alone. */
function reindexed(
  pairs: readonly WeightedPair[],
  all: readonly Measured[],
  fits: (identity: string) => boolean,
): WeightedPair[] {
  const place: number[] = [];
  let count = 0;
  for (const { identity } of all) place.push(fits(identity) ? count++ : -1);
  return pairs.filter(({ identity }) => fits(identity)).map((pair) => ({
    ...pair,
    a: place[pair.a],
    b: place[pair.b],
  }));
}

export interface FaultRow {
  readonly fault: Fault;
  readonly severity: 'low' | 'middle' | 'high';
  readonly pictures: number;
  readonly meanScore: number;
  /** Share of the comparisons with clean pictures that do not match, every picture counting the same. */
  readonly fnmr: number;
}

/** Per spoilt picture the share of its comparisons with clean pictures that do not match; NaN without any. */
function spoiltRates(
  { clean, spoilt }: QualityPictures,
  { spoiltPairs }: ScoredPictures,
  threshold: number,
): number[] {
  const groups = Map.groupBy(spoiltPairs, ({ b }) => b - clean.length);
  return spoilt.map((_, i) => {
    const own = groups.get(i) ?? [];
    return own.filter(({ similarity }) => similarity < threshold).length / own.length;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** What each fault does to scores and to recognition, by thirds of severity. */
export function faultRows(
  pictures: QualityPictures,
  scored: ScoredPictures,
  threshold: number,
): FaultRow[] {
  const rates = spoiltRates(pictures, scored, threshold);
  return FAULTS.flatMap((fault) =>
    (['low', 'middle', 'high'] as const).map((severity, third) => {
      const own = [...pictures.spoilt.entries()].filter(([, picture]) =>
        picture.fault === fault && Math.min(2, Math.floor(picture.severity * 3)) === third
      ).map(([i]) => i);
      return {
        fault,
        severity,
        pictures: own.length,
        meanScore: mean(own.map((i) => scored.spoiltScores[i])),
        fnmr: mean(own.map((i) => rates[i]).filter(Number.isFinite)),
      };
    })
  );
}

/** The gates that this run supports. */
export function qualityGates(
  pictures: QualityPictures,
  scored: ScoredPictures,
  threshold: number,
  dataName: string,
): QualityGate[] {
  const { clean, spoilt } = pictures;
  const rates = spoiltRates(pictures, scored, threshold);
  const whole = new Map(clean.map((face) => [face.picture, face]));
  const reduced = spoilt.flatMap(({ fault, severity, picture }, i) => {
    if (fault !== 'low-resolution' || Number.isNaN(rates[i])) return [];
    const { box, measures } = whole.get(picture)!;
    const scale = Math.min(1, reducedFaceWidth(severity) / (box.right - box.left));
    return [{ eyeDistance: measures.interEyeDistance * scale, fnmr: rates[i] }];
  });
  return gatesFrom({
    dataName,
    clean: clean.map(({ measures }, i) => ({ ...measures, score: scored.cleanScores[i] })),
    reduced,
    cleanFnmr: errorDiscard(scored.cleanScores, scored.pairs, threshold, [0])[0].fnmr,
  });
}

/**
 * Error-versus-discard of the score, of each of its inputs alone, and of the score that the pack has.
 * @param inUse of the pack, where it is calibrated
 */
export function discardCurves(
  { clean }: QualityPictures,
  { cleanScores, pairs, model }: ScoredPictures,
  inUse: ScoreModel | undefined,
  threshold: number,
  shares: readonly number[],
): { label: string; points: DiscardPoint[] }[] {
  const alone = model.inputs.map(({ name, weight }) => ({
    label: `${name} alone`,
    quality: clean.map(({ inputs }) => Math.sign(weight) * inputs[name]),
  }));
  const ofPack = inUse === undefined ? [] : [{
    label: 'score of the pack',
    quality: clean.map(({ inputs }) => unifiedScore(inUse, inputs)),
  }];
  return [{ label: 'unified score', quality: cleanScores }, ...ofPack, ...alone].map(
    ({ label, quality }) => ({ label, points: errorDiscard(quality, pairs, threshold, shares) }),
  );
}
