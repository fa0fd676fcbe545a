/**
 * The steps of reading a document, in the order of the DocVal procedure (specification "READ_ATR_INFO" to
 * "DONE"; `READ_COM` is ours), with events and a time limit for each.
 */
import { EmrtdError } from '../errors.ts';
import type { Session } from '../iso7816/mod.ts';
import type { Clock } from '../types.ts';

/**
 * Where the reader is. A step that has finished says that its commands were exchanged, not that what came
 * is authentic: that is for the checks of the result.
 */
export type ReadStep =
  | 'READ_ATR_INFO'
  | 'ACCESS_CONTROL'
  | 'READ_COM'
  | 'READ_SOD'
  | 'READ_DG14'
  | 'CHIP_AUTHENTICATION'
  | 'READ_DG15'
  | 'ACTIVE_AUTHENTICATION'
  | 'READ_DG1'
  | 'READ_DG2'
  | 'READ_DG5'
  | 'READ_DG6'
  | 'READ_DG7'
  | 'READ_DG8'
  | 'READ_DG9'
  | 'READ_DG10'
  | 'READ_DG11'
  | 'READ_DG12'
  | 'READ_DG13'
  | 'READ_DG16'
  | 'PASSIVE_AUTHENTICATION'
  | 'DONE';

export type ReadEvent =
  | { type: 'started'; step: ReadStep }
  /** `failed`: the step broke off or found something wrong; the reading may go on all the same. */
  | { type: 'finished'; step: ReadStep; outcome: 'done' | 'failed'; elapsedMs: number };

export interface StepRunnerOptions {
  session: Session;
  clock: Clock;
  timeoutMs: number;
  onEvent: ((event: ReadEvent) => void) | undefined;
}

/** Runs steps one after another and reports them. */
export class StepRunner {
  readonly #options: StepRunnerOptions;

  constructor(options: StepRunnerOptions) {
    this.#options = options;
  }

  /** A step that has nothing to do but to be reported. */
  announce(step: ReadStep): void {
    this.#options.onEvent?.({ type: 'started', step });
    this.#options.onEvent?.({ type: 'finished', step, outcome: 'done', elapsedMs: 0 });
  }

  /**
   * Runs one step. `failed` looks at its result for the event. An EmrtdError comes out with the step; when
   * the time is up the session is closed with TIMEOUT.
   */
  async run<T>(
    step: ReadStep,
    body: () => Promise<T> | T,
    failed: (result: T) => boolean = () => false,
  ): Promise<T> {
    const { session, clock, timeoutMs, onEvent } = this.#options;
    const startedMs = clock().getTime();
    let outcome: 'done' | 'failed' = 'failed';
    onEvent?.({ type: 'started', step });
    const timer = setTimeout(
      () => session.close(new EmrtdError('TIMEOUT', `not finished within ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      const result = await body();
      if (!failed(result)) outcome = 'done';
      return result;
    } catch (error) {
      throw named(step, error);
    } finally {
      clearTimeout(timer);
      const elapsedMs = clock().getTime() - startedMs;
      onEvent?.({ type: 'finished', step, outcome, elapsedMs });
    }
  }
}

/** The same error with the step in it; the step of a protocol, such as `PACE 4`, is kept. */
function named(step: ReadStep, error: unknown): unknown {
  if (!(error instanceof EmrtdError)) return error;
  const { code, message, statusWord } = error;
  const own = error.step ?? step;
  return new EmrtdError(code, `${step}: ${message}`, { step: own, statusWord, cause: error });
}
