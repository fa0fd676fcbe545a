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

/** @returns what is wrong, in words; undefined when there is a session now */
export async function logIn(): Promise<string | undefined> {
  const [name, password, code] = ['name', 'password', 'code'].map((id) =>
    element(id, HTMLInputElement)
  );
  const body = JSON.stringify({
    name: name.value.trim(),
    password: password.value,
    code: code.value.replaceAll(' ', ''),
  });
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch('/console/api/login', { method: 'POST', headers, body });
    code.value = '';
    if (response.ok) {
      password.value = '';
      token = (await response.json()).csrf_token;
      return undefined;
    }
    return problemOf(response);
  } catch {
    return strings.problem.lost;
  }
}

function problemOf({ status, headers }: Response): string {
  if (status === 429) return strings.problem.lockedOut(headers.get('retry-after') ?? '60');
  if (status === 503) return strings.problem.busy;
  return status === 401 || status === 400
    ? strings.problem.loginFailed
    : strings.problem.failed(status);
}

export async function logOut(): Promise<void> {
  await fetch('/console/api/logout', { method: 'POST', headers: { 'X-CSRF-Token': token } })
    .catch(() => {});
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
