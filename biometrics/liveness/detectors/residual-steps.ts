/**
 * How neighbouring differences follow each other: counts of four successive steps between pixels, each
 * smaller, equal or larger than usual (the co-occurrences of Pevny, Bas and Fridrich 2010). Whatever
 * rendered, printed or resampled a picture leaves steps in other successions than a lens does.
 */
import type { PadDetector } from '../detector.ts';
import { type Plane, WINDOW } from '../face-view.ts';
import { medianSize } from '../statistics.ts';

const ORDER = 4;
/** Step codes 0 down, 1 level, 2 up; successions that mirror or reverse each other count as one. */
const CLASS_OF = classes();
const CLASSES = Math.max(...CLASS_OF) + 1;

export const residualSteps: PadDetector = {
  id: 'residual-steps',
  features: ['luma', 'red-difference'].flatMap((plane) =>
    Array.from({ length: CLASSES - 1 }, (_, i) => `${plane}-succession-${i}`)
  ),
  words: {
    attack: 'successions of fine steps as of a recaptured picture',
    bonaFide: 'successions of fine steps as of a lens',
  },
  measure({ view }) {
    const { y, cr } = view.planes('near');
    return [...successions(y), ...successions(cr)];
  },
};

function classes(): Uint8Array {
  const codes = 3 ** ORDER;
  const digits = (code: number) =>
    Array.from({ length: ORDER }, (_, i) => Math.floor(code / 3 ** i) % 3);
  const code = (list: readonly number[]) => list.reduce((sum, d, i) => sum + d * 3 ** i, 0);
  const classOf = new Uint8Array(codes), names = new Map<number, number>();
  for (let c = 0; c < codes; c++) {
    const own = digits(c), negative = own.map((d) => 2 - d);
    const least = Math.min(
      c,
      code(negative),
      code(own.toReversed().map((d) => 2 - d)),
      code(own.toReversed()),
    );
    if (!names.has(least)) names.set(least, names.size);
    classOf[c] = names.get(least)!;
  }
  return classOf;
}

/** Shares of the classes, scaled by ten; the last is left out as they sum to one. */
function successions({ data }: Plane): number[] {
  const n = WINDOW * WINDOW;
  const steps = new Float32Array(n);
  for (let i = 0; i + 1 < n; i++) steps[i] = data[i + 1] - data[i];
  const limit = 0.7 * medianSize(steps) + 0.2;
  const counts = new Uint32Array(CLASSES);
  const walk = (step: number, line: number) => {
    for (let j = 0; j < WINDOW; j++) {
      let code = 0, at = j * line;
      for (let i = 0; i + 1 < WINDOW; i++, at += step) {
        const d = data[at + step] - data[at];
        code = Math.floor(code / 3) + 27 * (d > limit ? 2 : d < -limit ? 0 : 1);
        if (i >= ORDER - 1) counts[CLASS_OF[code]]++;
      }
    }
  };
  walk(1, WINDOW);
  walk(WINDOW, 1);
  const total = counts.reduce((sum, v) => sum + v, 0);
  return Array.from(counts.subarray(0, CLASSES - 1), (v) => 10 * v / total);
}
