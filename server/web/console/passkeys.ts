/** The passkeys of who has logged in: which there are, one more, one less. */
import type { NewPasskeyAnswer, PasskeyAnswer, PasskeysAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { askConfirmation } from './confirmation.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { moment } from './format.ts';
import { noticeOf } from './notice.ts';
import { passkeyObstacle } from './passkey-login.ts';
import { codeOf, post } from './session.ts';
import { strings } from './strings.ts';

const list = element('passkeys-list', HTMLUListElement);
const { tell, done, refuse } = noticeOf('passkeys');
const form = element('passkey-form', HTMLFormElement);
const [name, password, code] = ['passkey-name', 'passkey-password', 'passkey-code'].map((id) =>
  element(id, HTMLInputElement)
);

/** Makes the section work. @param onEnd told when the session has ended */
export function watchPasskeys(onEnd: () => void): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add(onEnd);
  });
  list.addEventListener('click', ({ target }) => {
    const item = target instanceof HTMLButtonElement ? target.closest('li') : null;
    if (item !== null) void remove(item, onEnd);
  });
}

export function showPasskeys({ origin, passkeys }: PasskeysAnswer): void {
  const obstacle = origin === null ? undefined : passkeyObstacle(origin);
  form.hidden = origin === null || obstacle !== undefined;
  tell(obstacle ?? '');
  showList(passkeys);
}

function showList(passkeys: readonly PasskeyAnswer[]): void {
  list.replaceChildren(
    ...(passkeys.length === 0 ? [make('li', 'note', strings.noPasskeys)] : passkeys.map(itemOf)),
  );
}

function itemOf(passkey: PasskeyAnswer): HTMLElement {
  const { id, created, used, synced } = passkey;
  const text = make('div', '');
  text.append(
    make('strong', '', passkey.name),
    make(
      'p',
      'hint',
      strings.passkeyUse(moment(created), used === null ? undefined : moment(used), synced),
    ),
  );
  const button = make('button', '', strings.removePasskey);
  button.setAttribute('type', 'button');
  button.setAttribute('aria-label', strings.removePasskeyNamed(passkey.name));
  const item = make('li', '');
  item.dataset.passkey = id;
  item.dataset.name = passkey.name;
  item.append(text, button);
  return item;
}

async function remove(item: HTMLLIElement, onEnd: () => void): Promise<void> {
  const { passkey: id, name: label = '' } = item.dataset;
  const confirmation = await askConfirmation(strings.reallyRemove(label));
  if (confirmation === undefined) return;
  const response = await post('passkeys/remove', { ...confirmation, id });
  if (!response?.ok) return await refuse(response, onEnd);
  item.remove();
  if (list.childElementCount === 0) showList([]);
  done(strings.passkeyRemoved(label));
}

async function add(onEnd: () => void): Promise<void> {
  tell('');
  const label = name.value.trim();
  const begun = await post('passkeys/challenge', { password: password.value, code: codeOf(code) });
  code.value = '';
  if (!begun?.ok) return await refuse(begun, onEnd);
  password.value = '';
  const made = await makePasskey(await begun.json());
  if (typeof made === 'string') return tell(made, 'problem');
  const added = await post('passkeys/add', { name: label, ...made });
  if (!added?.ok) return await refuse(added, onEnd);
  name.value = '';
  showList((await added.json()).passkeys);
  done(strings.passkeyAdded(label));
}

/** Has the browser make one. @returns what goes to the server, or what is wrong in words */
async function makePasskey(
  { rpId, challenge, timeoutMs, userHandle, userName, algorithms, exclude }: NewPasskeyAnswer,
): Promise<Record<string, string | number> | string> {
  let credential: Credential | null;
  try {
    credential = await navigator.credentials.create({
      publicKey: {
        rp: { id: rpId, name: strings.page.title },
        user: { id: fromBase64Url(userHandle), name: userName, displayName: userName },
        challenge: fromBase64Url(challenge),
        timeout: timeoutMs,
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: exclude.map((id) => ({ type: 'public-key', id: fromBase64Url(id) })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
        attestation: 'none',
      },
    });
  } catch (error) {
    return obstacleOf(error);
  }
  if (!(credential instanceof PublicKeyCredential)) return strings.problem.passkeyStopped;
  const { response } = credential;
  if (!(response instanceof AuthenticatorAttestationResponse)) {
    return strings.problem.passkeyStopped;
  }
  const publicKey = response.getPublicKey();
  if (publicKey === null) return strings.problem.noDiscovery;
  return {
    clientData: toBase64Url(response.clientDataJSON),
    authenticatorData: toBase64Url(response.getAuthenticatorData()),
    publicKey: toBase64Url(publicKey),
    algorithm: response.getPublicKeyAlgorithm(),
  };
}

/** What an error of the browser means (WebAuthn Level 3, 5.1.3). */
function obstacleOf(error: unknown): string {
  const { name: kind } = error instanceof DOMException ? error : { name: '' };
  if (kind === 'InvalidStateError') return strings.problem.passkeyThere;
  return kind === 'ConstraintError' || kind === 'NotSupportedError'
    ? strings.problem.noDiscovery
    : strings.problem.passkeyStopped;
}
