/** Load generator of the HTTP benchmarks, a process of its own: bounded time, fixed concurrency. */
import { sealCapture, type SealKey } from '../server/web/face-sdk/seal.ts';

/** What is sent again and again. A sealed capture is sealed anew each time, as none is taken twice. */
export type BenchRequest =
  | { readonly kind: 'get' }
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

async function bodyOf(request: BenchRequest): Promise<BodyInit | undefined> {
  if (request.kind === 'get') return undefined;
  if (request.kind === 'json') return request.body;
  const form = new FormData();
  for (const [name, value] of Object.entries(request.fields)) form.set(name, value);
  if (request.kind === 'sealed') {
    const payload = Uint8Array.fromBase64(request.payload) as Uint8Array<ArrayBuffer>;
    form.set('file', new Blob([await sealCapture(payload, request.key, Date.now())]), 'bdata');
  }
  return form;
}

/** The code in an answer in JSON, or its HTTP status. */
async function codeOf(response: Response): Promise<number> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  if (isJson) return (await response.json() as { code?: number }).code ?? response.status;
  await response.arrayBuffer();
  return response.status;
}

if (import.meta.main) {
  const [url, concurrency, seconds, requestFile] = process.argv.slice(2);
  const request: BenchRequest = await Bun.file(requestFile).json();
  const headers = request.kind === 'json' ? { 'content-type': 'application/json' } : undefined;
  const method = request.kind === 'get' ? 'GET' : 'POST';
  const times: number[] = [];
  const codes: Record<string, number> = {};
  const until = performance.now() + Number(seconds) * 1000;
  const start = performance.now();
  const lane = async () => {
    while (performance.now() < until) {
      const body = await bodyOf(request);
      const sent = performance.now();
      const code = await codeOf(await fetch(url, { method, headers, body }));
      codes[code] = (codes[code] ?? 0) + 1;
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, lane));
  console.log(JSON.stringify({ times, codes, ms: performance.now() - start }));
}
