/**
 * A face service without networks: what a picture shows is written in it, in the comment of a JPEG without
 * pixels or in another format. It lets the HTTP tests reach every outcome of the use case. Whether a picture
 * is good enough is decided by the gates of the default pack, on the measures that it says it has.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaceError } from '../../../biometrics/errors.ts';
import { decodePicture, encodePng } from '../../../biometrics/image/mod.ts';
import { type LivenessLevel, refuses } from '../../../biometrics/liveness/mod.ts';
import {
  type FaceMeasures,
  judgeQuality,
  measureInputs,
  parseQualityCalibration,
} from '../../../biometrics/quality/mod.ts';
import type { FaceTemplate } from '../../../biometrics/types.ts';
import type { Pack } from '../../../models/mod.ts';
import { ServerError } from '../../../server/core/errors.ts';
import type {
  Extraction,
  FaceRating,
  FaceService,
  QualityRating,
} from '../../../server/core/face/service.ts';

const encoder = new TextEncoder();

/**
 * A JPEG of no pixels that says what it shows, e.g. "face 0.5" or "none"; of 480 x 640 unless it says otherwise
 * (`width=640 height=480`).
 */
export function picture(says: string): Uint8Array {
  // the space keeps the length before it from becoming part of the first word
  const text = encoder.encode(` ${says}`), length = text.length + 2;
  const [width, height] = [
    /width=(\d+)/.exec(says)?.[1] ?? 480,
    /height=(\d+)/.exec(says)?.[1] ?? 640,
  ]
    .map(Number);
  return new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xfe, length >> 8, length & 0xff, ...text],
    ...[0xff, 0xc0, 0, 11, 8, height >> 8, height & 0xff, width >> 8, width & 0xff],
    ...[1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9],
  ]);
}

export function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

export interface FakeFaces extends FaceService {
  ready: boolean;
  close(): void;
  /** Pictures handed over so far. */
  readonly seen: string[];
  /** What the Face SDK is given its networks from. */
  pack?: Pack;
}

const { gates } = parseQualityCalibration(
  readFileSync(join(import.meta.dir, '../../../models/default/calibration-quality.json')),
);

/** What a picture says it shows: the printable text from one of the words below on. */
const SAYS = /\b(?:face|slow|none|broken|large|tiny|crash|busy|bug)\b[ -~]*/;

function saidBy(image: Uint8Array): string {
  const text = new TextDecoder().decode(image.subarray(3));
  return SAYS.exec(text)?.[0] ?? text;
}

/** Levels that the fake calibration supports, by the score they need. */
const LEVELS: readonly (readonly [LivenessLevel, number])[] = [
  ['LOW', 0.5],
  ['BALANCED_HIGH', 0.8],
  ['BALANCED_VERY_HIGH', 0.9],
];

/**
 * `face X [N [LIVE [QUALITY]]] [NAME=VALUE]...` has N faces whose template is at angle X from the reference
 * direction, in radians; liveness LIVE and quality QUALITY, 0..1 each; `width`, `height` and measures by
 * their names.
 */
export function fakeFaces(): FakeFaces {
  const seen: string[] = [];
  return {
    ready: true,
    seen,
    close() {},
    async extract(image, signal, options): Promise<Extraction> {
      const says = saidBy(image);
      seen.push(says);
      const png = options?.png && await encodePng(await decodePicture(image));
      // as a worker would: the caller must not need the picture any more
      image.buffer.transfer();
      const words = says.split(' ');
      const [kind, value, count, live, quality] = words.filter((word) => !word.includes('='));
      if (kind === 'slow') await sleep(Number(value), signal);
      if (kind === 'none') throw new FaceError('NO_FACE', 'image: no face');
      if (kind === 'broken') throw new FaceError('IMAGE_UNDECODABLE', 'jpeg: truncated');
      if (kind === 'large') throw new FaceError('IMAGE_TOO_LARGE', 'png: too many pixels');
      if (kind === 'tiny') throw new FaceError('IMAGE_UNSUPPORTED', 'png: 1x1');
      if (kind === 'crash') throw new ServerError('WORKER_CRASHED', 'worker ended in its job');
      if (kind === 'busy') throw new ServerError('BUSY', 'queue is full');
      if (kind === 'bug') throw new TypeError('secret detail of a bug');
      const named = words.filter((word) => word.includes('=')).map((word) => word.split('='));
      return extraction({
        angle: kind === 'face' ? Number(value) : 0,
        faces: Number(count ?? 1),
        live: Number(live ?? 0.95),
        quality: Number(quality ?? 0.9),
        named: Object.fromEntries(named),
        png,
      });
    },
    async judge(image, signal) {
      const { analysis, queueMs } = await this.extract(image, signal);
      return { analysis: { ...analysis, verdicts: analysis.verdicts! }, queueMs };
    },
    rateLiveness(verdicts) {
      const refusing = verdicts.filter((verdict) =>
        verdict.detector !== 'fake' && refuses(verdict)
      );
      const reasons = refusing.map(({ detector, reason }) => `${detector}: ${reason}`);
      const score = refusing.length > 0 ? 0 : verdicts[0].score;
      const highestLevel = LEVELS.findLast(([, least]) => score >= least)?.[0] ?? null;
      return { score, highestLevel, evidence: 'synthetic', verdicts, reasons };
    },
    reachesLiveness(reached, wanted) {
      const names = LEVELS.map(([level]) => level);
      return reached !== null && names.includes(wanted) &&
        names.indexOf(reached) >= names.indexOf(wanted);
    },
    rateQuality(analysis, mode): QualityRating {
      const score = 100 * analysis.signals.presence;
      return { score, ...judgeQuality(gates, mode, { ...measureInputs(analysis), score }) };
    },
    likeness(a, b) {
      return this.rate(a, b, 'selfie').level;
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

interface Shown {
  readonly angle: number;
  readonly faces: number;
  readonly live: number;
  readonly quality: number;
  readonly named: Readonly<Record<string, string>>;
  readonly png: Uint8Array | false | undefined;
}

function extraction({ angle, faces, live, quality, named, png }: Shown): Extraction {
  const { width = 480, height = 640, ...changes } = named;
  const face = {
    box: { left: 0, top: 0, right: 1, bottom: 1 },
    confidence: 1,
    keyPoints: new Float32Array(12),
  };
  return {
    queueMs: 1,
    analysis: {
      width: Number(width),
      height: Number(height),
      faces: Array.from({ length: faces }, () => face),
      mesh: new Float32Array(468 * 3),
      template: {
        modelId: '0123456789abcdef',
        vector: new Float32Array([Math.cos(angle), Math.sin(angle)]),
      },
      signals: { presence: quality, embedders: [] },
      measures: { ...measuresOf(faces), ...measuresIn(changes) },
      portrait: { jpeg: picture('portrait'), png: picture('portrait as PNG'), outsideShare: 0 },
      ...(png && { png }),
      verdicts: [{ detector: 'fake', score: live, confidence: 1, reason: 'said so' }],
      timingsMs: { decode: 1, detect: 2, mesh: 3, embed: 4 },
    },
  };
}

function measuresIn(named: Readonly<Record<string, string>>): Partial<FaceMeasures> {
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, name === 'eyesStatus' ? value : +value]),
  );
}

/** As far as answers and gates are made of measures. */
function measuresOf(faceCount: number): FaceMeasures {
  const measures: Partial<FaceMeasures> = {
    faceCount,
    eyesStatus: 'OPEN',
    eyesOpen: 60,
    yaw: 0,
    pitch: 0,
    roll: 0,
    interEyeDistance: 120,
    rightEyeVisibility: 91,
    leftEyeVisibility: 92,
    noseVisibility: 93,
    mouthVisibility: 94,
    topVisibility: 95,
    bottomVisibility: 96,
    rightSideVisibility: 97,
    leftSideVisibility: 98,
    glassesGlare: 0,
    darkGlasses: 0,
    backgroundUniformity: 50,
    illuminationUniformity: 51,
    overExposure: 1,
    underExposure: 2,
  };
  return measures as FaceMeasures;
}
