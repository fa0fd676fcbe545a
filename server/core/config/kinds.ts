/**
 * What a value of a setting can be: how it is written in words, checked, read from the text of a variable,
 * and, for paths, made absolute. A message about a value is always "must be" and these words, so that no
 * value is ever repeated.
 */
import { resolve } from 'node:path';
import { z } from 'zod';

export interface Kind<Value = unknown, Input = unknown> {
  /** Completes "must be ...". */
  readonly words: string;
  readonly schema: z.ZodType<Value, Input>;
  /** The value that the text of a variable or of an option stands for; default the text itself. */
  readonly fromText?: (text: string) => unknown;
  /** Takes relative paths from `folder`. */
  readonly absolute?: (value: Value, folder: string) => Value;
}

/** Longest text that a setting can be; keys in PEM are below 4 KiB. */
const MAX_CHARACTERS = 16_384;

/** Text in one line; `pattern` narrows it, `words` then say to what. */
export function text(
  words = 'text in one line',
  pattern = /^[^\p{Cc}]+$/u,
): Kind<string, string> {
  return { words, schema: z.string().max(MAX_CHARACTERS).regex(pattern) };
}

/** A path in the file system, absolute once it is read. */
export function path(words = 'a path'): Kind<string, string> {
  return {
    words,
    schema: z.string().max(MAX_CHARACTERS).regex(/^[^\0]+$/),
    absolute: (value, folder) => resolve(folder, value),
  };
}

export function integer(min: number, max: number, unit = ''): Kind<number, number> {
  return {
    words: `a whole number${unit && ` of ${unit}`} from ${min} to ${max}`,
    schema: z.int().min(min).max(max),
    fromText: (text) => /^-?\d{1,15}$/.test(text) ? Number(text) : text,
  };
}

export function flag(): Kind<boolean, boolean> {
  const words = new Map([['true', true], ['false', false]]);
  return {
    words: 'true or false',
    schema: z.boolean(),
    fromText: (text) => words.get(text.toLowerCase()) ?? text,
  };
}

/** One of several words, in small letters or capitals; `aliases` are other words for some of them. */
export function choice<const Word extends string>(
  words: readonly Word[],
  aliases: Readonly<Record<string, Word>> = {},
): Kind<Word, string> {
  const meant = (word: string) => Object.hasOwn(aliases, word) ? aliases[word] : word;
  return {
    words: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    schema: z.string().transform((word) => meant(word.toLowerCase())).pipe(z.enum(words)),
  };
}

/** Several values of a kind; in a variable they are separated by commas. */
export function list<Value, Input>(
  words: string,
  of: Kind<Value, Input>,
  most: number,
): Kind<Value[], Input[]> {
  const { absolute } = of;
  return {
    words: `${words}, at most ${most}`,
    schema: z.array(of.schema).max(most),
    fromText: (text) => text.split(',').map((part) => part.trim()).filter(Boolean),
    ...(absolute && {
      absolute: (values: Value[], folder: string) => values.map((value) => absolute(value, folder)),
    }),
  };
}

/** A kind whose setting may be left out, without any value by default. */
export function optional<Value, Input>(
  kind: Kind<Value, Input>,
): Kind<Value | undefined, Input | undefined> {
  const { absolute } = kind;
  return {
    ...kind,
    schema: kind.schema.optional(),
    absolute: (value, folder) => value === undefined ? value : absolute?.(value, folder) ?? value,
  };
}
