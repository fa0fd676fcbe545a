/** The account of who has logged in: another password. */
import { element, say } from '../home/dom.ts';
import { codeOf, post, refusalOf, takeSession } from './session.ts';
import { strings } from './strings.ts';

const said = element('account-said', HTMLElement);
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
}

async function changePassword(onEnd: () => void): Promise<void> {
  if (next.value !== again.value) return tell(strings.problem.passwordsDiffer, 'problem');
  const response = await post('password', {
    password: current.value,
    code: codeOf(code),
    newPassword: next.value,
  });
  code.value = '';
  if (!response?.ok) {
    const reason = await refusalOf(response);
    return reason === undefined ? onEnd() : tell(reason, 'problem');
  }
  await takeSession(response);
  form.reset();
  tell(strings.passwordChanged);
  // where reading goes on
  element('account-title', HTMLElement).focus();
}

/** In the section itself: what the page says at its top is renewed with its figures. */
function tell(text: string, className: 'hint' | 'problem' = 'hint'): void {
  said.className = className;
  say(said, text);
}
