/** The two requests of the page. Every failure comes back as an error answer, also that of the network. */
import type { CompareAnswer, ErrorAnswer, InfoAnswer, Side } from '../../playground/answer.ts';

export type Failure = ErrorAnswer['error'] | { readonly code: 'CONNECTION_LOST' };

export type Outcome<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly failure: Failure };

/** Rejects only when `signal` aborts. */
export function compare(
  photos: Readonly<Record<Side, File>>,
  signal: AbortSignal,
): Promise<Outcome<CompareAnswer>> {
  const form = new FormData();
  // The names of the files are the user's own business.
  form.append('a', photos.a, 'a');
  form.append('b', photos.b, 'b');
  return request<CompareAnswer>('/playground/compare', { method: 'POST', body: form, signal });
}

export function info(): Promise<Outcome<InfoAnswer>> {
  return request<InfoAnswer>('/playground/info', {});
}

async function request<T>(path: string, init: RequestInit): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, init);
    const body = await response.json();
    return response.ok ? { ok: true, answer: body } : { ok: false, failure: body.error };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return { ok: false, failure: { code: 'CONNECTION_LOST' } };
  }
}
