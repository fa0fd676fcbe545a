/** The settings of the server: declared once, read from everywhere, explained. docs/configuration.md. */
export {
  allSettings,
  exampleLine,
  factsOf,
  type SettingFacts,
  shownInWords,
  showSettings,
} from './describe.ts';
export { LiveConfig } from './live-config.ts';
export {
  configOf,
  type ConfigReading,
  type ConfigSources,
  loadConfig,
  openConfig,
  readConfig,
} from './load.ts';
export { FILE_NAME } from './locate.ts';
export { suggestion } from './nearest.ts';
export { describeProblem, type Problem } from './problem.ts';
export {
  type ConfigInput,
  IGNORED_VARIABLES,
  OTHER_VARIABLES,
  type ServerConfig,
} from './settings.ts';
