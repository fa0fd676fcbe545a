/** The configuration file as a tree of values that know their lines. TOML 1.0.0, read by Bun. */
import type { Problem } from './problem.ts';
import { readSmallFile } from '../small-file.ts';
import { type Statement, statementsOf } from './statements.ts';

/**
 * Bun's parser takes a time that grows with the square of the number of keys: 12 s for 1 MB of them, 0.1 s
 * for this much, and a running server reads its file again.
 */
const LIMIT_BYTES = 65_536;

/** Settings are two levels deep; deeper keys have the line of what holds them. */
const MAX_DEPTH = 4;

type Table = Readonly<Record<string, unknown>>;

export interface TomlFile {
  readonly path: string;
  readonly tree: Table;
  /** `FILE:LINE` of a key, or of the statement or table that holds it. */
  readonly where: (keys: readonly string[]) => string;
  /** Whether users other than the owner may read it. */
  readonly shared: boolean;
}

/** @returns what is wrong instead, when the file cannot be read or is no TOML */
export function readTomlFile(path: string): TomlFile | Problem {
  const file = readSmallFile(path, LIMIT_BYTES);
  if (typeof file === 'string') return { from: path, reason: file };
  // what a full disk or an editor that did not come to its end leaves; its settings would be the defaults
  if (file.bytes.length === 0) {
    return { from: path, reason: 'is empty; a file that is to set nothing has a comment in it' };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.bytes);
  } catch {
    return { from: path, reason: 'is no text in UTF-8' };
  }
  const statements = statementsOf(text);
  const tree = parse(text);
  if (typeof tree === 'string') {
    return { from: `${path}:${lineOfMistake(statements)}`, reason: `is no TOML: ${tree}` };
  }
  const lines = linesOf(statements);
  const where = (keys: readonly string[]): string => {
    for (let length = keys.length; length > 0; length--) {
      const line = lines.get(JSON.stringify(keys.slice(0, length)));
      if (line !== undefined) return `${path}:${line}`;
    }
    return path;
  };
  return { path, tree, where, shared: file.shared };
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns a text instead: what Bun says is wrong, without the words it quotes, which can be a secret */
function parse(text: string): Table | string {
  try {
    return Bun.TOML.parse(text) as Table;
  } catch (error) {
    // beyond Bun's depth it is a RangeError
    if (!(error instanceof SyntaxError)) return 'nested too deeply';
    return error.message.replace(/^TOML Parse error: /, '').replace(
      /(?: but found|:)? ["'][\w"'].*$/s,
      '',
    );
  }
}

/** The line of the first statement that cannot follow on those before it. */
function lineOfMistake(statements: readonly Statement[]): number {
  const holds = (count: number) =>
    typeof parse(statements.slice(0, count).map(({ text }) => text).join('')) !== 'string';
  // all statements before `good` can be read, those before `bad` cannot
  let good = 0, bad = statements.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return statements[good]?.line ?? 1;
}

/** Lines by path, each path as JSON. */
function linesOf(statements: readonly Statement[]): Map<string, number> {
  const lines = new Map<string, number>();
  let table: string[] = [];
  for (const { line, text } of statements) {
    const parsed = parse(text);
    if (!isTable(parsed)) continue;
    const isHeader = text.trimStart().startsWith('[');
    if (isHeader) table = [];
    for (const keys of pathsIn(parsed, table)) {
      const id = JSON.stringify(keys);
      if (!lines.has(id)) lines.set(id, line);
      if (isHeader) table = keys;
    }
  }
  return lines;
}

/** All paths of a tree, the outer ones first. */
function pathsIn(tree: Table, above: readonly string[]): string[][] {
  if (above.length >= MAX_DEPTH) return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = [...above, key];
    return [path, ...(isTable(value) ? pathsIn(value, path) : [])];
  });
}
