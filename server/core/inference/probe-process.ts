/** Starts the process that tries a backend, and puts in words how it ended. */
import { basename } from 'node:path';
import { shareInWords, TOLERANCE } from '../../../biometrics/runtime/agreement.ts';
import type { BackendAnswer, BackendRequest } from './backend-probe.ts';

export interface BackendTrial {
  readonly available: boolean;
  /** Whether it is slower than the processor, as software that stands in for a GPU is. */
  readonly slow?: boolean;
  /** What speaks for it or against it, without paths of this machine. */
  readonly reason: string;
}

/** Tries a backend, until the signal says to stop. Never throws for what the backend does. */
export type BackendProbe = (
  request: BackendRequest,
  signal?: AbortSignal,
) => Promise<BackendTrial>;

/** TensorRT builds an engine for each network first, CUDA may compile for a GPU it does not know. */
const TIMEOUT_MS = 600_000;

/** The longest reason that is passed on. */
const MAX_CHARACTERS = 400;

/**
 * Trials in processes of their own, which take everything with them that a driver may break.
 * @param command starts a process that reads a request from its standard input and writes the answer
 */
export function probeProcess(
  command: readonly string[],
  timeoutMs = TIMEOUT_MS,
): BackendProbe {
  return async (request, signal) => {
    const child = Bun.spawn([...command], {
      stdin: new Blob([JSON.stringify(request)]),
      stdout: 'pipe',
      stderr: 'pipe',
      // a crash is reported to nobody but the caller
      env: { ...process.env, DO_NOT_TRACK: '1' },
      timeout: timeoutMs,
      ...(signal && { signal }),
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    await child.exited;
    const answer = parseAnswer(stdout);
    if (answer?.available) {
      const slow = request.backend !== 'cpu' && answer.runMs > answer.processorMs;
      return { available: true, slow, reason: agreement(answer) };
    }
    const ending = child.signalCode === 'SIGTERM'
      ? `no answer within ${timeoutMs} ms`
      : `the trial ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`;
    return { available: false, reason: plain(loadingFault(stderr) ?? answer?.reason ?? ending) };
  };
}

function parseAnswer(stdout: string): BackendAnswer | undefined {
  try {
    // drivers may write there as well, before
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

function agreement(answer: BackendAnswer & { available: true }): string {
  const { compared, difference, runMs, processorMs } = answer;
  return `${compared} ${compared === 1 ? 'network agrees' : 'networks agree'} with the processor ` +
    `(${shareInWords(difference)} of the largest output apart, allowed is ${
      shareInWords(TOLERANCE)
    }), ${timeInWords(runMs)} a face, ${timeInWords(processorMs)} on one core`;
}

function timeInWords(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** What ONNX Runtime logs, and does not say in its error, when a library of a backend cannot be loaded. */
function loadingFault(stderr: string): string | undefined {
  return /Failed to load library \S+ with error: (.+)/.exec(stderr)?.[1];
}

/** In one line, without places in sources and on this machine. */
function plain(reason: string): string {
  return reason
    // the machine and the call that failed, which CUDA's errors end with
    .replace(/ ; GPU=.*$/s, '')
    // "FILE:LINE FUNCTION CONDITION was false. " or "FILE:LINE FUNCTION " begins what ONNX Runtime throws
    .replace(/^\/\S+:\d+ (?:.* was false\. |.*[\])] (?=[A-Z]))/s, '')
    .replaceAll(/(?<=^|[\s'"(=])\/[^\s:'"]+/g, (path) => basename(path))
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_CHARACTERS);
}
