/** The drawing over the video: what lies outside the oval, its border, and the ticks of AppUI.TICKING. */
import { shape } from './dom.ts';
import { OVAL } from './guidance.ts';
import { HEIGHT, WIDTH } from './vision/frame.ts';

const TICKS = 60;

export interface Guide {
  readonly element: SVGElement;
  /** @param held how much of the holding still is done, 0..1 */
  show(good: boolean, held: number): void;
}

export function createGuide(ticking: boolean): Guide {
  const { x, y, rx, ry } = OVAL;
  const oval = `M${x - rx} ${y}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
  // far beyond the frame, so that no edge shows whatever the screen's shape is
  const outside = `M-2000-2000h5000v5000h-5000z${oval}`;
  const border = shape('path', { d: oval, class: 'gh-oval', pathLength: '100' });
  const held = shape('path', { d: oval, class: 'gh-held', pathLength: '100' });
  const ticks = ticking ? Array.from({ length: TICKS }, (_, i) => tick(i)) : [];
  const element = shape(
    'svg',
    {
      class: 'gh-guide',
      part: 'guide',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'xMidYMid slice',
      'aria-hidden': 'true',
    },
    shape('path', { d: outside, class: 'gh-outside', 'fill-rule': 'evenodd' }),
    border,
    ...(ticking ? ticks : [held]),
  );
  return {
    element,
    show(good, share) {
      element.classList.toggle('gh-good', good);
      held.setAttribute('stroke-dasharray', `${100 * share} 100`);
      ticks.forEach((line, i) => line.classList.toggle('gh-active', i < share * TICKS));
    },
  };
}

function tick(index: number): SVGElement {
  const angle = 2 * Math.PI * index / TICKS - Math.PI / 2;
  const at = (out: number) =>
    [OVAL.x + (OVAL.rx + out) * Math.cos(angle), OVAL.y + (OVAL.ry + out) * Math.sin(angle)]
      .map((value) => value.toFixed(1));
  const [x1, y1] = at(8), [x2, y2] = at(22);
  return shape('line', { x1, y1, x2, y2, class: 'gh-tick' });
}
