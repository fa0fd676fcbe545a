/** The way in with a passkey (W3C WebAuthn): whether there is one here, and what the browser makes of it. */
import type { PasskeyOfferAnswer } from '../../console/answer.ts';
import { element, say } from '../home/dom.ts';
import { ask } from './api.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { enterWith, post } from './session.ts';
import { strings } from './strings.ts';

type Offer = PasskeyOfferAnswer['passkey'];

/** The last that the server said; undefined while it has said nothing. */
let offered: Offer | undefined;

async function askOffer(): Promise<Offer | undefined> {
  const outcome = await ask<PasskeyOfferAnswer>('passkey');
  if (outcome.ok) offered = outcome.answer.passkey;
  return outcome.ok ? offered : undefined;
}

/** Whether the server has passkeys at all, at this address or another. */
export function canUsePasskeys(): boolean {
  return offered !== undefined && offered !== null;
}

/** Why there are none here, in words; undefined where there are. @param origin that passkeys are for */
export function passkeyObstacle(origin: string): string | undefined {
  if (origin !== location.origin) return strings.passkeyElsewhere(origin);
  // the older ones do not hand the public key over
  return 'AuthenticatorAttestationResponse' in window &&
      'getPublicKey' in AuthenticatorAttestationResponse.prototype
    ? undefined
    : strings.noPasskeysHere;
}

/** Shows the button where there are passkeys here, and says where there are where not. */
export async function offerPasskeys(): Promise<void> {
  const offer = await askOffer();
  if (offer === undefined || offer === null) return;
  const obstacle = passkeyObstacle(offer.origin);
  element('passkey-login', HTMLButtonElement).hidden = obstacle !== undefined;
  say(element('passkey-elsewhere', HTMLElement), obstacle);
}

/** @returns what is wrong, in words; undefined when there is a session now */
export async function logInWithPasskey(): Promise<string | undefined> {
  // the challenge of the page may be too old by now
  const offer = await askOffer();
  if (offer === undefined) return strings.problem.lost;
  if (offer === null) return strings.problem.passkeyFailed;
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: fromBase64Url(offer.challenge),
      rpId: offer.rpId,
      timeout: offer.timeoutMs,
      userVerification: 'required',
    },
  }).catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) return strings.problem.passkeyStopped;
  const { response, rawId } = credential;
  if (!(response instanceof AuthenticatorAssertionResponse)) return strings.problem.passkeyFailed;
  const answer = await post('passkey/login', {
    id: toBase64Url(rawId),
    clientData: toBase64Url(response.clientDataJSON),
    authenticatorData: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
    userHandle: toBase64Url(response.userHandle ?? new ArrayBuffer(0)),
  });
  return await enterWith(answer, strings.problem.passkeyFailed);
}
