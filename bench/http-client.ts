/** Load generator of the HTTP benchmarks, a process of its own: bounded time, fixed concurrency. */
import { sealCapture, type SealKey } from '../server/web/face-sdk/seal.ts';

/** What is sent again and again. A sealed capture is sealed anew each time, as none is taken twice. */
export type BenchRequest =
  | { readonly kind: 'json'; readonly body: string }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | {
    readonly kind: 'sealed';
    /** Base64. */
    readonly payload: string;
    readonly key: SealKey;
    readonly fields: Readonly<Record<string, string>>;
  };

export interface ClientResult {
  readonly times: number[];
  /** Answers by code in the body, or HTTP status where there is none. */
  readonly codes: Readonly<Record<string, number>>;
  readonly ms: number;
}

async function bodyOf(request: BenchRequest): Promise<BodyInit> {
  if (request.kind === 'json') return request.body;
  const form = new FormData();
  for (const [name, value] of Object.entries(request.fields)) form.set(name, value);
  if (request.kind === 'sealed') {
    const payload = Uint8Array.fromBase64(request.payload) as Uint8Array<ArrayBuffer>;
    form.set('file', new Blob([await sealCapture(payload, request.key, Date.now())]), 'bdata');
  }
  return form;
}

if (import.meta.main) {
  const [url, concurrency, seconds, requestFile] = process.argv.slice(2);
  const request: BenchRequest = await Bun.file(requestFile).json();
  const headers = request.kind === 'json' ? { 'content-type': 'application/json' } : undefined;
  const times: number[] = [];
  const codes: Record<string, number> = {};
  const until = performance.now() + Number(seconds) * 1000;
  const start = performance.now();
  const lane = async () => {
    while (performance.now() < until) {
      const body = await bodyOf(request);
      const sent = performance.now();
      const response = await fetch(url, { method: 'POST', headers, body });
      const { code = response.status } = await response.json() as { code?: number };
      codes[code] = (codes[code] ?? 0) + 1;
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, lane));
  console.log(JSON.stringify({ times, codes, ms: performance.now() - start }));
}
