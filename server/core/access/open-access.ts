/** Who may come in, where the settings of an installation say that it is kept. */
import type { ServerConfig } from '../config/mod.ts';
import { openDatabase } from '../store/open-store.ts';
import type { AccessDatabase } from './access-database.ts';
import { AccessFile, accessPath } from './access-file.ts';
import { AccessTables } from './access-tables.ts';

export interface OpenAccess {
  readonly access: AccessDatabase;
  close(): void | Promise<void>;
}

/** For a command, which may be the first to write there. @throws ServerError STORAGE_FAILED */
export async function openAccess(
  config: Pick<ServerConfig, 'dataFolder' | 'databaseUrl'>,
): Promise<OpenAccess> {
  const database = await openDatabase(config);
  if (database !== undefined) {
    return { access: new AccessTables(database), close: () => database.close() };
  }
  const file = AccessFile.open(accessPath(config.dataFolder));
  return { access: file, close: () => file.close() };
}
