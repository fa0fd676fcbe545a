/**
 * Edges of something held before the camera: long straight lines beside, above or below the face (the
 * rim of a print, the bezel of a display), and one clear edge all around the face (a face cut out of
 * paper). Pure black is skipped: turned pictures are filled up with it.
 */
import type { PadDetector } from '../detector.ts';
import type { FaceView } from '../face-view.ts';
import { type Plane } from '../face-view.ts';
import { logOf } from '../statistics.ts';

/** Longest side in pixels of the reduced picture that lines are looked for in, at least half of it. */
const SIDE = 256;
const BLACK = 6;
/** Lines may lean this far, in steps of 2 degrees. */
const LEAN = 10;
const STEP = 2 * Math.PI / 180;
/** Smallest difference over two pixels that counts as an edge. */
const EDGE = 10;

export const mediumBorder: PadDetector = {
  id: 'medium-border',
  features: [
    'strongest-line',
    'second-line',
    'lines-beside',
    'lines-above-below',
    'mean-line',
    'contour-step',
    'contour-share',
    'contour-size',
  ],
  words: {
    attack: 'straight edges or a cut edge around the face',
    bonaFide: 'no edges of a medium around the face',
  },
  measure({ view }) {
    const small = reduced(view);
    const [left, right, top, bottom] = lines(small);
    const sorted = [left, right, top, bottom].toSorted((a, b) => b - a);
    return [
      sorted[0],
      sorted[1],
      Math.min(left, right),
      Math.min(top, bottom),
      (left + right + top + bottom) / 4,
      ...contour(view),
    ];
  },
};

interface Reduced extends Plane {
  /** Face in pixels of this plane. */
  readonly face: { left: number; right: number; top: number; bottom: number };
}

function reduced(view: FaceView): Reduced {
  const { picture, step } = view.near;
  const by = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SIDE));
  const width = Math.floor(picture.width / by), height = Math.floor(picture.height / by);
  const data = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let sum = 0, black = false;
      for (let v = 0; v < by; v++) {
        let p = 3 * ((y * by + v) * picture.width + x * by);
        for (let u = 0; u < by; u++, p += 3) {
          const [r, g, b] = [picture.data[p], picture.data[p + 1], picture.data[p + 2]];
          if (r < BLACK && g < BLACK && b < BLACK) black = true;
          sum += 0.299 * r + 0.587 * g + 0.114 * b;
        }
      }
      data[i] = black ? NaN : sum / (by * by);
    }
  }
  const scale = 1 / (step * by);
  const { left, right, top, bottom } = view.face;
  return {
    width,
    height,
    data,
    face: { left: left * scale, right: right * scale, top: top * scale, bottom: bottom * scale },
  };
}

/** Strongest line left of, right of, above and below the face: share of the face's height or width it covers, at most 2. */
function lines(small: Reduced): [number, number, number, number] {
  const { width, height, data, face } = small;
  const upright = [new Map<number, number>(), new Map<number, number>()];
  const level = [new Map<number, number>(), new Map<number, number>()];
  const vote = (votes: Map<number, number>, angle: number, distance: number) => {
    // Both neighbours of the distance, as edges are two pixels wide.
    for (const d of [Math.round(distance), Math.round(distance) + 1]) {
      const key = (angle + LEAN) * 4096 + d + 1024;
      votes.set(key, (votes.get(key) ?? 0) + 1);
    }
  };
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const gx = data[i + 1] - data[i - 1], gy = data[i + width] - data[i - width];
      // NaN, next to pure black, fails both comparisons.
      if (Math.abs(gx) > EDGE && Math.abs(gy) < 0.4 * Math.abs(gx)) {
        const side = x < face.left ? 0 : x > face.right ? 1 : -1;
        const angle = Math.round(Math.atan(gy / gx) / STEP);
        if (side >= 0 && Math.abs(angle) <= LEAN) {
          vote(upright[side], angle, x * Math.cos(angle * STEP) + y * Math.sin(angle * STEP));
        }
      } else if (Math.abs(gy) > EDGE && Math.abs(gx) < 0.4 * Math.abs(gy)) {
        const side = y < face.top ? 0 : y > face.bottom ? 1 : -1;
        const angle = Math.round(Math.atan(gx / gy) / STEP);
        if (side >= 0 && Math.abs(angle) <= LEAN) {
          vote(level[side], angle, y * Math.cos(angle * STEP) + x * Math.sin(angle * STEP));
        }
      }
    }
  }
  const most = (votes: Map<number, number>, length: number) => {
    let highest = 0;
    for (const count of votes.values()) highest = Math.max(highest, count);
    return Math.min(2, highest / length);
  };
  return [
    most(upright[0], face.bottom - face.top),
    most(upright[1], face.bottom - face.top),
    most(level[0], face.right - face.left),
    most(level[1], face.right - face.left),
  ];
}

const TURNS = 72;

/** The clearest closed edge around the face: its step, the share of directions that show it, its size. */
function contour(view: FaceView): [number, number, number] {
  const { picture } = view.near;
  const { x: cx, y: cy, width, height } = view.faceIn('near');
  const luma = (x: number, y: number): number => {
    const u = Math.max(0, Math.min(picture.width - 1, Math.round(x)));
    const v = Math.max(0, Math.min(picture.height - 1, Math.round(y)));
    const p = 3 * (v * picture.width + u);
    return 0.299 * picture.data[p] + 0.587 * picture.data[p + 1] + 0.114 * picture.data[p + 2];
  };
  let best = 0, share = 0, size = 0;
  const total: number[] = [];
  for (let scale = 0.9; scale < 1.7; scale += 0.05) {
    let sum = 0, edges = 0;
    for (let i = 0; i < TURNS; i++) {
      const c = Math.cos(2 * Math.PI * i / TURNS), s = Math.sin(2 * Math.PI * i / TURNS);
      const a = scale * width / 2, b = scale * height / 2;
      const step = Math.abs(
        luma(cx + (a + 3) * c, cy + (b + 3) * s) - luma(cx + (a - 3) * c, cy + (b - 3) * s),
      );
      sum += Math.min(60, step);
      if (step > 20) edges++;
    }
    total.push(sum / TURNS);
    if (sum / TURNS > best) {
      best = sum / TURNS;
      share = edges / TURNS;
      size = scale;
    }
  }
  const usual = total.toSorted((p, q) => p - q)[total.length >> 1];
  return [logOf(best + 2) - logOf(usual + 2), share, size];
}
