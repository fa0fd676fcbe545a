/** `face/as`: liveness of a picture that any system has taken (IDENTY Web Server 6, "3rd Party Liveness"). */
import {
  type DetectorVerdict,
  LIVENESS_LEVELS,
  type LivenessLevel,
} from '../../biometrics/liveness/mod.ts';
import { FORM_TYPE, readForm } from '../core/http/form.ts';
import { parseJson } from '../core/http/json.ts';
import type { Extraction, Judgement } from '../core/face/service.ts';
import { decodeBase64 } from './base64.ts';
import type { Answer, Arrived, Call, Endpoint } from './endpoint.ts';
import { IdentyError, missing, toSingleImageError, undecodableImage } from './errors.ts';
import { pictureBytes } from './picture-field.ts';
import { renderLiveness } from './render.ts';
import { textField } from './sealed-form.ts';

const JSON_TYPE = 'application/json';
const JSON_LIMITS = { maxDepth: 4, maxValues: 100 };
/** `image` and `threshold`, and a few that clients add. */
const MAX_PARTS = 8;

interface AntispoofRequest {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly threshold: LivenessLevel;
}

export const antispoofEndpoint: Endpoint = {
  path: '/api/v1/face/as',
  action: 'antispoof',
  features: ['face-liveness'],
  scopes: ['liveness'],
  accepts: [FORM_TYPE, JSON_TYPE],
  async run(arrived, call) {
    const { image, threshold } = readRequest(arrived);
    // the buffer moves to a worker; the answer repeats the picture
    const echo = image.toBase64();
    const judgement = await call.faces.judge(image, call.signal).catch((error) => {
      throw toSingleImageError(error);
    });
    return livenessAnswer(judgement, threshold, echo, call);
  },
};

/** Both liveness endpoints answer alike. @param rules verdicts that can refuse beside those of the detectors */
export function livenessAnswer(
  { analysis, queueMs }: Judgement | Extraction,
  threshold: LivenessLevel,
  imageBase64: string,
  { faces, refid }: Call,
  rules: readonly DetectorVerdict[] = [],
): Answer {
  const rating = faces.rateLiveness([...analysis.verdicts ?? [], ...rules]);
  const live = faces.reachesLiveness(rating.highestLevel, threshold);
  return {
    response: renderLiveness(refid, rating, live, imageBase64),
    outcome: live ? 'LIVE' : 'SPOOF',
    code: 200,
    timingsMs: { queue: queueMs, ...analysis.timingsMs },
    details: { level_reached: rating.highestLevel, threshold, reasons: rating.reasons },
  };
}

function readRequest({ bytes, mediaType, contentType }: Arrived): AntispoofRequest {
  const fields = mediaType === FORM_TYPE
    ? formFields(bytes, contentType)
    : jsonFields(parseJson(bytes, JSON_LIMITS));
  return { threshold: levelOf(fields.threshold), image: imageOf(fields.image) };
}

interface Fields {
  readonly threshold: string | undefined;
  /** Its bytes are undefined where they are no Base64. */
  readonly image: { readonly bytes: Uint8Array<ArrayBuffer> | undefined } | undefined;
}

function formFields(bytes: Uint8Array, contentType: string): Fields {
  const form = readForm(bytes, contentType, MAX_PARTS);
  const image = form.get('image');
  return {
    threshold: textField(form, 'threshold'),
    image: image && { bytes: pictureBytes(image) },
  };
}

function jsonFields(json: unknown): Fields {
  const field = (name: string) => {
    const value = (json as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  const image = field('image');
  return {
    threshold: field('threshold'),
    image: image === undefined ? undefined : { bytes: decodeBase64(image) },
  };
}

function levelOf(threshold: Fields['threshold']): LivenessLevel {
  if (threshold === undefined) throw missing('threshold');
  if (threshold === 'NONE') {
    throw new IdentyError('ERROR_INVALID_JSON', '(/threshold) AS level can not be NONE');
  }
  const level = LIVENESS_LEVELS.find((name) => name === threshold);
  if (level === undefined) {
    throw new IdentyError('ERROR_INVALID_AS_LEVEL', 'AS level not supported');
  }
  return level;
}

function imageOf(image: Fields['image']): Uint8Array<ArrayBuffer> {
  if (image === undefined) throw missing('image');
  if (image.bytes === undefined) throw undecodableImage();
  return image.bytes;
}
