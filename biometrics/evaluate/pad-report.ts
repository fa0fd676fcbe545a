/** The numbers that ISO/IEC 30107-3 asks for, of one detector or of the fused system. */
import {
  equalErrorRate,
  equalErrorThreshold,
  type PadRates,
  pointRates,
  ratesAt,
  type ScoredPresentation,
  thresholdForApcer,
} from './pad-rates.ts';
import { intervalOverPeople } from './resample.ts';

interface Estimate {
  readonly value: number;
  /** 95 %, over people; see `padReport`. */
  readonly interval: readonly [low: number, high: number];
}

export interface PadReport {
  readonly system: string;
  /** Detection equal error rate against the worst species. */
  readonly eer: Estimate;
  /** BPCER at an APCER of 10 %, 5 % and 1 % of the worst species: BPCER10, BPCER20, BPCER100. */
  readonly bpcerAt: Readonly<Record<'10' | '20' | '100', Estimate>>;
  /** The same against each species alone. */
  readonly species: Readonly<
    Record<string, { readonly eer: Estimate; readonly bpcer10: Estimate }>
  >;
}

/**
 * Intervals come from drawing people again. That knows nothing of errors which these people did not make, so
 * the interval of a BPCER is never narrower than the exact one of its counts, and that of a D-EER which is the
 * same in every drawing spans the exact ones of both rates.
 * @param presentations bona fide ones and attacks
 */
export function padReport(
  system: string,
  presentations: readonly ScoredPresentation[],
): PadReport {
  const names = [...new Set(presentations.map(({ species }) => species))]
    .filter((species) => species !== null).toSorted();
  const against = (name: string) =>
    presentations.filter(({ species }) => species === null || species === name);
  return {
    system,
    eer: eer(presentations),
    bpcerAt: {
      '10': bpcerAt(presentations, 0.1),
      '20': bpcerAt(presentations, 0.05),
      '100': bpcerAt(presentations, 0.01),
    },
    species: Object.fromEntries(names.map((name) => [name, {
      eer: eer(against(name)),
      bpcer10: bpcerAt(against(name), 0.1),
    }])),
  };
}

function eer(presentations: readonly ScoredPresentation[]): Estimate {
  const value = equalErrorRate(presentations);
  const [low, high] = intervalOverPeople(presentations, equalErrorRate);
  if (low < high) return { value, interval: [low, high] };
  const { apcer, bpcer } = ratesAt(presentations, equalErrorThreshold(presentations));
  return { value, interval: around([low, high], apcer.interval, bpcer.interval) };
}

function bpcerAt(presentations: readonly ScoredPresentation[], apcer: number): Estimate {
  const threshold = (some: readonly ScoredPresentation[]) => thresholdForApcer(some, apcer);
  const drawn = intervalOverPeople(
    presentations,
    (some) => pointRates(some, threshold(some)).bpcer,
  );
  const { bpcer } = ratesAt(presentations, threshold(presentations));
  return { value: bpcer.rate, interval: around(drawn, bpcer.interval) };
}

/** The narrowest interval that holds all of them. */
function around(...intervals: Estimate['interval'][]): Estimate['interval'] {
  return [
    Math.min(...intervals.map(([low]) => low)),
    Math.max(...intervals.map(([, high]) => high)),
  ];
}

/** Error rates at thresholds that were fixed before, e.g. those of a calibration. */
export function ratesAtLevels<Level extends string>(
  presentations: readonly ScoredPresentation[],
  levels: readonly { readonly level: Level; readonly threshold: number | null }[],
): { level: Level; rates: PadRates | null }[] {
  return levels.map(({ level, threshold }) => ({
    level,
    rates: threshold === null ? null : ratesAt(presentations, threshold),
  }));
}
