/**
 * The program from its sources, whose newest inference worker dies on SIGUSR2: it is sent a message that is none,
 * which nothing in it expects, so that the error is thrown outside of its jobs. The product has no such door.
 */
const workers: Worker[] = [];

globalThis.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    if (String(args[0]).includes('face/worker')) workers.push(this);
  }
};
process.on('SIGUSR2', () => workers.at(-1)?.postMessage(null));

const { runCommandLine } = await import('../../cli/mod.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});

export {};
