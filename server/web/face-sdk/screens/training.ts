/** What a person should know before the first picture, until they do not want to see it again. */
import { make, shape } from '../dom.ts';
import type { Stage } from '../stage.ts';
import { ask } from './panel.ts';

const KEPT = 'gatehouse-face-sdk-training';

const FACE = ['M16 4a9 12 0 1 0 .1 0', 'M13 14h.1M19 14h.1M13 20q3 2 6 0'];
const LIGHT = [
  'M16 10a6 6 0 1 0 .1 0',
  'M16 3v3M16 26v3M3 16h3M26 16h3M7 7l2 2M23 23l2 2M25 7l-2 2M9 23l-2 2',
];
const COVER = ['M4 13h9v4a4 4 0 0 1-9 0zM19 13h9v4a4 4 0 0 1-9 0zM13 14q3-2 6 0', 'M5 27L27 5'];

export async function train(stage: Stage, signal: AbortSignal): Promise<void> {
  if (read() !== null) return;
  const { texts } = stage;
  const box = make('input', 'box', { type: 'checkbox' });
  const steps = make(
    'ul',
    'steps',
    {},
    step(FACE, texts.TRAINING_FACE),
    step(LIGHT, texts.TRAINING_LIGHT),
    step(COVER, texts.TRAINING_COVER),
  );
  const choice = make('label', 'choice', {}, box, texts.FEEDBACK_TRAINING_LABEL);
  await ask(
    stage,
    texts.TRAINING_TITLE,
    [steps, choice],
    [{ text: texts.FEEDBACK_TRAINING_BUTTON_NEXT, value: undefined, primary: true }],
    signal,
  );
  if (box.checked) write();
}

function step(paths: readonly string[], text: string): HTMLElement {
  const icon = shape(
    'svg',
    { class: 'gh-icon', viewBox: '0 0 32 32', 'aria-hidden': 'true' },
    ...paths.map((d) => shape('path', { d })),
  );
  return make('li', 'step', {}, icon, text);
}

/** A browser may forbid storage; then the screen comes every time. */
function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function write(): void {
  try {
    localStorage.setItem(KEPT, '1');
  } catch {
    // shown again next time
  }
}
