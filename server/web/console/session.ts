/** The session of an administrator: whether there is one, the way in and the way out. */
import { element } from '../home/dom.ts';
import { NO_ANSWER } from './api.ts';
import { strings } from './strings.ts';

/** How often what a person does is told to the server, which ends sessions that nobody uses. */
const TELL_MS = 60_000;

let token = '';

/** Status of the answer: 200 with a session, 401 without one, 404 where nobody can log in. */
export async function askSession(): Promise<number> {
  try {
    const response = await fetch('/console/api/session');
    if (response.ok) token = (await response.json()).csrf_token;
    return response.status;
  } catch {
    return NO_ANSWER;
  }
}

/** Asks for something to be changed. @returns undefined when there is no answer */
export async function post(path: string, body: object = {}): Promise<Response | undefined> {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': token };
  try {
    return await fetch(`/console/api/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  } catch {
    return undefined;
  }
}

/** @returns what is wrong, in words; undefined when there is a session now */
export async function logIn(): Promise<string | undefined> {
  const [name, password, code] = ['name', 'password', 'code'].map((id) =>
    element(id, HTMLInputElement)
  );
  const response = await post('login', {
    name: name.value.trim(),
    password: password.value,
    code: codeOf(code),
  });
  code.value = '';
  const reason = await enterWith(response, strings.problem.loginFailed);
  if (reason === undefined) password.value = '';
  return reason;
}

/** People copy codes with the space that apps show in their middle. */
export function codeOf({ value }: HTMLInputElement): string {
  return value.replaceAll(' ', '');
}

/**
 * Takes the session of an answer.
 * @param wrong what it means when there is none
 * @returns what is wrong, in words; undefined when there is a session now
 */
export async function enterWith(
  response: Response | undefined,
  wrong: string,
): Promise<string | undefined> {
  if (response?.ok) await takeSession(response);
  return response?.ok ? undefined : problemOf(response, wrong);
}

/** Goes on in the session of an answer. */
export async function takeSession(response: Response): Promise<void> {
  token = (await response.json()).csrf_token;
}

/** @param wrong what it means when what was shown is not right */
function problemOf(response: Response | undefined, wrong: string): string {
  if (response === undefined) return strings.problem.lost;
  const { status, headers } = response;
  if (status === 429) return strings.problem.lockedOut(headers.get('retry-after') ?? '60');
  if (status === 503) return strings.problem.busy;
  return status === 401 || status === 400 ? wrong : strings.problem.failed(status);
}

/** Why the server did not do what was asked, in words; undefined when the session has ended. */
export async function refusalOf(response: Response | undefined): Promise<string | undefined> {
  const { code, message } = (await response?.json().catch(() => undefined))?.error ?? {};
  if (code === 'NOT_LOGGED_IN') return undefined;
  const wrong = code === 'LOGIN_FAILED' ? strings.problem.confirmationFailed : message ?? '';
  return problemOf(response, wrong);
}

export async function logOut(): Promise<void> {
  await post('logout');
}

/** Keeps the session alive while somebody is there. @param isOpen whether there is one */
export function watchUse(isOpen: () => boolean): void {
  let toldMs = performance.now();
  const used = (): void => {
    if (!isOpen() || performance.now() - toldMs < TELL_MS) return;
    toldMs = performance.now();
    void askSession();
  };
  for (const event of ['pointerdown', 'keydown', 'wheel']) {
    addEventListener(event, used, { passive: true });
  }
}
