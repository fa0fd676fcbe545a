/** Answers of the IDENTY API family: fields in the order of the specification's examples. */
import type { LivenessRating } from '../../biometrics/liveness/mod.ts';
import type { IcaoChecks } from '../../biometrics/quality/mod.ts';
import type { IdentyError } from './errors.ts';
import type { MatchOutcome } from './match.ts';

const JSON_TYPE = 'application/json';

/** @param withSecondFlag whether `multipleFacesImageToVerifyAgainst` is part of the answer (selfies only). */
export function renderMatch(
  refid: string,
  outcome: MatchOutcome,
  withSecondFlag: boolean,
): Response {
  return json(200, {
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
  return json(200, {
    as_highest_security_level_reached: highestLevel,
    is_spoof: !live,
    score,
    error: 0,
    refid,
    input: { image: imageBase64 },
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
  return json(200, {
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
  return json(error.http, { code, feedbackCode, message, refid }, error.headers);
}

function json(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
  });
}
