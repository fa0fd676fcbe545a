/** The page of the demonstration: a specimen chip here, the server there, and the client that relays. */
import type { DemoAnswer, SpecimenAnswer } from '../../docval-demo/answer.ts';
import { DocvalClientError, validateDocument } from '../docval-client/client.ts';
import { element, make, say, scrolling } from '../home/dom.ts';
import { insertChip } from './chip.ts';
import { hideResult, showResult } from './result.ts';
import { Steps } from './steps.ts';
import { strings } from './strings.ts';

/** Time that a contactless chip takes for a usual answer. */
const AIR_MS = 20;

type Demo = Extract<DemoAnswer, { enabled: true }>;

const form = element('form', HTMLFormElement);
const status = element('status', HTMLElement);
const problem = element('problem', HTMLElement);
const verify = element('verify', HTMLButtonElement);
const stop = element('stop', HTMLButtonElement);
let running: AbortController | undefined;

function choiceOf({ id }: SpecimenAnswer, index: number): HTMLElement {
  const choice = make('span', 'specimen');
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: 'specimen', id: `specimen-${id}`, value: id });
  input.checked = index === 0;
  input.setAttribute('aria-describedby', `about-${id}`);
  const label = document.createElement('label');
  label.htmlFor = input.id;
  const about = make('span', 'about', strings.specimens[id].about);
  about.id = `about-${id}`;
  const name = make('strong', '', strings.specimens[id].name);
  name.id = `name-${id}`;
  input.setAttribute('aria-labelledby', name.id);
  label.append(name, about);
  choice.append(input, label);
  return choice;
}

function chosen(name: string): string {
  const input = form.elements.namedItem(name);
  return input instanceof RadioNodeList ? input.value : '';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function sessionUrl(): URL {
  const url = new URL('/docval/session', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  return url;
}

async function run(demo: Demo): Promise<void> {
  const specimen = demo.specimens.find(({ id }) => id === chosen('specimen'));
  if (specimen === undefined) return;
  const controller = new AbortController();
  running = controller;
  const answerMs = chosen('pace') === 'air' ? AIR_MS : 0;
  const steps = begin(specimen);
  const chip = insertChip(specimen.id, demo.clientId);
  const session = validateDocument({
    url: sessionUrl(),
    clientId: demo.clientId,
    validationId: crypto.randomUUID?.() ?? String(Date.now()),
    accessKey: specimen.accessKey,
    extendedLength: false,
    returnResult: true,
    signedResult: true,
    signal: controller.signal,
    onStatus: (step) => steps.begin(step),
    transceive: async (command, signal) => {
      const startedMs = performance.now();
      const answer = await chip.transceive(command, signal);
      if (answerMs > 0) await pause(answerMs);
      steps.answered(performance.now() - startedMs);
      return answer;
    },
  }).finally(() => {
    chip.remove();
    steps.finish();
    leave();
  });
  try {
    const outcome = await session;
    const headline = outcome.closeCode === 1000 ? showResult(outcome) : undefined;
    end(headline, strings.ended(outcome.closeReason));
  } catch (error) {
    if (!(error instanceof DocvalClientError)) throw error;
    end(undefined, strings.failure[error.code]);
  }
}

function begin(specimen: SpecimenAnswer): Steps {
  hideResult();
  say(problem, undefined);
  element('totals', HTMLElement).hidden = true;
  element('session', HTMLElement).hidden = false;
  document.body.classList.add('busy');
  stop.hidden = false;
  verify.setAttribute('aria-disabled', 'true');
  status.textContent = strings.status.starting(strings.specimens[specimen.id].name);
  return new Steps();
}

/** Says how it ended: the verdict, or why there is none. */
function end(headline: string | undefined, reason: string): void {
  if (headline === undefined) {
    status.textContent = '';
    say(problem, reason);
    return;
  }
  status.textContent = strings.status.done(headline);
  element('verdict', HTMLElement).scrollIntoView({ block: 'nearest', behavior: scrolling() });
}

function leave(): void {
  running = undefined;
  document.body.classList.remove('busy');
  verify.removeAttribute('aria-disabled');
  if (document.activeElement === stop) verify.focus();
  stop.hidden = true;
}

async function load(): Promise<DemoAnswer | undefined> {
  try {
    return await (await fetch('/docval/demo')).json();
  } catch {
    return undefined;
  }
}

const demo = await load();
if (demo?.enabled) {
  element('specimens', HTMLElement).append(...demo.specimens.map(choiceOf));
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running === undefined) void run(demo);
  });
  stop.addEventListener('click', () => running?.abort());
} else {
  say(element('off', HTMLElement), demo === undefined ? strings.unreachable : strings.off);
}
