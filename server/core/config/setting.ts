/** A setting is declared once, as one of these; reading, checking, explaining and documenting it follow. */
import type { Kind } from './kinds.ts';

/** Values of all settings by their names in the code. */
export type Values = Readonly<Record<string, unknown>>;

/** A default that the machine or other settings decide. */
export class Computed<Value> {
  /** How the documentation puts it. */
  readonly words: string;
  readonly of: (values: Values) => Value;

  constructor(words: string, of: (values: Values) => Value) {
    this.words = words;
    this.of = of;
  }
}

export interface Setting<Value = unknown, Input = unknown> {
  /** `section.key`, as in the file. */
  readonly path: string;
  readonly kind: Kind<Value, Input>;
  readonly default: NoInfer<Value> | Computed<NoInfer<Value>>;
  /** Variables that set it; the first one that is set counts. */
  readonly variables: readonly string[];
  /** Its option on the command line, where commands have one. */
  readonly option?: string;
  /** Whether a running server takes a change; default no. */
  readonly reload?: true;
  /** Never shown; can be given in a file of its own, by `key_file` or `VARIABLE_FILE`. Default no. */
  readonly secret?: true;
  /** Names a file with further settings; a change of that file counts as a change of this one. */
  readonly watched?: true;
  /**
   * A value as the file has it, where the default is none or decided by the machine; of a secret, the path
   * of its file.
   */
  readonly example?: string;
  /** One paragraph: what it does, what it costs. */
  readonly about: string;
  /** What is wrong with the value beside the others, if anything; never repeats a secret. */
  readonly beside?: (value: NoInfer<Value>, values: Values) => string | undefined;
}

/** Settings by the names that the code knows them by. */
// deno-lint-ignore no-explicit-any
export type Settings = Readonly<Record<string, Setting<any, any>>>;

/** Gives a declaration its type. */
export function setting<Value, Input>(declared: Setting<Value, Input>): Setting<Value, Input> {
  return declared;
}

export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer Value, infer _> ? Value : never;
};

export type InputsOf<S extends Settings> = {
  readonly [Name in keyof S]?: S[Name] extends Setting<infer _, infer Input>
    ? Input | string | undefined
    : never;
};

/** What the text of a variable or of an option gives a setting. */
export function asGiven({ kind }: Setting, text: string): unknown {
  return kind.fromText?.(text) ?? text;
}
