/**
 * The face service as an API family sees it, with its work measured: how long each stage took, which levels
 * comparisons and liveness reached. Who was on the pictures is of no interest here.
 */
import { LIVENESS_LEVELS } from '../../../biometrics/liveness/mod.ts';
import { MATCH_LEVELS, type MatchKind } from '../../../biometrics/match/rating.ts';
import type { Registry } from '../metrics/registry.ts';
import type { Tracer } from '../tracing/tracer.ts';
import type { FaceService } from './service.ts';

/** Stages of the pipeline in their order, after the wait for a worker. */
const STAGES = [
  ...['queue', 'decode', 'detect', 'mesh', 'embed', 'measure', 'liveness', 'portrait', 'png'],
];
const KINDS: readonly MatchKind[] = ['selfie', 'picture-id'];
const NONE = 'NONE';

/** Seconds: from the mesh of a small picture to a queue that is nearly full. */
const STAGE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** 0 is surely an attack, 1 surely bona fide. */
const SCORES = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);

/** What a worker has done for one picture. */
interface Work {
  readonly queueMs: number;
  readonly analysis: { readonly timingsMs: Readonly<Record<string, number>> };
}

/**
 * Declares the metrics of faces and gives what makes an observed service of a service.
 * @param families that will have one
 */
export function observeFaces(
  registry: Registry,
  tracer: Tracer,
  families: readonly string[],
): (faces: FaceService, family: string) => FaceService {
  const stages = registry.histogram({
    name: 'gatehouse_face_stage_duration_seconds',
    help: 'Stages of the work on one picture; queue is the wait for a worker.',
    labels: { stage: STAGES },
  }, STAGE_SECONDS);
  const matches = registry.counter({
    name: 'gatehouse_match_outcomes_total',
    help: 'Comparisons of two faces by the highest level reached.',
    labels: { family: families, kind: KINDS, level: [NONE, ...MATCH_LEVELS] },
  });
  const ratings = registry.counter({
    name: 'gatehouse_liveness_ratings_total',
    help: 'Liveness ratings by the highest level reached.',
    labels: { level: [NONE, ...LIVENESS_LEVELS] },
  });
  const scores = registry.histogram({
    name: 'gatehouse_liveness_score_ratio',
    help: 'Scores of liveness ratings, 0: surely an attack, 1: surely bona fide.',
  }, SCORES);
  const decisions = registry.counter({
    name: 'gatehouse_liveness_decisions_total',
    help: 'Liveness ratings held against the level asked for. A capture that was refused for its ' +
      'camera or its frames has none.',
    labels: { wanted: LIVENESS_LEVELS, outcome: ['live', 'spoof'] },
  });

  function note<T extends Work>(name: string, startMs: number, work: T): T {
    const timings = { queue: work.queueMs, ...work.analysis.timingsMs };
    for (const [stage, ms] of Object.entries(timings)) stages.observe({ stage }, ms / 1000);
    if (!tracer.recording) return work;
    const span = tracer.within({ name, startMs, endMs: performance.now() });
    // a worker tells how long its stages took, one after the other, and not when they began
    let stageMs = startMs;
    for (const [stage, ms] of Object.entries(timings)) {
      const endMs = stageMs + ms;
      tracer.within({ name: `face.${stage}`, startMs: stageMs, endMs }, span);
      stageMs = endMs;
    }
    return work;
  }

  return (faces, family) => ({
    get ready() {
      return faces.ready;
    },
    async extract(image, signal, options) {
      const startMs = performance.now();
      return note('face.extract', startMs, await faces.extract(image, signal, options));
    },
    async judge(image, signal) {
      const startMs = performance.now();
      return note('face.judge', startMs, await faces.judge(image, signal));
    },
    rate(probe, reference, kind) {
      const rating = faces.rate(probe, reference, kind);
      matches.add({ family, kind, level: rating.level });
      return rating;
    },
    likeness: (a, b) => faces.likeness(a, b),
    rateLiveness(verdicts) {
      const rating = faces.rateLiveness(verdicts);
      ratings.add({ level: rating.highestLevel ?? NONE });
      scores.observe({}, rating.score);
      return rating;
    },
    reachesLiveness(reached, wanted) {
      const live = faces.reachesLiveness(reached, wanted);
      decisions.add({ wanted, outcome: live ? 'live' : 'spoof' });
      return live;
    },
    rateQuality: (analysis, mode) => faces.rateQuality(analysis, mode),
  });
}
