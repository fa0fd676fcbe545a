/** What the IDENTY API tells of its answers, in the words of the specification. */
import type { Registry } from '../core/metrics/registry.ts';
import type { Captures } from './captures.ts';
import { ERROR_NAMES } from './error-table.ts';
import { RETRY_CODES } from './render.ts';

/** Outcomes of requests that got what they asked for. */
const DONE = ['FEEDBACK_MATCHED', 'FEEDBACK_CAPTURED', 'LIVE', 'SPOOF', 'MODELS'];

/** Counts an answer of an endpoint by its `feedbackCode`. */
export type CountAnswer = (endpoint: string, outcome: string) => void;

/** @param endpoints paths */
export function observeIdenty(
  registry: Registry,
  endpoints: readonly string[],
  captures: Captures | undefined,
): CountAnswer {
  const answers = registry.counter({
    name: 'gatehouse_identy_answers_total',
    help:
      'Answers of the IDENTY API by feedbackCode; LIVE, SPOOF and MODELS where the API has none.',
    labels: {
      endpoint: endpoints,
      outcome: [...DONE, ...Object.keys(RETRY_CODES), ...ERROR_NAMES],
    },
  });
  registry.measured('gauge', {
    name: 'gatehouse_capture_nonces',
    help: 'Nonces of sealed captures that are remembered, so that none opens twice.',
  }, (set) => set({}, captures?.nonces.size ?? 0));
  return (endpoint, outcome) => answers.add({ endpoint, outcome });
}
