/**
 * A face service that reads its answer from the first pixel of a photo, and a painter of such photos:
 * the page meets every kind of result without networks. Rating is the real one.
 */
import calibration from '../../../models/default/calibration-match.json' with { type: 'json' };
import { FaceError } from '../../../biometrics/errors.ts';
import { decodePicture, encodePng } from '../../../biometrics/image/mod.ts';
import { parseCalibration } from '../../../biometrics/match/calibration.ts';
import { rateSimilarity } from '../../../biometrics/match/rating.ts';
import { similarity } from '../../../biometrics/match/similarity.ts';
import type { DetectedFace } from '../../../biometrics/types.ts';
import { ServerError } from '../../../server/core/errors.ts';
import type { FaceService } from '../../../server/core/face/service.ts';
import type { FaceEngineInfo } from '../../../server/core/face/engine.ts';
import { PROCESSOR } from '../../../server/core/inference/choose-backend.ts';

const CALIBRATION = parseCalibration(new TextEncoder().encode(JSON.stringify(calibration)));
const WIDTH = 240;
const HEIGHT = 300;
const MESH_POINTS = 468;
/** Eye corners of the mesh with their places in the painted face. */
const EYES = [[33, 80, 130], [133, 105, 130], [362, 135, 130], [263, 160, 130]] as const;

export interface Painted {
  readonly faces: number;
  /** Similarity to a photo of similarity 1, 0..1 in steps of 1/250. */
  readonly similarity: number;
}

/** A PNG of a simple face; its first pixel says what the service makes of it. */
export function paint({ faces, similarity: value }: Painted): Promise<Uint8Array> {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isFace = ((x - 120) / 75) ** 2 + ((y - 150) / 105) ** 2 < 1;
      const isEye = EYES.some(([, ex, ey]) => (x - ex) ** 2 + (y - ey) ** 2 < 60);
      const color = isEye ? [40, 50, 60] : isFace ? [222, 178, 150] : [90, 120 + y / 5, 150];
      data.set(color, 3 * (y * WIDTH + x));
    }
  }
  data.set([faces, Math.round(value * 250), 0], 0);
  return encodePng({ width: WIDTH, height: HEIGHT, data });
}

export interface PaintedFaces extends FaceService {
  readonly info: FaceEngineInfo;
  /** Makes the next comparisons find no room. */
  busy: boolean;
  close(): void;
}

export function paintedFaces(): PaintedFaces {
  const service: PaintedFaces = {
    ready: true,
    busy: false,
    info: {
      pack: { name: 'painted', version: '1.0.0', signed: true },
      calibration: CALIBRATION,
      inference: PROCESSOR,
    },
    close() {},
    async extract(image) {
      if (service.busy) throw new ServerError('BUSY', 'queue is full');
      const { width, height, data } = await decodePicture(image, { maxSide: 1280 });
      const [faces, value] = data;
      if (faces === 0) throw new FaceError('NO_FACE', 'no face');
      const angle = Math.acos(Math.min(1, value / 250));
      return {
        queueMs: 0.4,
        analysis: {
          width,
          height,
          faces: Array.from({ length: Math.min(faces, 3) }, (_, i) => face(i)),
          mesh: mesh(),
          template: {
            modelId: CALIBRATION.modelId,
            vector: new Float32Array([Math.cos(angle), Math.sin(angle)]),
          },
          signals: { presence: 1, embedders: [] },
          timingsMs: { decode: 1.5, detect: 12.25, mesh: 6.5, embed: 48 },
        },
      };
    },
    judge: () => Promise.reject(new Error('not painted')),
    rateLiveness: () => {
      throw new Error('not painted');
    },
    reachesLiveness: () => false,
    rateQuality: () => {
      throw new Error('not painted');
    },
    likeness: () => {
      throw new Error('not painted');
    },
    rate(probe, reference, purpose) {
      const value = similarity(probe, reference);
      return { similarity: value, ...rateSimilarity(CALIBRATION, value, purpose) };
    },
  };
  return service;
}

function face(index: number): DetectedFace {
  const box = { left: 45, top: 75 + index, right: 195, bottom: 225 - 40 * index };
  return { box, confidence: 0.97 - index / 10, keyPoints: new Float32Array(12) };
}

/** Points in rings over the painted face, with the named ones where they belong. */
function mesh(): Float32Array {
  const points = new Float32Array(3 * MESH_POINTS);
  for (let i = 0; i < MESH_POINTS; i++) {
    const ring = 1 + i % 9, angle = i / MESH_POINTS * 2 * Math.PI;
    points[3 * i] = 120 + Math.cos(angle * 9) * ring * 8;
    points[3 * i + 1] = 150 + Math.sin(angle * 9) * ring * 11;
  }
  const put = (i: number, x: number, y: number) => points.set([x, y, 0], 3 * i);
  for (const [i, x, y] of EYES) put(i, x, y);
  put(10, 120, 50);
  put(152, 120, 250);
  return points;
}
