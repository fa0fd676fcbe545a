/** The score on a line from 0 to 100, with the working points marked on it and named below it. */
import type { Level, RatingAnswer, WorkingPointAnswer } from '../../playground/answer.ts';
import { element, make } from './dom.ts';
import { strings } from './strings.ts';

/** How a verdict is coloured; the words say the same. */
export type Tone = 'good' | 'fair' | 'bad';

export function toneOf(level: Level): Tone {
  return level === 'NONE' ? 'bad' : level === 'LOW' ? 'fair' : 'good';
}

/** @param spoken the verdict in words, for those who do not see the line */
export function drawScale(
  rating: RatingAnswer,
  points: readonly WorkingPointAnswer[],
  spoken: string,
): void {
  const meter = element('meter', HTMLElement);
  meter.setAttribute('aria-valuenow', strings.score(rating.score));
  meter.setAttribute('aria-valuetext', `${strings.scoreText(rating.score)}. ${spoken}`);
  meter.parentElement?.setAttribute('class', `scale ${toneOf(rating.level)}-scale`);
  element('pin-score', HTMLElement).textContent = strings.score(rating.score);
  element('ticks', HTMLElement).replaceChildren(...points.map(({ score }) => {
    const tick = make('div', 'tick');
    tick.style.setProperty('--at', String(score));
    return tick;
  }));
  const reached = points.findIndex(({ level }) => level === rating.level);
  element('points', HTMLElement).replaceChildren(
    ...points.map((point, i) => describePoint(point, i, i <= reached)),
  );
  moveTo(meter, rating.score);
}

/** Pin and fill start from where they were, once the line is on the screen. */
function moveTo(meter: HTMLElement, score: number): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => meter.style.setProperty('--at', String(score)))
  );
}

/** Puts the pin back to 0, so that the next result moves it from there. */
export function resetScale(): void {
  element('meter', HTMLElement).style.setProperty('--at', '0');
}

function describePoint(point: WorkingPointAnswer, row: number, isReached: boolean): HTMLElement {
  const item = make('li', isReached ? 'reached' : '');
  item.style.setProperty('--at', String(point.score));
  item.style.setProperty('--row', String(row));
  const mark = make('span', 'mark', isReached ? '✓ ' : '');
  mark.ariaHidden = 'true';
  item.append(
    mark,
    make('span', '', strings.point.level[point.level]),
    ' ',
    make('span', 'at', String(point.score)),
    ' ',
    make('span', 'rate', strings.point.rate(point.fmr)),
  );
  if (point.extrapolated) {
    item.append(make('span', 'estimated', ` (${strings.point.extrapolated})`));
  }
  item.append(
    make('span', 'spoken', `, ${isReached ? strings.point.reached : strings.point.notReached}`),
  );
  return item;
}
