/** What SQLite throws, as the typed error of storage. */
import { ServerError } from '../errors.ts';

/**
 * Does something to a database.
 * @param name what is stored there, or its path, for the message
 * @throws ServerError STORAGE_FAILED for whatever goes wrong
 */
export function attempt<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError('STORAGE_FAILED', `${name}: ${reason}`, { cause });
  }
}
