/** What a client may be allowed to do: each endpoint that needs an API key names the scopes it asks for. */

/** Scope -> what it opens, for help texts and documentation. */
export const SCOPES = {
  match: 'matchWithSelfie, matchWithPictureId, verifyWithPictureId, the compare page',
  liveness: 'face/as, secure/face/as; process together with templates',
  templates: 'face/generateTemplateFromImage; process together with liveness',
  docval: '/v4/validate, beside the client id',
  metrics: 'figures of the server',
} as const;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}
