/** What a section of the console says of what was done in it. */
import { element, say } from '../home/dom.ts';
import { refusalOf } from './session.ts';

export interface Notice {
  /** In the section itself: what the page says at its top is renewed with its figures. Empty: nothing. */
  tell(text: string, className?: 'hint' | 'problem'): void;
  /** Says what was done, where reading goes on. */
  done(text: string): void;
  /** Says why the server did not do it. */
  refuse(response: Response | undefined, onEnd: () => void): Promise<void>;
}

/** @param section the elements are `SECTION-said` and `SECTION-title` */
export function noticeOf(section: string): Notice {
  const said = element(`${section}-said`, HTMLElement);
  const tell: Notice['tell'] = (text, className = 'hint') => {
    said.className = className;
    say(said, text === '' ? undefined : text);
  };
  return {
    tell,
    done(text) {
      tell(text);
      element(`${section}-title`, HTMLElement).focus();
    },
    async refuse(response, onEnd) {
      const reason = await refusalOf(response);
      if (reason === undefined) onEnd();
      else tell(reason, 'problem');
    },
  };
}
