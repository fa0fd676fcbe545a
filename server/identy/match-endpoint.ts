/** `matchWithSelfie` and `matchWithPictureId`. */
import type { MatchKind } from '../../biometrics/match/rating.ts';
import { type JsonLimits, parseJson } from '../core/http/json.ts';
import type { Endpoint } from './endpoint.ts';
import { matchFaces } from './match.ts';
import { parseMatchRequest } from './match-request.ts';
import { renderMatch } from './render.ts';

/** A match request has three members, two of them with two members. */
const JSON_LIMITS: JsonLimits = { maxDepth: 16, maxValues: 1000 };

export function matchEndpoint(path: string, kind: MatchKind): Endpoint {
  return {
    path,
    action: 'MATCH121',
    features: ['face-match'],
    scopes: ['match'],
    accepts: ['application/json'],
    async run({ bytes }, { faces, refid, signal }) {
      const match = parseMatchRequest(parseJson(bytes, JSON_LIMITS));
      const outcome = await matchFaces(match, kind, faces, signal);
      return {
        response: renderMatch(refid, outcome, kind === 'selfie'),
        outcome: 'FEEDBACK_MATCHED',
        code: 200,
        timingsMs: outcome.timingsMs,
        details: { level_reached: outcome.levelReached },
      };
    },
  };
}
