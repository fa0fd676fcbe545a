/** Sequences of rendered frames: one still, one kind of surface, a smooth motion, blinks. */
import type { Picture } from '../../biometrics/types.ts';
import { closeLids } from './lids.ts';
import { type Camera, type Placement, render, sample, sensorNoise } from './render.ts';
import { type SurfaceKind, surfaceOf } from './surface.ts';

export interface SequencePlan {
  readonly kind: SurfaceKind;
  /** A hand also shifts and turns what it holds; a tripod holds it still, whatever the amplitude. */
  readonly held: 'hand' | 'tripod';
  /** Greatest yaw in degrees; pitch and roll get less. */
  readonly amplitude: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Start of each blink in milliseconds. */
  readonly blinksMs?: readonly number[];
  /** Sensor noise, standard deviation in grey levels. */
  readonly noise: number;
  readonly camera: Camera;
}

export interface RenderedFrame {
  readonly timeMs: number;
  readonly picture: Picture;
}

/** A blink: lids fall in 80 ms, stay for 60 ms and rise in 140 ms. */
const FALL_MS = 80, SHUT_MS = 60, RISE_MS = 140;

/**
 * @param mesh 468 points in the still
 * @param random numbers in -1..1
 */
export function* renderSequence(
  plan: SequencePlan,
  still: Picture,
  mesh: Float32Array,
  random: () => number,
): Generator<RenderedFrame> {
  const surface = surfaceOf(plan.kind, still, mesh);
  const background = surroundings(still, plan.camera);
  const motion = smoothMotion(plan.amplitude, plan.held === 'hand' ? 1 : 0, random);
  const addNoise = sensorNoise(plan.noise, random);
  for (let i = 0; i < plan.frames; i++) {
    const timeMs = i * 1000 / plan.framesPerSecond;
    const closed = Math.max(0, ...(plan.blinksMs ?? []).map((start) => lidsAt(timeMs - start)));
    const texture = closeLids(still, mesh, closed);
    const picture = render(surface, texture, motion(timeMs / 1000), plan.camera, background);
    addNoise(picture);
    yield { timeMs, picture };
  }
}

/** How far the lids are closed so long after the start of a blink. */
function lidsAt(sinceMs: number): number {
  if (sinceMs < 0) return 0;
  if (sinceMs < FALL_MS) return sinceMs / FALL_MS;
  if (sinceMs < FALL_MS + SHUT_MS) return 1;
  return Math.max(0, 1 - (sinceMs - FALL_MS - SHUT_MS) / RISE_MS);
}

/** Small sines of different rates and phases about a frontal placement. */
function smoothMotion(
  amplitude: number,
  unrest: number,
  random: () => number,
): (seconds: number) => Placement {
  const sine = (extent: number) => {
    const size = unrest * extent;
    const rate = 0.5 + 0.2 * random(), phase = Math.PI * random();
    return (t: number) => size * Math.sin(2 * Math.PI * rate * t + phase);
  };
  const yaw = sine(amplitude), pitch = sine(0.6 * amplitude), roll = sine(0.4 * amplitude);
  const x = sine(0.05), y = sine(0.04), away = sine(0.06);
  const distance = 3.2 + 0.7 * random();
  return (t) => ({
    yaw: yaw(t),
    pitch: pitch(t),
    roll: roll(t),
    x: x(t),
    y: y(t),
    distance: distance * (1 + away(t)),
  });
}

/** A blurred, darker enlargement of the still as the room behind. */
function surroundings(still: Picture, { width, height }: Camera): Picture {
  const data = new Uint8Array(width * height * 3);
  const coarse = 10, sum = new Float32Array(3), one = new Uint8Array(3);
  const cells: number[][] = [];
  for (let i = 0; i < coarse * coarse; i++) {
    sum.fill(0);
    for (let k = 0; k < 16; k++) {
      const u = (i % coarse + (k % 4) / 4) * still.width / coarse;
      const v = (Math.floor(i / coarse) + Math.floor(k / 4) / 4) * still.height / coarse;
      sample(still, u, v, one, 0);
      for (let c = 0; c < 3; c++) sum[c] += one[c] / 16;
    }
    cells.push([...sum]);
  }
  const small: Picture = {
    width: coarse,
    height: coarse,
    data: Uint8Array.from(cells.flat(), (value) => 0.7 * value),
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x * coarse / width - 0.5, v = y * coarse / height - 0.5;
      sample(small, u, v, data, 3 * (y * width + x));
    }
  }
  return { width, height, data };
}
