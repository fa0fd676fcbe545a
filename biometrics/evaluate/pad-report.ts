/** The numbers that ISO/IEC 30107-3 asks for, of one detector or of the fused system. */
import {
  equalErrorRate,
  type PadRates,
  pointRates,
  ratesAt,
  type ScoredPresentation,
  thresholdForApcer,
} from './pad-rates.ts';
import { intervalOverPeople } from './resample.ts';

interface Estimate {
  readonly value: number;
  /** 95 %, over people. */
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

export function padReport(
  system: string,
  presentations: readonly ScoredPresentation[],
): PadReport {
  const estimate = (
    some: readonly ScoredPresentation[],
    statistic: (drawn: readonly ScoredPresentation[]) => number,
  ): Estimate => ({ value: statistic(some), interval: intervalOverPeople(some, statistic) });
  const names = [...new Set(presentations.map(({ species }) => species))]
    .filter((species) => species !== null).toSorted();
  const against = (name: string) =>
    presentations.filter(({ species }) => species === null || species === name);
  return {
    system,
    eer: estimate(presentations, equalErrorRate),
    bpcerAt: {
      '10': estimate(presentations, bpcerAt(0.1)),
      '20': estimate(presentations, bpcerAt(0.05)),
      '100': estimate(presentations, bpcerAt(0.01)),
    },
    species: Object.fromEntries(names.map((name) => [name, {
      eer: estimate(against(name), equalErrorRate),
      bpcer10: estimate(against(name), bpcerAt(0.1)),
    }])),
  };
}

function bpcerAt(apcer: number) {
  return (presentations: readonly ScoredPresentation[]) =>
    pointRates(presentations, thresholdForApcer(presentations, apcer)).bpcer;
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
