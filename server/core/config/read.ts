/**
 * Puts the settings together: the command line before the environment before the file before the defaults.
 * Everything that is wrong is found at once, and a value that a stronger source overrides is checked as well.
 */
import { type Environment, type KnownVariables, readEnvironment } from './environment-source.ts';
import { readFileSource } from './file-source.ts';
import type { Problem } from './problem.ts';
import { asGiven, Computed, type Settings, type Values } from './setting.ts';
import { Gathering, type Source } from './source.ts';

export interface Sources {
  readonly env: Environment;
  /** By the names of settings, in their own types or as text; undefined ones are not given. */
  readonly options: Values;
  /** Path of the configuration file. */
  readonly file?: string | undefined;
}

/** A setting as it stands. */
interface Found {
  readonly value: unknown;
  /** `default`, `FILE:LINE`, `VARIABLE` or `--option`. */
  readonly from: string;
}

export interface Reading {
  /** By the names of settings. Where something is wrong it is not what anybody asked for. */
  readonly found: ReadonlyMap<string, Found>;
  readonly problems: readonly Problem[];
  /** Files that this rests on; when one changes, it is time to read again. */
  readonly files: readonly string[];
}

/** Never throws for anything that an operator can write. */
export function readSettings(
  settings: Settings,
  known: KnownVariables,
  { env, options, file }: Sources,
): Reading {
  const found = new Map<string, Found>();
  const problems: Problem[] = [];
  const files: string[] = [];
  const wrong = new Set<string>();
  for (
    const source of [
      ...(file === undefined ? [] : [readFileSource(settings, file)]),
      readEnvironment(settings, known, env),
      readOptions(settings, options),
    ]
  ) {
    problems.push(...source.problems);
    files.push(...source.files);
    for (const [name, given] of source.given) {
      const { kind, path } = settings[name];
      const parsed = kind.schema.safeParse(given.raw);
      if (parsed.success) {
        const value = kind.absolute?.(parsed.data, given.folder) ?? parsed.data;
        found.set(name, { value, from: given.from });
      } else {
        problems.push({ key: path, from: given.from, reason: `must be ${kind.words}` });
        wrong.add(name);
      }
    }
  }
  const values = addDefaults(settings, found);
  for (const [name, { beside, path, watched }] of Object.entries(settings)) {
    const value = values[name];
    if (watched && typeof value === 'string') files.push(value);
    const reason = wrong.has(name) ? undefined : beside?.(value, values);
    if (reason === undefined) continue;
    const from = found.get(name)?.from;
    problems.push({ key: path, ...(from !== 'default' && { from }), reason });
  }
  return { found, problems, files };
}

function readOptions(settings: Settings, options: Values): Source {
  const source = new Gathering();
  for (const [name, setting] of Object.entries(settings)) {
    const option = options[name];
    if (option === undefined) continue;
    const raw = typeof option === 'string' ? asGiven(setting, option) : option;
    const from = `--${setting.option ?? name}`;
    source.given.set(name, { raw, from, folder: process.cwd() });
  }
  return source;
}

/** Adds what nobody gave, in the order of the settings; defaults that depend on others come last. */
function addDefaults(settings: Settings, found: Map<string, Found>): Values {
  const values: Record<string, unknown> = {};
  for (const [name, { default: value }] of Object.entries(settings)) {
    const given = found.get(name);
    if (given !== undefined) values[name] = given.value;
    else if (!(value instanceof Computed)) values[name] = value;
  }
  for (const [name, { default: value }] of Object.entries(settings)) {
    if (!(name in values) && value instanceof Computed) values[name] = value.of(values);
    if (!found.has(name)) found.set(name, { value: values[name], from: 'default' });
  }
  return values;
}
