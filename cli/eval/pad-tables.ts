/** Tables of PAD error rates, the same for evaluation and training. */
import type { PadReport } from '../../biometrics/evaluate/mod.ts';
import { table } from '../command.ts';
import type { PresentationCount } from './pad-measure.ts';

/** How many presentations of each kind were judged, and why the others were not. */
export function countTable(
  bonaFide: PresentationCount,
  species: Readonly<Record<string, PresentationCount>>,
): string {
  return table([
    ['presentations', 'judged', 'without a face', 'unreadable'],
    ...[['bona fide', bonaFide] as const, ...Object.entries(species)].map(([name, count]) => [
      name,
      ...[count.judged, count.withoutFace, count.unreadable].map(String),
    ]),
  ]);
}

/** One row per system: equal error rate, BPCER at three APCERs, BPCER10 against each species; percent with 95 % intervals. */
export function reportTables(reports: readonly PadReport[]): string {
  const names = Object.keys(reports[0]?.species ?? {});
  return '%, 95 % intervals over people\n' + table([
    ['', 'D-EER', 'BPCER10', 'BPCER20', 'BPCER100', ...names.map((name) => `BPCER10 ${name}`)],
    ...reports.map(({ system, eer, bpcerAt, species }) => [
      system,
      estimate(eer),
      estimate(bpcerAt[10]),
      estimate(bpcerAt[20]),
      estimate(bpcerAt[100]),
      ...names.map((name) => estimate(species[name].bpcer10)),
    ]),
  ]);
}

function estimate({ value, interval }: PadReport['eer']): string {
  const percent = (v: number) => (100 * v).toFixed(1);
  return `${percent(value)} (${percent(interval[0])}-${percent(interval[1])})`;
}
