/** The steps of a session as they come: what the server does, how long it took, how many commands it needed. */
import { element, make } from '../home/dom.ts';
import { strings } from './strings.ts';

interface Step {
  readonly item: HTMLElement;
  readonly startedMs: number;
  readonly commandsBefore: number;
}

export class Steps {
  readonly #list = element('steps', HTMLElement);
  #running: Step | undefined;
  #commands = 0;
  #chipMs = 0;
  readonly #startedMs = performance.now();

  constructor() {
    this.#list.replaceChildren();
  }

  /** A step begins; the one before it has ended. The last status is none: it says that all have ended. */
  begin(status: string): void {
    this.#end('done');
    if (status === 'DONE') return;
    const item = make('li', 'running');
    item.append(
      make('span', 'name', strings.status.step(status)),
      ' ',
      make('span', 'state', strings.step.running),
    );
    this.#list.append(item);
    const startedMs = performance.now();
    this.#running = { item, startedMs, commandsBefore: this.#commands };
  }

  /** A command was answered. */
  answered(ms: number): void {
    this.#commands++;
    this.#chipMs += ms;
  }

  /** The session is over; a step that was under way ended early. */
  finish(): void {
    this.#end('ended');
    const totals = element('totals', HTMLElement);
    const totalMs = performance.now() - this.#startedMs;
    totals.textContent = strings.totals(totalMs, this.#chipMs, this.#commands);
    totals.hidden = false;
  }

  #end(state: 'done' | 'ended'): void {
    if (this.#running === undefined) return;
    const { item, startedMs, commandsBefore } = this.#running;
    const facts = strings.step.facts(
      performance.now() - startedMs,
      this.#commands - commandsBefore,
    );
    item.className = state;
    const place = item.querySelector('.state');
    if (place !== null) {
      place.textContent = state === 'done' ? facts : `${strings.step.ended}, ${facts}`;
    }
    this.#running = undefined;
  }
}
