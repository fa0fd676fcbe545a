/** `gatehouse probe-backend`: what `serve` and `doctor` start to try a backend in a process of its own. */
import { json } from 'node:stream/consumers';
import { BackendRequestSchema } from '../server/core/inference/backend-messages.ts';
import { type BackendProbe, probeProcess } from '../server/core/inference/probe-process.ts';
import { IS_COMPILED } from '../server/core/model-pack.ts';
import { type CommandIo, EXIT, readArgs, UsageError } from './command.ts';

const MAIN = `${import.meta.dir}/../main.ts`;

export const help = `Usage: gatehouse probe-backend < REQUEST

Tries one inference backend for "serve" and "doctor", which start this in a process of its own. To see what
the backends of this machine do, run "gatehouse doctor".
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  readArgs(args, {}, 0);
  const request = BackendRequestSchema.safeParse(await json(process.stdin).catch(() => undefined));
  if (!request.success) throw new UsageError('the standard input is no request');
  const { probeBackend } = await import('../server/core/inference/backend-probe.ts');
  const answer = await probeBackend(request.data).catch((error) => ({
    available: false as const,
    reason: error instanceof Error ? error.message : String(error),
  }));
  io.stdout(JSON.stringify(answer) + '\n');
  return answer.available ? EXIT.ok : EXIT.negative;
}

/** What tries a backend by starting this command. */
export function backendProbe(): BackendProbe {
  const program = IS_COMPILED ? [process.execPath] : [process.execPath, MAIN];
  return probeProcess([...program, 'probe-backend']);
}
