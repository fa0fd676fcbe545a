/** A screen over the video that waits for one of its buttons. */
import { make } from '../dom.ts';
import type { Stage } from '../stage.ts';

export interface Choice<T> {
  readonly text: string;
  readonly value: T;
  readonly primary?: boolean;
}

let lastId = 0;

/**
 * Resolves with the value of the button that was pressed; rejects when `signal` aborts.
 * @param row whether buttons stand side by side
 */
export function ask<T>(
  stage: Stage,
  title: string,
  content: readonly Node[],
  choices: readonly Choice<T>[],
  signal: AbortSignal,
  row = true,
): Promise<T> {
  const id = `gh-title-${++lastId}`;
  const buttons = make('div', row ? 'row' : 'list');
  const panel = make(
    'div',
    'panel',
    { role: 'group', 'aria-labelledby': id },
    make('h2', 'title', { id }, title),
    ...content,
    buttons,
  );
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => {
      signal.removeEventListener('abort', abort);
      panel.remove();
    };
    const abort = (): void => {
      leave();
      reject(signal.reason);
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', abort);
    for (const { text, value, primary } of choices) {
      const button = make('button', 'button', { type: 'button' }, text);
      if (primary) button.classList.add('gh-primary');
      button.onclick = () => {
        leave();
        resolve(value);
      };
      buttons.append(button);
    }
    // before what holds the button, so that closing stays reachable above the panel
    let place: Element | null = stage.close;
    while (place !== null && place.parentElement !== stage.element) place = place.parentElement;
    stage.element.insertBefore(panel, place);
    (buttons.querySelector<HTMLElement>('.gh-primary') ?? buttons.querySelector('button'))?.focus();
  });
}
