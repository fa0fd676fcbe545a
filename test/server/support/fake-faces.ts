/**
 * A face service without networks: what a picture shows is written in it, after the magic bytes of a
 * JPEG. It lets the HTTP tests reach every outcome of the use case.
 */
import { FaceError } from '../../../biometrics/errors.ts';
import type { LivenessLevel } from '../../../biometrics/liveness/mod.ts';
import type { FaceMeasures } from '../../../biometrics/quality/mod.ts';
import type { FaceTemplate } from '../../../biometrics/types.ts';
import { ServerError } from '../../../server/core/errors.ts';
import type {
  Extraction,
  FaceRating,
  FaceService,
  QualityRating,
} from '../../../server/core/face/service.ts';

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

/** Levels that the fake calibration supports, by the score they need. */
const LEVELS: readonly (readonly [LivenessLevel, number])[] = [
  ['LOW', 0.5],
  ['BALANCED_HIGH', 0.8],
  ['BALANCED_VERY_HIGH', 0.9],
];

/**
 * `face X [N [LIVE [QUALITY]]]` has N faces whose template is at angle X from the reference direction, in
 * radians; liveness LIVE and quality QUALITY, 0..1 each.
 */
export function fakeFaces(): FakeFaces {
  const seen: string[] = [];
  return {
    ready: true,
    seen,
    close() {},
    async extract(image, signal): Promise<Extraction> {
      const says = new TextDecoder().decode(image.subarray(3));
      seen.push(says);
      // as a worker would: the caller must not need the picture any more
      image.buffer.transfer();
      const [kind, value, count] = says.split(' ');
      if (kind === 'slow') await sleep(Number(value), signal);
      if (kind === 'none') throw new FaceError('NO_FACE', 'image: no face');
      if (kind === 'broken') throw new FaceError('IMAGE_UNDECODABLE', 'jpeg: truncated');
      if (kind === 'large') throw new FaceError('IMAGE_TOO_LARGE', 'png: too many pixels');
      if (kind === 'tiny') throw new FaceError('IMAGE_UNSUPPORTED', 'png: 1x1');
      if (kind === 'crash') throw new ServerError('WORKER_CRASHED', 'worker ended in its job');
      if (kind === 'busy') throw new ServerError('BUSY', 'queue is full');
      if (kind === 'bug') throw new TypeError('secret detail of a bug');
      const [live, quality] = says.split(' ').slice(3).map(Number);
      return extraction(kind === 'face' ? Number(value) : 0, Number(count ?? 1), live, quality);
    },
    async judge(image, signal) {
      const { analysis, queueMs } = await this.extract(image, signal);
      return { analysis: { ...analysis, verdicts: analysis.verdicts! }, queueMs };
    },
    rateLiveness(verdicts) {
      const refused = verdicts.some(({ detector, score, confidence }) =>
        detector !== 'fake' && confidence > 0 && score < 0.5
      );
      const score = refused ? 0 : verdicts[0].score;
      const highestLevel = LEVELS.findLast(([, least]) => score >= least)?.[0] ?? null;
      return { score, highestLevel, evidence: 'synthetic', verdicts, reasons: [] };
    },
    reachesLiveness(reached, wanted) {
      const names = LEVELS.map(([level]) => level);
      return reached !== null && names.includes(wanted) &&
        names.indexOf(reached) >= names.indexOf(wanted);
    },
    rateQuality({ faces, signals: { presence } }, mode): QualityRating {
      const kind = mode === 'ENROL' && faces.length > 1
        ? 'MULTIPLE_FACES'
        : mode !== 'DISABLED' && presence < 0.5
        ? 'QUALITY'
        : undefined;
      const findings = kind === undefined
        ? []
        : [{ kind, measure: 'fake', value: presence } as const];
      return { score: 100 * presence, accepted: findings.length === 0, findings };
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

function extraction(angle: number, faces: number, live = 0.95, quality = 0.9): Extraction {
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
      signals: { presence: quality, embedders: [] },
      measures: measuresOf(faces),
      portrait: { jpeg: picture('portrait'), png: picture('portrait'), outsideShare: 0 },
      verdicts: [{ detector: 'fake', score: live, confidence: 1, reason: 'said so' }],
      timingsMs: { decode: 1, detect: 2, mesh: 3, embed: 4 },
    },
  };
}

/** As far as answers are made of measures. */
function measuresOf(faceCount: number): FaceMeasures {
  const measures: Partial<FaceMeasures> = {
    faceCount,
    eyesStatus: 'OPEN',
    eyesOpen: 60,
    yaw: 0,
    pitch: 0,
    roll: 0,
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
