/** The single checks of a signed result. The page only shows them: whoever relies on them checks the signature. */
import type { NamedCheck } from '../../docval/passport-types.ts';

/** @param signedResult a JWS in compact form; none where the server does not sign */
export function statedChecks(signedResult: string | null): readonly NamedCheck[] {
  const payload = signedResult?.split('.')[1];
  if (payload === undefined) return [];
  const base64 = payload.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)).checks;
}
