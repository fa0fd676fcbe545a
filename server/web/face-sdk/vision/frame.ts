/** A frame of the camera as the picture that is captured: 480 x 640, cut out of the middle, not mirrored. */
import type { Affine } from '../../../../biometrics/align/affine.ts';

export const WIDTH = 480;
export const HEIGHT = 640;
const JPEG_QUALITY = 0.92;

type Context = CanvasRenderingContext2D;

function contextOf(width: number, height: number): Context {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new Error('no canvas');
  return context;
}

export class Frame {
  readonly #picture = contextOf(WIDTH, HEIGHT);
  readonly #crops = new Map<number, Context>();

  /** Takes over the current picture of the video. */
  take(video: HTMLVideoElement): void {
    const { videoWidth, videoHeight } = video;
    const scale = Math.min(videoWidth / WIDTH, videoHeight / HEIGHT);
    const width = WIDTH * scale, height = HEIGHT * scale;
    const left = (videoWidth - width) / 2, top = (videoHeight - height) / 2;
    this.#picture.drawImage(video, left, top, width, height, 0, 0, WIDTH, HEIGHT);
  }

  /** A square crop as red, green, blue, opacity. @param m crop pixel -> frame pixel */
  crop(m: Affine, size: number): Uint8ClampedArray {
    let context = this.#crops.get(size);
    if (context === undefined) this.#crops.set(size, context = contextOf(size, size));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, size, size);
    context.setTransform(...inverse(m));
    context.imageSmoothingQuality = 'medium';
    context.drawImage(this.#picture.canvas, 0, 0);
    return context.getImageData(0, 0, size, size).data;
  }

  jpeg(): Promise<Blob> {
    return new Promise((resolve, reject) =>
      this.#picture.canvas.toBlob(
        (blob) => blob === null ? reject(new Error('no JPEG')) : resolve(blob),
        'image/jpeg',
        JPEG_QUALITY,
      )
    );
  }
}

/** Frame -> crop as a canvas has it, whose positions count from the corner of a pixel, not its centre. */
function inverse([a, b, c, d, e, f]: Affine): [number, number, number, number, number, number] {
  const det = a * e - b * d;
  const [p, q, r, s] = [e / det, -d / det, -b / det, a / det];
  // centres: u = p x + r y + t; corners are half a pixel away on both sides
  const t = -(p * c + r * f), u = -(q * c + s * f);
  return [p, q, r, s, t + 0.5 - (p + r) / 2, u + 0.5 - (q + s) / 2];
}
