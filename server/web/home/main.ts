/** The compare page: two photos in, one verdict out. Compares as soon as both photos are there. */
import type { CompareAnswer, InfoAnswer, Scale, Side } from '../../playground/answer.ts';
import { compare, type Failure, info as fetchInfo } from './client.ts';
import { element, say, scrolling } from './dom.ts';
import { showEngine } from './engine.ts';
import { hideResult, showResult, showVerdict } from './result.ts';
import { Slot } from './slot.ts';
import { strings } from './strings.ts';

/** Pause between two questions whether the engine is ready. */
const ASK_AGAIN_MS = 1500;
/** Room for the form around the two files. */
const FORM_BYTES = 1000;

const status = element('status', HTMLElement);
const problem = element('problem', HTMLElement);
const retry = element('retry', HTMLButtonElement);
const radios = {
  'selfie': element('scale-selfie', HTMLInputElement),
  'picture-id': element('scale-picture-id', HTMLInputElement),
} satisfies Record<Scale, HTMLInputElement>;

const slots: Record<Side, Slot> = {
  a: new Slot('a', { chosen: choose, removed: remove }),
  b: new Slot('b', { chosen: choose, removed: remove }),
};
let info: InfoAnswer | undefined;
let answer: CompareAnswer | undefined;
let running = new AbortController();

function choose(side: Side, files: readonly File[]): void {
  const [first, second] = files;
  if (first === undefined) return;
  put(side, first);
  const other = side === 'a' ? 'b' : 'a';
  if (second !== undefined) put(other, second);
  startOver();
  tryCompare();
}

function put(side: Side, file: File): void {
  slots[side].show(file);
  const isPicture = file.type === '' || file.type.startsWith('image/');
  if (isPicture && file.size > 0) return;
  slots[side].clear();
  slots[side].setProblem(
    isPicture ? strings.errors.PHOTO_EMPTY(strings.photo[side]) : strings.notAPicture(side),
  );
}

function remove(side: Side): void {
  startOver();
  status.textContent = strings.status.removed(side);
}

/** Takes back what was said about the photos, keeps them. */
function startOver(): void {
  running.abort();
  answer = undefined;
  document.body.classList.remove('busy');
  hideResult();
  say(problem, undefined);
  retry.hidden = true;
  for (const slot of Object.values(slots)) if (slot.file !== undefined) slot.forget();
}

async function tryCompare(): Promise<void> {
  const [a, b] = [slots.a.file, slots.b.file];
  if (a === undefined || b === undefined) {
    status.textContent = a === b ? strings.status.empty : strings.status.oneMissing(a ? 'b' : 'a');
    return;
  }
  if (info === undefined) {
    status.textContent = strings.status.starting;
    return;
  }
  if (a.size + b.size + FORM_BYTES > info.limits.requestBytes) {
    status.textContent = '';
    say(problem, strings.tooLarge(info.limits.requestBytes));
    return;
  }
  await runCompare(info, { a, b });
}

async function runCompare(engine: InfoAnswer, photos: Record<Side, File>): Promise<void> {
  running = new AbortController();
  const { signal } = running;
  document.body.classList.add('busy');
  status.textContent = strings.status.comparing;
  try {
    const outcome = await compare(photos, signal);
    if (!outcome.ok) return fail(outcome.failure);
    answer = outcome.answer;
    const sentence = showVerdict(answer, engine, scale());
    await showResult(answer, engine, Object.values(slots));
    status.textContent = sentence;
    element('result', HTMLElement).scrollIntoView({ block: 'nearest', behavior: scrolling() });
  } catch (error) {
    // Given up because a photo was replaced: whoever did that has said what comes next.
    if (!signal.aborted) throw error;
  } finally {
    if (!signal.aborted) document.body.classList.remove('busy');
  }
}

function fail(failure: Failure): void {
  status.textContent = '';
  if (failure.code === 'CONNECTION_LOST') {
    say(problem, strings.connectionLost);
    retry.hidden = false;
    return;
  }
  const words = strings.errors[failure.code] ?? strings.errors.INTERNAL;
  if (failure.photo !== undefined) {
    const text = words(strings.photo[failure.photo]);
    slots[failure.photo].setProblem(text);
    status.textContent = text;
    return;
  }
  say(problem, words(strings.somePhoto));
  retry.hidden = failure.code === 'REQUEST_TOO_LARGE';
}

function scale(): Scale {
  return radios['picture-id'].checked ? 'picture-id' : 'selfie';
}

async function loadInfo(): Promise<void> {
  for (;;) {
    const outcome = await fetchInfo();
    if (outcome.ok) {
      info = outcome.answer;
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  showEngine(info);
  if (slots.a.file !== undefined && slots.b.file !== undefined) await tryCompare();
}

for (const radio of Object.values(radios)) {
  radio.addEventListener('change', () => {
    if (answer && info) status.textContent = showVerdict(answer, info, scale());
  });
}
retry.addEventListener('click', () => {
  startOver();
  tryCompare();
});
element('restart', HTMLButtonElement).addEventListener('click', () => {
  startOver();
  for (const slot of Object.values(slots)) slot.clear();
  slots.a.focus();
  status.textContent = strings.status.empty;
});
// A photo that misses its place must not replace the page.
for (const type of ['dragover', 'drop']) {
  document.addEventListener(type, (event) => event.preventDefault());
}
status.textContent = strings.status.empty;
loadInfo();
