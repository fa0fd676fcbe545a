/** Starts the process that tries a backend, and puts in words how it ended. */
import { basename } from 'node:path';
import { shareInWords, TOLERANCE } from '../../../biometrics/runtime/agreement.ts';
import {
  type BackendAnswer,
  BackendAnswerSchema,
  type BackendRequest,
} from './backend-messages.ts';

export interface BackendTrial {
  readonly available: boolean;
  /** How many cores of the processor one worker on it stands for; absent for what was not timed. */
  readonly cores?: number;
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
    const { answer, log, ending } = await run(command, request, timeoutMs, signal);
    if (answer?.available) {
      const cores = answer.processorMs / answer.runMs;
      return { available: true, cores, reason: agreement(answer) };
    }
    const reason = plain(loadingFault(log) ?? answer?.reason ?? ending) || ending;
    return { available: false, reason };
  };
}

interface Ended {
  readonly answer?: BackendAnswer | undefined;
  /** What was written to the standard error. */
  readonly log: string;
  /** How the process ended. */
  readonly ending: string;
}

async function run(
  command: readonly string[],
  request: BackendRequest,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Ended> {
  let child;
  try {
    child = Bun.spawn([...command], {
      stdin: new Blob([JSON.stringify(request)]),
      stdout: 'pipe',
      stderr: 'pipe',
      // a crash is reported to nobody but the caller
      env: { ...process.env, DO_NOT_TRACK: '1' },
      timeout: timeoutMs,
      ...(signal && { signal }),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { log: '', ending: `no process can be started for the trial (${code})` };
  }
  const [stdout, log] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  const ending = child.signalCode === 'SIGTERM'
    ? `no answer within ${timeoutMs} ms`
    : `the trial ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`;
  return { answer: parseAnswer(stdout), log, ending };
}

/** @returns undefined for anything else than an answer */
function parseAnswer(stdout: string): BackendAnswer | undefined {
  // drivers may write there as well, before
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return BackendAnswerSchema.safeParse(JSON.parse(line)).data;
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
