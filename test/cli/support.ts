/** Runs command lines: in this process, and as the program a person starts. */
import { runCommandLine } from '../../cli/mod.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process. */
export async function inProcess(...args: string[]): Promise<Outcome> {
  let stdout = '', stderr = '';
  const code = await runCommandLine(args, {
    stdout: (text) => stdout += text,
    stderr: (text) => stderr += text,
  });
  return { code, stdout, stderr };
}

/** Runs `bun main.ts` in an empty environment but for the search path. */
export async function program(args: string[], cwd: string): Promise<Outcome> {
  const main = new URL('../../main.ts', import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, main, ...args], {
    cwd,
    env: { PATH: process.env.PATH },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

/** The one JSON object a command wrote. */
export function json(outcome: Outcome) {
  const lines = outcome.stdout.trimEnd().split('\n');
  if (lines.length !== 1) throw new Error(`not one line of JSON: ${outcome.stdout}`);
  return JSON.parse(lines[0]);
}
