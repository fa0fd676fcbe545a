/** Answers of the IDENTY API family: fields in the order of the specification's examples. */
import type { LivenessRating } from '../../biometrics/liveness/mod.ts';
import type { IcaoChecks } from '../../biometrics/quality/mod.ts';
import type {
  ErrorAnswer,
  GeneratedAnswer,
  LivenessAnswer,
  MatchAnswer,
  ProcessAnswer,
  RetryAnswer,
} from './answers.ts';
import type { IdentyError } from './errors.ts';
import type { MatchOutcome } from './match.ts';
import type { TemplatePart } from './templates.ts';

const JSON_TYPE = 'application/json';

/** @param withSecondFlag whether `multipleFacesImageToVerifyAgainst` is part of the answer (selfies only). */
export function renderMatch(
  refid: string,
  outcome: MatchOutcome,
  withSecondFlag: boolean,
): Response {
  return json<MatchAnswer>(200, {
    code: 200,
    feedbackCode: 'FEEDBACK_MATCHED',
    refid,
    score: outcome.score,
    similarityScore: outcome.similarityScore,
    possibleMatch: outcome.possibleMatch,
    multipleFacesImage: outcome.multipleFacesImage,
    ...(withSecondFlag
      ? { multipleFacesImageToVerifyAgainst: outcome.multipleFacesImageToVerifyAgainst }
      : {}),
    matchHighestSecurityLevelReached: outcome.levelReached,
  });
}

/** The answer of both liveness endpoints. */
export function renderLiveness(
  refid: string,
  { score, highestLevel }: LivenessRating,
  live: boolean,
  imageBase64: string,
): Response {
  return json<LivenessAnswer>(200, {
    as_highest_security_level_reached: highestLevel,
    is_spoof: !live,
    score,
    error: 0,
    refid,
    input: { image: imageBase64 },
  });
}

/** A capture that was found live; its picture has the one size that captures may have. */
export interface Processed {
  /** From packing to the answer, by the clocks of both sides. */
  readonly uploadMs: number;
  /** RFC 3339. */
  readonly capturedAt: string;
  readonly rating?: LivenessRating;
  readonly quality?: ProcessAnswer['data']['quality'];
  readonly templates: TemplatePart;
  readonly icao?: IcaoChecks & TemplatePart;
}

/** The answer of process. */
export function renderProcess(refid: string, processed: Processed): Response {
  const { rating, quality, icao } = processed;
  return json<ProcessAnswer>(200, {
    refid,
    code: 200,
    message: 'FEEDBACK_CAPTURED',
    upload_ts: processed.uploadMs,
    data: {
      bits_per_pixel: 8,
      capture_date: new Date(processed.capturedAt).toISOString().replace('Z', ' +0000'),
      width: 480,
      channels: 3,
      height: 640,
      resolution: '480x640x3',
      as_highest_security_level_reached: rating?.highestLevel ?? null,
      spoof_score: rating === undefined ? [] : [rating.score],
      ...(quality && { quality }),
      ...processed.templates,
    },
    ...(icao && { icao_data: icao }),
  });
}

/** Codes of answers to captures that are not taken. */
export const RETRY_CODES = { FEEDBACK_RETRY: 401, FEEDBACK_RETRY_INSECURE: 408 } as const;

/** The answer to a capture that is not taken for a live one. */
export function renderRetry(
  refid: string,
  name: keyof typeof RETRY_CODES,
  { jpeg, quality, rating }: {
    jpeg: Uint8Array;
    quality: boolean;
    rating: LivenessRating | undefined;
  },
): Response {
  return json<RetryAnswer>(400, {
    code: RETRY_CODES[name],
    message: name,
    feedbackCode: name,
    refid,
    description: 'Something is weird, please try again.',
    data: {
      image: jpeg.toBase64(),
      as_highest_security_level_reached: rating?.highestLevel ?? null,
    },
    quality,
    debug: { spoof_score: [rating?.score ?? 0] },
  });
}

/** The answer of generateTemplateFromImage. */
export function renderGenerated(
  refid: string,
  { width, height, template, checks }: {
    width: number;
    height: number;
    template: Uint8Array;
    checks: IcaoChecks;
  },
): Response {
  return json<GeneratedAnswer>(200, {
    code: 200,
    feedbackCode: 'FEEDBACK_CAPTURED',
    data: {
      height,
      width,
      channels: 3,
      templates: { IDENTY_TYPE_1: template.toBase64() },
      bits_per_pixel: 8,
    },
    icao_data: checks,
    refid,
  });
}

export function renderError(refid: string, error: IdentyError): Response {
  const { code, feedbackCode, message } = error;
  return json<ErrorAnswer>(error.http, { code, feedbackCode, message, refid }, error.headers);
}

function json<Body extends object>(
  status: number,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
  });
}
