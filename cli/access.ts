/** Who may come in to an installation, for a command. */
import type { AccessDatabase } from '../server/core/access/access-database.ts';
import { openAccess } from '../server/core/access/open-access.ts';
import { requireDataFolder } from '../server/core/data/folder.ts';
import { installedConfig } from './settings.ts';

/**
 * Does something with it and with the data folder, which is made when there is none.
 * @param folder the data folder named on the command line
 * @throws ServerError CONFIG_INVALID, DATA_FORMAT, STORAGE_FAILED
 */
export async function withAccess<T>(
  folder: string | undefined,
  work: (access: AccessDatabase, data: string) => Promise<T>,
): Promise<T> {
  const config = installedConfig(folder);
  await requireDataFolder(config.dataFolder);
  const { access, close } = await openAccess(config);
  try {
    return await work(access, config.dataFolder);
  } finally {
    await close();
  }
}
