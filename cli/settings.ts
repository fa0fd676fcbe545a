/** What commands take from the settings of this installation: the file and the variables that the server reads. */
import { openConfig, type ServerConfig } from '../server/core/config/mod.ts';

/**
 * The settings of this installation.
 * @param data the data folder named on the command line, which may hold a configuration file
 * @throws ServerError CONFIG_INVALID
 */
export function installedConfig(data?: string): ServerConfig {
  return openConfig({ env: process.env, options: { dataFolder: data } });
}

/**
 * The folder named on the command line, else that of the settings.
 * @throws ServerError CONFIG_INVALID
 */
export function dataFolder(named: string | undefined): string {
  return installedConfig(named).dataFolder;
}
