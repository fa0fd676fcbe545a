/**
 * The settings of a running server. They are read again when told to and when their files have changed: a
 * configuration that is wrong leaves the one in force, of one that is right the settings that can change
 * without a restart are put in force all at once, and the log names the others.
 */
import { ServerError } from '../errors.ts';
import type { Logger } from '../logging.ts';
import { shownInWords, showSettings } from './describe.ts';
import { configOf, type ConfigReading, type ConfigSources, readConfig } from './load.ts';
import { locateConfigFile } from './locate.ts';
import { describeProblem } from './problem.ts';
import type { Setting } from './setting.ts';
import { type ServerConfig, SETTINGS } from './settings.ts';
import { lookOf, SettledWatch } from '../settled-watch.ts';

export interface LiveConfigOptions {
  readonly sources: ConfigSources;
  /** What was read from them at the start. */
  readonly reading: ConfigReading;
  readonly log: Logger;
  /** Puts settings in force: all of them, or none when it throws. */
  readonly apply: (config: ServerConfig) => Promise<void>;
}

type Name = keyof ServerConfig;

export class LiveConfig {
  readonly #sources: ConfigSources;
  readonly #log: Logger;
  readonly #apply: (config: ServerConfig) => Promise<void>;
  readonly #watch: SettledWatch;
  #config: ServerConfig;
  /** Where the settings in force are from; those that are not in it have their default. */
  #from: ReadonlyMap<string, string>;
  #file: string | undefined;
  #files: readonly string[];
  #work: Promise<void> = Promise.resolve();

  /** @throws ServerError CONFIG_INVALID when something is wrong with the reading */
  constructor({ sources, reading, log, apply }: LiveConfigOptions) {
    this.#sources = sources;
    this.#log = log;
    this.#apply = apply;
    this.#config = configOf(reading);
    this.#from = fromOf(reading);
    this.#file = reading.file;
    this.#files = reading.files;
    this.#watch = new SettledWatch(() =>
      new Map([
        // whichever file it is: one may come that goes before the one in use
        ['', lookOf(this.#locate() ?? '')],
        ...this.#files.map((path) => [path, lookOf(path)] as const),
      ])
    );
  }

  /** The settings in force, as `config show` writes them, and the file that was read last. */
  get shown(): {
    readonly file: string | null;
    readonly settings: readonly { key: string; value: string; from: string }[];
  } {
    const settings = showSettings(this.#config, (name) => this.#from.get(name) ?? 'default');
    return {
      file: this.#file ?? null,
      settings: settings.map((setting) => {
        const { key, from } = setting;
        return { key, value: shownInWords(setting), from };
      }),
    };
  }

  /** Reads the settings again, after a reading that is under way. */
  reload(): Promise<void> {
    return this.#work = this.#work.then(() => this.#reload());
  }

  /** Reads the settings again when their files have changed and settled; call it every few seconds. */
  async poll(): Promise<void> {
    if (this.#watch.poll()) await this.reload();
  }

  #locate(): string | undefined {
    const { options, ...places } = this.#sources;
    return locateConfigFile({ ...places, dataFolder: options?.dataFolder });
  }

  async #reload(): Promise<void> {
    this.#watch.accept();
    const reading = readConfig(this.#sources);
    const { file, problems } = reading;
    // what is wrong may be repaired in any of them
    this.#files = [...new Set([...this.#files, ...reading.files])];
    // a file that is named for the first time may change while it is put in force
    this.#watch.learn();
    if (problems.length > 0) return this.#refuse(file, problems.map(describeProblem));
    if (file === undefined && this.#file !== undefined) {
      return this.#refuse(this.#file, [`${this.#file}: does not exist any more`]);
    }
    const next = configOf(reading);
    const changed = (Object.keys(SETTINGS) as Name[])
      .filter((name) => JSON.stringify(next[name]) !== JSON.stringify(this.#config[name]));
    const now = changed.filter(canReload);
    const config = {
      ...this.#config,
      ...Object.fromEntries(now.map((name) => [name, next[name]])),
    };
    try {
      await this.#apply(config);
    } catch (error) {
      const known = error instanceof ServerError && error.code === 'CONFIG_INVALID';
      return this.#refuse(file, [known ? error.message : 'could not be put in force']);
    }
    this.#config = config;
    this.#from = new Map([
      ...fromOf(reading),
      // what waits for a restart is still as it was, and from where it was
      ...changed.filter((name) => !canReload(name))
        .map((name) => [name, this.#from.get(name) ?? 'default'] as const),
    ]);
    this.#file = file;
    this.#files = reading.files;
    this.#log.info('config-reloaded', {
      file,
      changed: now.map(pathOf),
      needs_restart: changed.filter((name) => !canReload(name)).map(pathOf),
    });
  }

  #refuse(file: string | undefined, problems: readonly string[]): void {
    this.#log.error('config-refused', { file, problems });
  }
}

function fromOf({ found }: ConfigReading): Map<string, string> {
  return new Map([...found].map(([name, { from }]) => [name, from]));
}

function canReload(name: Name): boolean {
  return (SETTINGS[name] as Setting).reload === true;
}

function pathOf(name: Name): string {
  return SETTINGS[name].path;
}
