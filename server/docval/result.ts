/** From a judged document to what the client and its result server get. */
import type { TrustStore } from '../../emrtd/mod.ts';
import type { LedgerAction } from '../core/ledger/ledger.ts';
import type { Pass } from '../core/licence/licensing.ts';
import type { DocvalClient } from './clients.ts';
import type { EmrtdPassport } from './passport-types.ts';
import { type JudgedDocument, renderPassport } from './passport.ts';
import type { DocvalDeps } from './service.ts';
import { signResult } from './signed-result.ts';

export interface ResultRequest {
  readonly client: DocvalClient;
  /** Billed before the result is given to anybody. */
  readonly pass: Pass;
  readonly action: Extract<LedgerAction, `DOCVAL${string}`>;
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

type ResultDeps = Pick<DocvalDeps, 'signingKey' | 'converter' | 'now' | 'observer' | 'audit'>;

/**
 * Makes the result and writes down that it was made.
 * @param signal gives the conversion of the portrait up
 * @throws ServerError STORAGE_FAILED
 */
export async function makeResult(
  deps: ResultDeps,
  request: ResultRequest,
  signal: AbortSignal,
): Promise<DocvalResult> {
  const result = await renderResult(deps, request, signal);
  const { client: { name }, session, pass, action } = request;
  const billed = pass.bill({ refid: session, action, outcome: 'result' });
  if (result.signedResult === undefined) await billed;
  else {
    const key = deps.signingKey?.keyId ?? '';
    const used = deps.audit.record({ kind: 'key-used', key, session }, { type: 'client', name });
    await Promise.all([billed, used]);
  }
  return result;
}

async function renderResult(
  { signingKey, converter, now, observer }: ResultDeps,
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
