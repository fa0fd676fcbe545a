/** What the main thread and a worker say to each other. Everything here survives a structured clone. */

/** An error as it crosses the worker boundary: class name, `code` when it has one, message. */
export interface WireError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

export type ToWorker<Init, Job> =
  | { readonly type: 'init'; readonly init: Init }
  | { readonly type: 'job'; readonly id: number; readonly job: Job };

export type FromWorker<Result> =
  /** Answers `init`: the worker takes jobs. */
  | { readonly type: 'ready' }
  /** Answers `init`: the worker cannot start. */
  | { readonly type: 'refused'; readonly error: WireError }
  | { readonly type: 'done'; readonly id: number; readonly result: Result }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
  };
}
