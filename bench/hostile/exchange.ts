/** Sends one case of the run and judges the answers. */
import { type Case, type ClientRequest, MARKER, type WireRequest } from './case.ts';
import { bodyOf, type Expected, type HttpAnswer } from './expected.ts';
import { talk } from './wire.ts';

export interface Verdict {
  readonly ok: boolean;
  /** What came back, for the report: "400 501 ERROR_INVALID_JSON". */
  readonly answer: string;
  readonly ms: number;
}

/** What the server allows itself: a body of 2 s, a deadline of 30 s, and room for a busy machine. */
const DEFAULT_WITHIN_MS = 35_000;
const TIMEOUT_MS = 60_000;

export async function exchange(base: string, { send, expect, withinMs }: Case): Promise<Verdict> {
  const started = performance.now();
  let answers: (HttpAnswer | undefined)[];
  try {
    answers = 'wire' in send ? await byHand(base, send) : [await byClient(base, send)];
  } catch (error) {
    const answer = `no answer: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, answer, ms: performance.now() - started };
  }
  const ms = performance.now() - started;
  const wrong = answers.findIndex((answer) => !expect.some((one) => holds(one, answer)));
  const due = 'wire' in send ? (send.connections ?? 1) * (send.answers ?? 1) : 1;
  const faults = [
    ...(ms > (withinMs ?? DEFAULT_WITHIN_MS) ? ['too late'] : []),
    ...(answers.some(Boolean) && answers.length !== due ? [`${answers.length} answers`] : []),
    ...(answers.some((answer) => answer && echoes(answer)) ? ['repeats its input'] : []),
  ];
  return {
    ok: wrong < 0 && faults.length === 0,
    answer: [describe(answers[Math.max(wrong, 0)]), ...faults].join(', '),
    ms,
  };
}

/** A body that is no JSON where it should be is a wrong answer, not an end of the run. */
function holds(expected: Expected, answer: HttpAnswer | undefined): boolean {
  try {
    return expected.holds(answer);
  } catch {
    return false;
  }
}

async function byClient(base: string, request: ClientRequest): Promise<HttpAnswer> {
  const response = await fetch(new URL(request.path, base), {
    method: request.method ?? 'POST',
    headers: request.headers,
    body: request.body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { http: response.status, headers: response.headers, body: await response.bytes() };
}

async function byHand(base: string, request: WireRequest): Promise<(HttpAnswer | undefined)[]> {
  const { wire, connections = 1, answers = 1 } = request;
  const each = await Promise.all(
    Array.from({ length: connections }, () => talk(base, wire, answers, TIMEOUT_MS)),
  );
  return each.flatMap((some) => some.length === 0 ? [undefined] : some);
}

/** Whether something of the input came back; where it is meant to (pictures) there is no marker in it. */
function echoes({ headers, body }: HttpAnswer): boolean {
  return Buffer.from(body).includes(MARKER) || [...headers.values()].join().includes(MARKER);
}

function describe(answer: HttpAnswer | undefined): string {
  if (answer === undefined) return 'closed';
  const { http, headers } = answer;
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  if (type !== 'application/json') return `${http} ${type}`.trim();
  try {
    const { code = '', feedbackCode, message = '' } = bodyOf(answer);
    return `${http} ${code} ${feedbackCode ?? (http === 200 ? message : '')}`.trim();
  } catch {
    return `${http} broken JSON`;
  }
}
