/**
 * Settings from environment variables; an empty one counts as not set. Variables that look like ours and are
 * none are refused: a misspelt `TEMPLATE_ENCRYPTION_ENABLED` must not leave templates in the clear.
 */
import { suggestion } from './nearest.ts';
import { shownName } from './problem.ts';
import { asGiven, type Setting, type Settings } from './setting.ts';
import { Gathering, type Source } from './source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is known of variables besides those of settings. */
export interface KnownVariables {
  /** Read by other parts of the program. */
  readonly others: readonly string[];
  /** Variables that begin so are ours. */
  readonly prefixes: readonly string[];
}

export function readEnvironment(
  settings: Settings,
  known: KnownVariables,
  env: Environment,
): Source {
  const source = new Gathering();
  const set = new Map(
    Object.entries(env).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
  for (const [name, setting] of Object.entries(settings)) add(source, name, setting, set);

  const names = [...Object.values(settings).flatMap(variablesOf), ...known.others];
  for (const name of set.keys()) {
    const looksOurs = known.prefixes.some((prefix) => name.startsWith(prefix));
    if (!looksOurs || names.includes(name)) continue;
    const reason = `unknown variable${suggestion(name, names)}`;
    source.problems.push({ key: shownName(name), from: 'environment', reason });
  }
  return source;
}

/** All variables that set a setting; the first one that is set counts. */
export function variablesOf({ variables, secret }: Setting): readonly string[] {
  return secret ? variables.flatMap((variable) => [variable, `${variable}_FILE`]) : variables;
}

function add(
  source: Gathering,
  name: string,
  setting: Setting,
  set: ReadonlyMap<string, string>,
): void {
  const folder = process.cwd();
  for (const variable of setting.variables) {
    const text = set.get(variable);
    const fileVariable = `${variable}_FILE`;
    const path = setting.secret && set.get(fileVariable);
    if (text !== undefined) {
      source.given.set(name, { raw: asGiven(setting, text), from: variable, folder });
      if (path === undefined) return;
      const reason = `given twice, as ${fileVariable} too`;
      source.problems.push({ key: setting.path, from: variable, reason });
      return;
    }
    if (path === undefined) continue;
    source.addSecretFile(name, setting.path, { raw: path, from: fileVariable, folder });
    return;
  }
}
