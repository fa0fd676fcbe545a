/** Sends one request of the run and judges the answer. */
import { connect } from 'node:net';
import type { Expectation, HostileRequest } from './requests.ts';

export interface Verdict {
  readonly ok: boolean;
  /** What came back, for the report: "400 501 ERROR_INVALID_JSON". */
  readonly answer: string;
  readonly ms: number;
}

const TIMEOUT_MS = 60_000;
const REFID = /^W-face-[A-Z0-9]+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{13}$/;

export async function exchange(base: string, request: HostileRequest): Promise<Verdict> {
  const started = performance.now();
  try {
    const judged = request.raw === undefined
      ? await viaHttp(base, request)
      : await viaSocket(base, request.raw, request.expect);
    return { ...judged, ms: performance.now() - started };
  } catch (error) {
    const answer = `no answer: ${error instanceof Error ? error.name : String(error)}`;
    return { ok: false, answer, ms: performance.now() - started };
  }
}

async function viaHttp(
  base: string,
  { path, method, headers, body, expect }: HostileRequest,
): Promise<Omit<Verdict, 'ms'>> {
  const response = await fetch(new URL(path, base), {
    method,
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const content = await response.json() as Record<string, unknown>;
  const ok = response.status === expect.http &&
    content.code === expect.code &&
    content.feedbackCode === expect.feedbackCode &&
    REFID.test(String(content.refid)) &&
    (response.ok || typeof content.message === 'string') &&
    Object.entries(expect.members ?? {}).every(([name, value]) => content[name] === value);
  return { ok, answer: `${response.status} ${content.code} ${content.feedbackCode}` };
}

function viaSocket(
  base: string,
  raw: string,
  expect: Expectation,
): Promise<Omit<Verdict, 'ms'>> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(raw));
    let got = '';
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('timeout')));
    socket.on('data', (data: Uint8Array) => got += new TextDecoder().decode(data));
    socket.on('error', reject);
    socket.on('close', () => {
      const http = Number(/^HTTP\/1\.1 (\d{3})/.exec(got)?.[1]);
      resolve({ ok: http === expect.http, answer: `${http}` });
    });
  });
}
