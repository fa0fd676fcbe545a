/**
 * A face service without networks: what a picture shows is written in it, after the magic bytes of a
 * JPEG. It lets the HTTP tests reach every outcome of the use case.
 */
import { FaceError } from '../../../biometrics/errors.ts';
import type { FaceTemplate } from '../../../biometrics/types.ts';
import { ServerError } from '../../../server/core/errors.ts';
import type { Extraction, FaceRating, FaceService } from '../../../server/core/face/service.ts';

const encoder = new TextEncoder();

/** Bytes that start like a JPEG and say what they show, e.g. "face 0.5" or "none". */
export function picture(says: string): Uint8Array {
  return new Uint8Array([0xff, 0xd8, 0xff, ...encoder.encode(says)]);
}

export function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

export interface FakeFaces extends FaceService {
  ready: boolean;
  close(): void;
  /** Pictures handed over so far. */
  readonly seen: string[];
}

/** `face X [N]` has N faces whose template is at angle X from the reference direction, in radians. */
export function fakeFaces(): FakeFaces {
  const seen: string[] = [];
  return {
    ready: true,
    seen,
    close() {},
    async extract(image, signal): Promise<Extraction> {
      const says = new TextDecoder().decode(image.subarray(3));
      seen.push(says);
      const [kind, value, count] = says.split(' ');
      if (kind === 'slow') await sleep(Number(value), signal);
      if (kind === 'none') throw new FaceError('NO_FACE', 'image: no face');
      if (kind === 'broken') throw new FaceError('IMAGE_UNDECODABLE', 'jpeg: truncated');
      if (kind === 'large') throw new FaceError('IMAGE_TOO_LARGE', 'png: too many pixels');
      if (kind === 'tiny') throw new FaceError('IMAGE_UNSUPPORTED', 'png: 1x1');
      if (kind === 'crash') throw new ServerError('WORKER_CRASHED', 'worker ended in its job');
      if (kind === 'busy') throw new ServerError('BUSY', 'queue is full');
      if (kind === 'bug') throw new TypeError('secret detail of a bug');
      return extraction(kind === 'face' ? Number(value) : 0, Number(count ?? 1));
    },
    rate(probe: FaceTemplate, reference: FaceTemplate): FaceRating {
      const similarity = probe.vector[0] * reference.vector[0] +
        probe.vector[1] * reference.vector[1];
      const level = similarity > 0.99 ? 'HIGHEST' : similarity > 0.5 ? 'MEDIUM' : 'NONE';
      return { similarity, similarityScore: Math.max(0, similarity) * 99.9, level };
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function extraction(angle: number, faces: number): Extraction {
  const face = {
    box: { left: 0, top: 0, right: 1, bottom: 1 },
    confidence: 1,
    keyPoints: new Float32Array(12),
  };
  return {
    queueMs: 1,
    analysis: {
      width: 480,
      height: 640,
      faces: Array.from({ length: faces }, () => face),
      mesh: new Float32Array(468 * 3),
      template: {
        modelId: '0123456789abcdef',
        vector: new Float32Array([Math.cos(angle), Math.sin(angle)]),
      },
      signals: { presence: 1, embedders: [] },
      timingsMs: { decode: 1, detect: 2, mesh: 3, embed: 4 },
    },
  };
}
