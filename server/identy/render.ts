/** Answers of the IDENTY API family: fields in the order of the specification's examples. */
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
