/** The settings of the server, from where an installation has them. */
import { ServerError } from '../errors.ts';
import type { Environment, KnownVariables } from './environment-source.ts';
import { locateConfigFile, type Places, strayPath } from './locate.ts';
import { describeProblem, type Problem } from './problem.ts';
import { type Reading, readSettings } from './read.ts';
import {
  type ConfigInput,
  IGNORED_VARIABLES,
  OTHER_VARIABLES,
  OWN_PREFIXES,
  type ServerConfig,
  SETTINGS,
} from './settings.ts';

const KNOWN: KnownVariables = { others: Object.keys(OTHER_VARIABLES), prefixes: OWN_PREFIXES };

export interface ConfigSources extends Omit<Places, 'dataFolder'> {
  readonly options?: ConfigInput;
}

/** What an installation is set to, or what is wrong with it. */
export interface ConfigReading extends Reading {
  /** The configuration file; undefined where there is none. */
  readonly file: string | undefined;
  /** Variables of the replaced product that are set and mean nothing here. */
  readonly ignored: readonly string[];
}

/** Reads command line, environment and configuration file. Never throws for what an operator can write. */
export function readConfig({ env, options = {}, ...places }: ConfigSources): ConfigReading {
  const where = { env, dataFolder: options.dataFolder, ...places };
  const file = locateConfigFile(where);
  const ignored = IGNORED_VARIABLES.filter((name) => (env[name] ?? '') !== '');
  const reading = readSettings(SETTINGS, KNOWN, { env, options, file });
  const stray = strayPath(where, file);
  if (stray === undefined) return { ...reading, file, ignored };
  const reason =
    'belongs to another user; if it is meant, name it: GATEHOUSE_CONFIG, GATEHOUSE_DATA';
  return { ...reading, problems: [{ from: stray, reason }, ...reading.problems], file, ignored };
}

/** @throws ServerError CONFIG_INVALID that lists everything that is wrong */
export function configOf({ found, problems }: Reading): ServerConfig {
  refuse(problems);
  return Object.fromEntries([...found].map(([name, { value }]) => [name, value])) as ServerConfig;
}

/**
 * The settings of an installation.
 * @throws ServerError CONFIG_INVALID that lists everything that is wrong
 */
export function openConfig(sources: ConfigSources): ServerConfig {
  return configOf(readConfig(sources));
}

/**
 * Settings from `env` with `options` on top, without any file.
 * @throws ServerError CONFIG_INVALID that lists everything that is wrong
 */
export function loadConfig(env: Environment, options: ConfigInput = {}): ServerConfig {
  return configOf(readSettings(SETTINGS, KNOWN, { env, options }));
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new ServerError('CONFIG_INVALID', problems.map(describeProblem).join('; '));
}
