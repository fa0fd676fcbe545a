/** Asks for password and code again, in a dialog, before something that decides who may come in. */
import { element } from '../home/dom.ts';
import { codeOf } from './session.ts';

const dialog = element('confirm', HTMLDialogElement);
const form = element('confirm-form', HTMLFormElement);
const [password, code] = ['confirm-password', 'confirm-code'].map((id) =>
  element(id, HTMLInputElement)
);

element('confirm-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close(''));

/**
 * @param question what is about to be done
 * @returns what goes to the server; undefined when somebody thought better of it
 */
export function askConfirmation(
  question: string,
): Promise<{ password: string; code: string } | undefined> {
  element('confirm-title', HTMLElement).textContent = question;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      const given = { password: password.value, code: codeOf(code) };
      form.reset();
      resolve(dialog.returnValue === 'confirmed' ? given : undefined);
    }, { once: true });
  });
}
