/** Requests of the console. */

export type Outcome<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly status: number };

/** Status of an answer that never came. */
export const NO_ANSWER = 0;

export async function ask<T>(name: string): Promise<Outcome<T>> {
  try {
    const response = await fetch(`/console/api/${name}`);
    return response.ok
      ? { ok: true, answer: await response.json() }
      : { ok: false, status: response.status };
  } catch {
    return { ok: false, status: NO_ANSWER };
  }
}
