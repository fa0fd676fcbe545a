/** Options of the commands that read the configuration. */
import { FLAG, TEXT } from '../command.ts';
import { type ConfigReading, FILE_NAME, readConfig } from '../../server/core/config/mod.ts';

export const CONFIG_OPTIONS = {
  config: TEXT,
  data: TEXT,
  json: FLAG,
} as const;

export const CONFIG_HELP =
  `  --config FILE  the configuration file; default GATEHOUSE_CONFIG, else ${FILE_NAME} in the data folder,
                 else in /etc/gatehouse
  --data DIR     the data folder; default GATEHOUSE_DATA or ./data
  --json         one JSON object instead of text
`;

/** Reads what a server started here would read. */
export function readInstalled(values: { config?: string; data?: string }): ConfigReading {
  const { config: file, data: dataFolder } = values;
  return readConfig({ env: process.env, file, options: { dataFolder } });
}
