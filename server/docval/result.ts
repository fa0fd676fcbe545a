/** From a judged document to what the client and its result server get. */
import type { TrustStore } from '../../emrtd/mod.ts';
import type { DocvalClient } from './clients.ts';
import type { EmrtdPassport } from './passport-types.ts';
import { type JudgedDocument, renderPassport } from './passport.ts';
import type { DocvalDeps } from './service.ts';
import { signResult } from './signed-result.ts';

export interface ResultRequest {
  readonly client: DocvalClient;
  readonly validationId: string;
  /** The session, as in the log. */
  readonly session: string;
  /** Whether the client asked for `signed_result`. */
  readonly signed: boolean;
  readonly document: JudgedDocument;
  readonly trust: TrustStore;
}

export interface DocvalResult {
  readonly passport: EmrtdPassport;
  /** A JWS; only where it was asked for and the installation has a key. */
  readonly signedResult?: string;
}

/** @param signal gives the conversion of the portrait up */
export async function makeResult(
  { signingKey, converter, now, observer }: Pick<
    DocvalDeps,
    'signingKey' | 'converter' | 'now' | 'observer'
  >,
  { client, validationId, session, signed, document, trust }: ResultRequest,
  signal: AbortSignal,
): Promise<DocvalResult> {
  const portrait = client.portrait_as_jpeg ? await asJpeg(document, converter, signal) : undefined;
  const passport = renderPassport(document, { trust, client, portrait });
  observer?.judged(passport.passive_authentication, document.checks);
  if (!signed || signingKey === undefined) return { passport };
  const { checks } = document;
  const facts = { client: client.name, session, validationId, at: now(), passport, checks };
  return { passport, signedResult: await signResult(signingKey, facts) };
}

/** The portrait as JPEG; undefined when it is one already or there is none, null when it cannot be made one. */
async function asJpeg(
  { groups }: JudgedDocument,
  converter: DocvalDeps['converter'],
  signal: AbortSignal,
): Promise<Uint8Array | null | undefined> {
  const image = groups.dg2?.images[0];
  if (image === undefined || image.format === 'jpeg') return undefined;
  if (converter === undefined) return null;
  try {
    return await converter.toJpeg(image.bytes, signal);
  } catch {
    // a portrait that cannot be decoded is given as it is, and said to be so
    return null;
  }
}
