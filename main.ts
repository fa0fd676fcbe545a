/** Starts the command line. */
import { EXIT } from './cli/command.ts';
import { refuseCoreDumps } from './cli/core-dumps.ts';
import { runCommandLine } from './cli/mod.ts';

refuseCoreDumps();
let lost: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, as in "gatehouse ... | head", need not be told.
  if (lost === undefined && error.code !== 'EPIPE') {
    process.stderr.write(`gatehouse: the output cannot be written: ${error.message}\n`);
  }
  lost = error;
  process.exitCode = EXIT.environment;
});
process.stderr.on('error', () => {});

const code = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
process.exitCode = lost === undefined ? code : EXIT.environment;
