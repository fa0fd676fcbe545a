/**
 * Films for the fake camera of Chromium: a photograph that moves a little, as a person before a camera does,
 * in the uncompressed format that Chromium plays in a loop (YUV4MPEG2).
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { photograph } from '../../biometrics/support/engine.ts';

const WIDTH = 640;
const HEIGHT = 480;
/** Two seconds at this rate; the movement has come back by then. */
const FPS = 15;
const FRAMES = 30;

/** A part of a photograph that fills the film; four thirds as wide as high. */
interface Part {
  readonly photo: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** Nothing moves, as where a program plays a photograph. */
  readonly frozen?: boolean;
}

const FACE: Part = { photo: 5, left: 82, top: 780, width: 750 };
const FILMS = {
  face: FACE,
  frozen: { ...FACE, frozen: true },
  faces: { photo: 6, left: 217, top: 0, width: 1600 },
  far: { photo: 6, left: 100, top: 60, width: 1450 },
} satisfies Record<string, Part>;
export type FilmName = keyof typeof FILMS | 'black';

const ready = new Map<string, Promise<string>>();

/** Path of the film, made once per process. @param fps frames per second: another speed of the same film */
export function film(name: FilmName, fps = FPS): Promise<string> {
  const key = `${name}-${fps}`;
  let made = ready.get(key);
  if (made === undefined) ready.set(key, made = write(name, fps));
  return made;
}

async function write(name: FilmName, fps: number): Promise<string> {
  const path = join(tmpdir(), `gatehouse-camera-${process.pid}-${name}-${fps}.y4m`);
  const file = Bun.file(path).writer();
  file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${fps}:1 Ip A1:1 C420jpeg\n`);
  for (let i = 0; i < FRAMES; i++) {
    file.write('FRAME\n');
    file.write(planes(name === 'black' ? undefined : await still(FILMS[name], i)));
  }
  await file.end();
  return path;
}

/** Red, green, blue of one frame: a head that sways by a hundredth of the picture. */
async function still(
  { photo, left, top, width, frozen }: Part,
  index: number,
): Promise<Uint8Array> {
  const phase = 2 * Math.PI * index / FRAMES, sway = frozen ? 0 : width / 200;
  return await sharp(photograph(photo))
    .extract({
      left: Math.round(left + sway * Math.sin(phase)),
      top: Math.round(top + sway * (1 - Math.cos(phase)) / 2),
      width,
      height: Math.round(width * 3 / 4),
    })
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** Full-range BT.601 with chroma at half size; black without pixels. */
function planes(rgb: Uint8Array | undefined): Uint8Array {
  const size = WIDTH * HEIGHT, out = new Uint8Array(size * 3 / 2);
  out.fill(128, size);
  if (rgb === undefined) return out;
  for (let i = 0; i < size; i++) {
    out[i] = 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  }
  let u = size, v = size * 5 / 4;
  for (let y = 0; y < HEIGHT; y += 2) {
    for (let x = 0; x < WIDTH; x += 2) {
      const i = 3 * (y * WIDTH + x);
      const luma = 0.299 * rgb[i] + 0.587 * rgb[i + 1] + 0.114 * rgb[i + 2];
      out[u++] = Math.max(0, Math.min(255, 128 + (rgb[i + 2] - luma) * 0.564));
      out[v++] = Math.max(0, Math.min(255, 128 + (rgb[i] - luma) * 0.713));
    }
  }
  return out;
}
