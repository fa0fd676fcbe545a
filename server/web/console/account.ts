/** The account of who has logged in: another password, and where else they are logged in. */
import type { SessionEntryAnswer, SessionsAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { ask } from './api.ts';
import { askConfirmation } from './confirmation.ts';
import { moment } from './format.ts';
import { noticeOf } from './notice.ts';
import { codeOf, post, takeSession } from './session.ts';
import { strings } from './strings.ts';

const { tell, done, refuse } = noticeOf('account');
const list = element('sessions-list', HTMLUListElement);
const others = element('sessions-others', HTMLButtonElement);
const form = element('password-form', HTMLFormElement);
const [current, code, next, again] = ['current', 'code', 'new', 'again'].map((part) =>
  element(`password-${part}`, HTMLInputElement)
);

/** Makes the section work. @param onEnd told when the session has ended */
export function watchAccount(onEnd: () => void): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void changePassword(onEnd);
  });
  list.addEventListener('click', ({ target }) => {
    const item = target instanceof HTMLButtonElement ? target.closest('li') : null;
    if (item === null) return;
    const { session = '', from = '' } = item.dataset;
    void end(session, strings.reallyEnd(from), strings.sessionEnded, onEnd);
  });
  others.addEventListener('click', () => {
    void end('others', strings.reallyEndOthers, strings.othersEnded, onEnd);
  });
}

export function showSessions({ sessions }: SessionsAnswer): void {
  list.replaceChildren(...sessions.map(itemOf));
  others.hidden = sessions.length < 2;
}

function itemOf({ id, current: here, begun, used, by, address }: SessionEntryAnswer): HTMLElement {
  const from = strings.sessionFrom(address ?? undefined);
  const text = make('div', '');
  text.append(
    make('strong', '', here ? `${strings.sessionHere}, ${from}` : from),
    make('p', 'hint', strings.sessionUse(moment(begun), moment(used), by)),
  );
  const item = make('li', '');
  item.dataset.session = id;
  item.dataset.from = from;
  item.append(text);
  if (!here) {
    const button = make('button', '', strings.endSession);
    button.setAttribute('type', 'button');
    button.setAttribute('aria-label', strings.endSessionNamed(from, moment(begun)));
    item.append(button);
  }
  return item;
}

/** @param which a session, or `others` */
async function end(
  which: string,
  question: string,
  ended: string,
  onEnd: () => void,
): Promise<void> {
  const confirmation = await askConfirmation(question);
  if (confirmation === undefined) return;
  const response = await post('sessions/end', { ...confirmation, which });
  if (!response?.ok) return await refuse(response, onEnd);
  showSessions(await response.json());
  done(ended);
}

async function changePassword(onEnd: () => void): Promise<void> {
  if (next.value !== again.value) return tell(strings.problem.passwordsDiffer, 'problem');
  const response = await post('password', {
    password: current.value,
    code: codeOf(code),
    newPassword: next.value,
  });
  code.value = '';
  if (!response?.ok) return await refuse(response, onEnd);
  await takeSession(response);
  form.reset();
  const left = await ask<SessionsAnswer>('sessions');
  if (left.ok) showSessions(left.answer);
  done(strings.passwordChanged);
}
