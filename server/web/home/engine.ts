/** What the page says of the engine: model pack, calibration data, and what each level means on both scales. */
import type { InfoAnswer, Scale } from '../../playground/answer.ts';
import { element, make } from './dom.ts';
import { strings } from './strings.ts';

const SCALES: readonly Scale[] = ['selfie', 'picture-id'];

export function showEngine({ pack, calibration, scales }: InfoAnswer): void {
  element('engine-facts', HTMLElement).textContent = [
    strings.engine(pack.name, pack.version, pack.signed),
    calibrationText({ calibration }),
  ].join(' ');
  element('extrapolation', HTMLElement).textContent = calibration.extrapolation;
  element('levels-table', HTMLTableElement).append(
    ...SCALES.map((scale) => levelsOf(scale, scales[scale])),
  );
  element('levels', HTMLElement).hidden = false;
}

/** What the levels rest on, in a sentence or two. */
export function calibrationText({ calibration }: Pick<InfoAnswer, 'calibration'>): string {
  const { data, identities, impostorPairs, date } = calibration;
  return strings.calibration(data, identities, impostorPairs, date);
}

function levelsOf(scale: Scale, points: InfoAnswer['scales'][Scale]): HTMLElement {
  const group = make('tbody', '');
  const title = make('th', 'group', strings.scale[scale]);
  title.setAttribute('scope', 'rowgroup');
  title.setAttribute('colspan', '4');
  const head = make('tr', '');
  head.append(title);
  group.append(
    head,
    ...points.map(({ level, score, fmr, threshold, extrapolated }) => {
      const row = make('tr', '');
      const name = make('th', '', strings.point.level[level]);
      name.setAttribute('scope', 'row');
      const rate = strings.point.rate(fmr) + (extrapolated ? strings.point.star : '');
      row.append(
        name,
        ...[String(score), rate, threshold.toFixed(4)].map((text) => make('td', '', text)),
      );
      return row;
    }),
  );
  return group;
}
