/** Documents for the reader's tests: a software chip, what a reader may trust, and a reading with defaults. */
import {
  type ChipDescription,
  type ChipOptions,
  personalise,
  type Personalised,
  seededRandom,
  SoftwareChip,
} from '../../../emrtd/chip/mod.ts';
import {
  type DocumentResult,
  importInto,
  mrzPassword,
  readDocument,
  type ReadEvent,
  type ReadOptions,
  TrustStore,
} from '../../../emrtd/mod.ts';
import { CHECKED_AT, ERIKSSON, specimen } from '../chip/support.ts';

const PASSWORD = mrzPassword(ERIKSSON);

const made = new Map<string, Personalised>();

/** The same description is personalised once. */
export function documentOf(changes: Partial<ChipDescription> = {}): Personalised {
  const key = JSON.stringify(changes);
  const known = made.get(key);
  if (known !== undefined && changes.groups === undefined) return known;
  const document = personalise(specimen(changes));
  made.set(key, document);
  return document;
}

function trustOf({ csca }: Personalised): TrustStore {
  const files = [{ name: 'CSCA', bytes: csca, root: true }];
  return importInto(TrustStore.empty, files, { at: CHECKED_AT }).store;
}

export function chipOf(document: Personalised, options: Partial<ChipOptions> = {}): SoftwareChip {
  return new SoftwareChip(document.document, { random: seededRandom('chip'), ...options });
}

export interface Reading {
  result: DocumentResult;
  events: ReadEvent[];
  /** Steps that finished, those that failed with an exclamation mark. */
  steps: string[];
}

/** Reads a document with everything set to sensible values for a test. */
export async function readingOf(
  document: Personalised,
  options: Partial<ReadOptions> = {},
  chip: Partial<ChipOptions> = {},
): Promise<Reading> {
  const events: ReadEvent[] = [];
  const result = await readDocument({
    transceiver: chipOf(document, chip),
    password: PASSWORD,
    trust: trustOf(document),
    clock: () => CHECKED_AT,
    random: seededRandom('terminal'),
    onEvent: (event) => events.push(event),
    ...options,
  });
  const steps = events.flatMap((event) =>
    event.type === 'finished' ? [event.step + (event.outcome === 'failed' ? '!' : '')] : []
  );
  return { result, events, steps };
}

export function failedChecks({ checks }: DocumentResult): string[] {
  return checks.filter(({ status }) => status === 'failed').map(({ check }) => check);
}

/** The error that a promise fails with. */
export function failureOf(promise: Promise<unknown>): Promise<Error & { code: string }> {
  return promise.then(() => {
    throw new Error('did not fail');
  }, (error) => error);
}
