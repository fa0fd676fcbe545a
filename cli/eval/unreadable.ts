/** Pictures of a data set that cannot be read: named and counted, so that one broken file among thousands ends no run. */
import { FaceError } from '../../biometrics/mod.ts';
import type { CommandIo } from '../command.ts';

export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

/**
 * Names the file on stderr.
 * @throws the error itself when it is not about the file
 */
export function noteUnreadable(io: CommandIo, path: string, error: unknown): Unreadable {
  if (!(error instanceof FaceError && error.code.startsWith('IMAGE_'))) throw error;
  const reason = error.message.replace(`${path}: `, '');
  io.stderr(`not read  ${path}: ${reason}\n`);
  return { path, reason };
}
