/** Packets of all interfaces of this network namespace, captured by tcpdump. */
import { dirname } from 'node:path';

/** Enough for the headers. */
const SNAP_BYTES = 96;
const BUFFER_KIB = 16_384;
/** For packets that are still on their way into the file. */
const SETTLE_MS = 1500;

/** Neither from nor to a loopback address. */
const LEAVING = 'not (src net 127.0.0.0/8 and dst net 127.0.0.0/8) and not (src ::1 and dst ::1)';
/** DNS, also by TLS, and its relatives, wherever they go. */
const NAMES = 'port 53 or port 853 or port 5353 or port 5355';

export interface Captured {
  readonly packets: number;
  /** That the kernel had no room for. */
  readonly dropped: number;
  /** Those that are not from loopback to loopback, as tcpdump prints them. */
  readonly leaving: readonly string[];
  /** Queries for names. */
  readonly names: readonly string[];
}

export interface Capture {
  stop(): Promise<Captured>;
}

export function canCapture(): boolean {
  return Bun.which('tcpdump') !== null;
}

/** @param file for the packets; readable for the owner of its folder alone */
export async function startCapture(file: string): Promise<Capture> {
  const child = Bun.spawn(
    [
      ...['tcpdump', '-i', 'any', '-n', '-U', '-Z', 'root', '-s', String(SNAP_BYTES)],
      ...['-B', String(BUFFER_KIB), '-w', file],
    ],
    { stdout: 'ignore', stderr: 'pipe', cwd: dirname(file) },
  );
  const { promise: listening, resolve: listens } = Promise.withResolvers<void>();
  let said = '';
  const read = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      said += decoder.decode(chunk, { stream: true });
      if (said.includes('listening on')) listens();
    }
  })();
  await Promise.race([listening, child.exited.then(() => read)]);
  if (!said.includes('listening on')) throw new Error(`tcpdump: ${said}`);
  return {
    async stop() {
      await Bun.sleep(SETTLE_MS);
      child.kill('SIGINT');
      await Promise.all([child.exited, read]);
      return {
        packets: Number(/(\d+) packets? captured/.exec(said)?.[1] ?? NaN),
        dropped: Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? NaN),
        leaving: print(file, LEAVING),
        names: print(file, NAMES),
      };
    },
  };
}

function print(file: string, filter: string): string[] {
  const { stdout } = Bun.spawnSync(['tcpdump', '-n', '-r', file, filter], { stderr: 'ignore' });
  return stdout.toString().split('\n').filter((line) => line !== '');
}

/** Tries to leave, each way once, so that the capture can show that it would have seen it. */
export async function tryToLeave(): Promise<void> {
  const give = { signal: AbortSignal.timeout(1000) };
  await Promise.allSettled([
    fetch('http://198.51.100.7/', give),
    fetch('http://[2001:db8:1::7]/', give),
    fetch('http://gatehouse-control.example/', give),
  ]);
}
