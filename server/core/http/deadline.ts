/** One signal that ends a request's work: its deadline, or the client going away. */
import { ServerError } from '../errors.ts';

export interface Deadline {
  /** Aborts with a ServerError as reason: DEADLINE or CANCELLED. */
  readonly signal: AbortSignal;
  /** Stops the clock; call when the request is answered. */
  clear(): void;
}

export function startDeadline(client: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new ServerError('DEADLINE', `not finished within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const leave = (): void => controller.abort(new ServerError('CANCELLED', 'client went away'));
  if (client.aborted) leave();
  else client.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      client.removeEventListener('abort', leave);
    },
  };
}
