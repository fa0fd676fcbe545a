/** Settings from the configuration file. Keys that are none are refused, with the name probably meant. */
import { dirname } from 'node:path';
import { suggestion } from './nearest.ts';
import { shownName } from './problem.ts';
import type { Setting, Settings } from './setting.ts';
import { Gathering, type Source } from './source.ts';
import { isTable, readTomlFile, type TomlFile } from './toml-file.ts';

export function readFileSource(settings: Settings, path: string): Source {
  const source = new Gathering();
  source.files.push(path);
  const file = readTomlFile(path);
  if ('reason' in file) {
    source.problems.push(file);
    return source;
  }
  refuseUnknownKeys(source, settings, file, file.tree, []);
  for (const [name, setting] of Object.entries(settings)) add(source, name, setting, file);
  return source;
}

/** The key that names the file of a secret. */
function fileKey(path: string): string {
  return `${path}_file`;
}

/** Goes down as long as there are settings below, so that a section nobody knows is one problem. */
function refuseUnknownKeys(
  source: Gathering,
  settings: Settings,
  file: TomlFile,
  table: TomlFile['tree'],
  above: readonly string[],
): void {
  const paths = Object.values(settings).flatMap(({ path, secret }) =>
    secret ? [path, fileKey(path)] : [path]
  );
  const sections = paths.map((path) => path.slice(0, path.lastIndexOf('.')));
  for (const [key, value] of Object.entries(table)) {
    const keys = [...above, key];
    // a full stop inside a quoted key is none between keys
    const path = keys.map((key) => key.includes('.') ? JSON.stringify(key) : key).join('.');
    if (paths.includes(path)) continue;
    const from = file.where(keys);
    if (!paths.some((known) => known.startsWith(`${path}.`))) {
      const meant = suggestion(path, isTable(value) && above.length === 0 ? sections : paths);
      source.problems.push({ key: shownName(path), from, reason: `unknown key${meant}` });
    } else if (isTable(value)) refuseUnknownKeys(source, settings, file, value, keys);
    else source.problems.push({ key: path, from, reason: `must be a section, [${path}]` });
  }
}

function add(source: Gathering, name: string, { path, secret }: Setting, file: TomlFile): void {
  const folder = dirname(file.path);
  const keys = path.split('.');
  const raw = valueAt(file.tree, keys);
  if (raw !== undefined) source.given.set(name, { raw, from: file.where(keys), folder });
  if (!secret) return;

  const secretKey = fileKey(path);
  const secretPath = valueAt(file.tree, secretKey.split('.'));
  if (raw === undefined && secretPath !== undefined) {
    const from = file.where(secretKey.split('.'));
    source.addSecretFile(name, secretKey, { raw: secretPath, from, folder });
  }
  if (raw === undefined) return;
  const refuse = (reason: string) =>
    source.problems.push({ key: path, from: file.where(keys), reason });
  if (secretPath !== undefined) refuse(`given twice, as ${secretKey} too`);
  if (file.shared) {
    refuse(`other users may read this file: chmod 600 it, or name a file in ${secretKey}`);
  }
}

/** The value at a path of tables; undefined where there is none. */
function valueAt(tree: TomlFile['tree'], keys: readonly string[]): unknown {
  let value: unknown = tree;
  for (const key of keys) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
