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
    'contour-weakest',
    'contour-abruptness',
    'contour-stray',
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
          const r = picture.data[p], g = picture.data[p + 1], b = picture.data[p + 2];
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
  // Votes by angle and distance from the origin; a line that leans can have a distance below zero.
  const room = 2 * SIDE, below = SIDE / 2;
  const ballot = () => new Uint16Array((2 * LEAN + 1) * room);
  const upright = [ballot(), ballot()], level = [ballot(), ballot()];
  const vote = (votes: Uint16Array, angle: number, distance: number) => {
    // Both neighbours of the distance, as edges are two pixels wide.
    const at = (angle + LEAN) * room + Math.round(distance) + below;
    votes[at]++;
    votes[at + 1]++;
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
  const most = (votes: Uint16Array, length: number) => {
    let highest = 0;
    for (let i = 0; i < votes.length; i++) if (votes[i] > highest) highest = votes[i];
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
/** Distances from the middle, as shares of the half axes of the face's box. */
const NEAREST = 0.8, FURTHEST = 1.8, RADII = 32;

/**
 * The clearest closed curve around the face, by dynamic programming over the directions: how large its
 * step is against the usual one, how large where it is weakest, how abrupt, how round, and its size.
 */
function contour(view: FaceView): [number, number, number, number, number] {
  const { picture } = view.near;
  const { x: cx, y: cy, width, height } = view.faceIn('near');
  const pixel = (x: number, y: number): number => {
    const u = Math.max(0, Math.min(picture.width - 1, Math.round(x)));
    const v = Math.max(0, Math.min(picture.height - 1, Math.round(y)));
    return 3 * (v * picture.width + u);
  };
  const steps = new Float32Array(TURNS * RADII), near = new Float32Array(TURNS * RADII);
  for (let i = 0, k = 0; i < TURNS; i++) {
    const c = Math.cos(2 * Math.PI * i / TURNS), s = Math.sin(2 * Math.PI * i / TURNS);
    for (let j = 0; j < RADII; j++, k++) {
      const scale = NEAREST + (FURTHEST - NEAREST) * j / (RADII - 1);
      const x = cx + scale * width / 2 * c, y = cy + scale * height / 2 * s;
      const between = (d: number) => {
        const p = pixel(x + d * c, y + d * s), q = pixel(x - d * c, y - d * s);
        const sum = Math.abs(picture.data[p] - picture.data[q]) +
          Math.abs(picture.data[p + 1] - picture.data[q + 1]) +
          Math.abs(picture.data[p + 2] - picture.data[q + 2]);
        return Math.min(80, sum / 3);
      };
      steps[k] = between(2.5);
      near[k] = between(1);
    }
  }
  const path = bestPath(steps);
  const along = path.map((j, i) => steps[i * RADII + j]);
  const abrupt = path.reduce((sum, j, i) => sum + near[i * RADII + j], 0);
  const mean = along.reduce((sum, v) => sum + v, 0) / TURNS;
  const usual = steps.slice().sort()[steps.length >> 1];
  const radius = path.reduce((sum, j) => sum + j, 0) / TURNS;
  const stray = Math.sqrt(path.reduce((sum, j) => sum + (j - radius) ** 2, 0) / TURNS);
  return [
    logOf(mean + 2) - logOf(usual + 2),
    logOf(along.toSorted((p, q) => p - q)[Math.floor(0.2 * TURNS)] + 2),
    abrupt / (mean * TURNS + 1),
    stray / 4,
    radius / RADII,
  ];
}

/** Radius index per direction of the path with the largest sum, one index up or down per direction at most. */
function bestPath(steps: Float32Array): number[] {
  const sums = new Float32Array(steps.length), from = new Int8Array(steps.length);
  for (let j = 0; j < RADII; j++) sums[j] = steps[j];
  for (let i = 1; i < TURNS; i++) {
    for (let j = 0; j < RADII; j++) {
      let best = 0, most = -1;
      for (let d = -1; d <= 1; d++) {
        if (j + d < 0 || j + d >= RADII) continue;
        const sum = sums[(i - 1) * RADII + j + d];
        if (sum > most) {
          most = sum;
          best = d;
        }
      }
      sums[i * RADII + j] = most + steps[i * RADII + j];
      from[i * RADII + j] = best;
    }
  }
  const last = (TURNS - 1) * RADII;
  let j = 0;
  for (let k = 1; k < RADII; k++) if (sums[last + k] > sums[last + j]) j = k;
  const path = new Array<number>(TURNS);
  for (let i = TURNS - 1; i >= 0; i--) {
    path[i] = j;
    j += from[i * RADII + j];
  }
  return path;
}
