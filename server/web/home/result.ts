/** The result: verdict in words, aligned faces, the scale, what it rests on, timings. */
import type {
  CompareAnswer,
  InfoAnswer,
  RatingAnswer,
  Scale,
  Stage,
  WorkingPointAnswer,
} from '../../playground/answer.ts';
import { drawCrop } from './crop.ts';
import { element, make, say } from './dom.ts';
import { calibrationText } from './engine.ts';
import { drawScale, resetScale, toneOf } from './scale.ts';
import type { Slot } from './slot.ts';
import { strings } from './strings.ts';

const STAGES: readonly Stage[] = ['queue', 'decode', 'detect', 'mesh', 'embed'];

interface Verdict {
  readonly headline: string;
  readonly detail: string;
  readonly extrapolated: boolean;
}

/** @param points of the scale the rating is on, weakest first */
function verdictOf(rating: RatingAnswer, points: readonly WorkingPointAnswer[]): Verdict {
  const { none, noneDetail, weak, weakDetail, match, detail } = strings.verdict;
  const point = points.find(({ level }) => level === rating.level);
  if (rating.level === 'NONE' || point === undefined) {
    return { headline: none, detail: noneDetail(points[0].fmr), extrapolated: false };
  }
  const { fmr, extrapolated } = point;
  return rating.level === 'LOW'
    ? { headline: weak, detail: weakDetail(fmr), extrapolated }
    : { headline: match(rating.level), detail: detail(fmr), extrapolated };
}

/**
 * Shows the verdict on one of the scales.
 * @returns it in one sentence, to be announced
 */
export function showVerdict(answer: CompareAnswer, info: InfoAnswer, scale: Scale): string {
  const rating = answer.ratings[scale];
  const { headline, detail, extrapolated } = verdictOf(rating, info.scales[scale]);
  element('verdict', HTMLElement).className = `verdict ${toneOf(rating.level)}`;
  element('headline', HTMLElement).textContent = headline;
  element('detail', HTMLElement).textContent = detail;
  say(
    element('extrapolated', HTMLElement),
    extrapolated ? strings.verdict.extrapolated : undefined,
  );
  drawScale(rating, info.scales[scale], headline);
  return strings.status.done(strings.score(rating.score), headline);
}

/** Shows everything that does not depend on the scale. */
export async function showResult(
  answer: CompareAnswer,
  info: InfoAnswer,
  slots: readonly Slot[],
): Promise<void> {
  element('calibration', HTMLElement).textContent = calibrationText(info);
  element('liveness', HTMLElement).textContent = strings.liveness;
  element('similarity', HTMLElement).textContent = strings.similarity(answer.similarity);
  showTimings(answer);
  element('result', HTMLElement).hidden = false;
  for (const slot of slots) {
    const photo = answer.photos[slot.side];
    await slot.describe(photo);
    drawCrop(element(`crop-${slot.side}`, HTMLCanvasElement), photo, await slot.image());
  }
}

export function hideResult(): void {
  element('result', HTMLElement).hidden = true;
  resetScale();
}

function showTimings(answer: CompareAnswer): void {
  const { a, b } = answer.photos;
  const rows = STAGES.map((stage) =>
    row(strings.stage[stage], [a.timingsMs[stage], b.timingsMs[stage]])
  );
  const total = row(strings.total, [answer.totalMs]);
  total.lastElementChild?.setAttribute('colspan', '2');
  element('timings', HTMLElement).replaceChildren(...rows, total);
  element('timings-total', HTMLElement).textContent = strings.timings(answer.totalMs);
}

function row(name: string, values: readonly number[]): HTMLElement {
  const created = make('tr', '');
  const head = make('th', '', name);
  head.setAttribute('scope', 'row');
  created.append(head, ...values.map((value) => make('td', '', strings.milliseconds(value))));
  return created;
}
