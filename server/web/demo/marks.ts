/**
 * The visibility measures over the picture, each where the guide has the part of the face that it is of. The
 * table beside it says the same in words.
 */
import { element, make } from '../home/dom.ts';

/** Measure, class of its place, and the value above which the picture is compliant (IDENTY, `is_compliant`). */
const MARKS = [
  ['top_visibility', 'top', 20],
  ['eyeR_visibility', 'eye-r', 0],
  ['eyeL_visibility', 'eye-l', 0],
  ['nose_visibility', 'nose', 45],
  ['mouth_visibility', 'mouth', 45],
  ['sideR_visibility', 'side-r', 20],
  ['sideL_visibility', 'side-l', 20],
  ['bottom_visibility', 'bottom', 20],
] as const;

export function drawMarks(measures: Readonly<Record<string, unknown>> | undefined): void {
  const marks = MARKS.flatMap(([name, place, least]) => {
    const value = measures?.[name];
    if (typeof value !== 'number') return [];
    return [make('span', `mark ${place}${value > least ? '' : ' low'}`, String(Math.round(value)))];
  });
  element('marks', HTMLElement).replaceChildren(...marks);
}
