/** Child process that ends as a backend might: the first argument says how. */
import { dlopen } from 'bun:ffi';

export type FakeEnd = 'abort' | 'hang' | 'silence' | 'print' | 'echo';

const ENDS: Readonly<Record<FakeEnd, () => unknown>> = {
  abort: () => dlopen('libc.so.6', { abort: { args: [], returns: 'void' } }).symbols.abort(),
  hang: () => setInterval(() => {}, 60_000),
  silence: () => process.exit(3),
  print: async () => {
    const [stdout, stderr] = process.argv.slice(3);
    process.stderr.write(stderr ?? '');
    process.stdout.write(stdout);
  },
  echo: async () => {
    const { backend, device } = await new Response(Bun.stdin.stream()).json();
    const reason = `${backend} ${device} ${process.env.DO_NOT_TRACK}`;
    process.stdout.write(JSON.stringify({ available: false, reason }));
  },
};
await ENDS[process.argv[2] as FakeEnd]();
