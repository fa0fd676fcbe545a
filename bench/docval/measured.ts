/**
 * A process of its own for what is measured, so that its processor time and memory are not those of the
 * phones. Spoken to over IPC: it says its address once, then answers questions.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Lengths } from '../emrtd/documents.ts';

/** `settled` collects garbage first, whose time is not that of a session; others are jobs of the process. */
type Question = 'usage' | 'settled' | Job;

/** A job done so many times with a document before the answer. */
interface Job {
  readonly name: string;
  readonly document: number;
  readonly count: number;
}

type Jobs = Readonly<Record<string, (document: number, count: number) => Promise<void>>>;

/** Since the start of the process. */
interface Usage {
  readonly userMs: number;
  readonly systemMs: number;
  readonly rssBytes: number;
  /** 99th percentile of the event loop's lateness since the last question. */
  readonly loopDelayP99Ms: number;
}

/** The other side of a measured process. */
export interface MeasuredProcess {
  readonly address: string;
  ask(question: Question): Promise<Usage>;
  stop(): void;
}

/** Starts a file of this folder; waits for its address. */
export async function startMeasured(file: string, lengths: Lengths): Promise<MeasuredProcess> {
  const waiting: ((message: unknown) => void)[] = [];
  const next = () => new Promise<unknown>((resolve) => waiting.push(resolve));
  const address = next();
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/${file}`, lengths], {
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: (message) => waiting.shift()?.(message),
  });
  return {
    address: await address as string,
    ask(question) {
      const answer = next();
      child.send(question);
      return answer as Promise<Usage>;
    },
    stop: () => child.kill(),
  };
}

/** Called in the measured process when it is ready. */
export function announce(address: string, jobs: Jobs = {}): void {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on('message', async (question: Question) => {
    if (question === 'settled') Bun.gc(true);
    else if (question !== 'usage') await jobs[question.name](question.document, question.count);
    const { user, system } = process.cpuUsage();
    const usage: Usage = {
      userMs: user / 1000,
      systemMs: system / 1000,
      rssBytes: process.memoryUsage.rss(),
      loopDelayP99Ms: delay.percentile(99) / 1e6,
    };
    delay.reset();
    process.send?.(usage);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(address);
}
