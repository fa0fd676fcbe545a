/**
 * Cuts TOML into its statements, each with its line, because Bun's parser tells neither where a value stands
 * nor where a mistake is. Strings, arrays and inline tables keep their line feeds (TOML 1.0.0, "String",
 * "Array"); in text that is no TOML a statement may go on to the end.
 */

export interface Statement {
  /** 1 is the first line. */
  readonly line: number;
  /** With its line feed. */
  readonly text: string;
}

/** From the quote at `at`: the first place behind the string; a single-line string ends at a line feed. */
function behindString(text: string, at: number): number {
  const quote = text[at];
  const escapes = quote === '"';
  const fence = quote.repeat(3);
  const multiline = text.startsWith(fence, at);
  for (let i = at + (multiline ? 3 : 1); i < text.length; i++) {
    if (escapes && text[i] === '\\') i++;
    else if (!multiline && text[i] === '\n') return i;
    else if (!multiline && text[i] === quote) return i + 1;
    else if (multiline && text.startsWith(fence, i)) {
      // up to two quotes may stand before the closing ones
      let end = i + 3;
      while (end < i + 5 && text[end] === quote) end++;
      return end;
    }
  }
  return text.length;
}

export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let line = 1, begin = 0, depth = 0;
  const cut = (end: number): void => {
    const statement = text.slice(begin, end);
    statements.push({ line, text: statement });
    line += statement.split('\n').length - 1;
    begin = end;
    depth = 0;
  };
  for (let at = 0; at < text.length;) {
    const sign = text[at];
    if (sign === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (sign === '"' || sign === "'") {
      at = behindString(text, at);
      continue;
    }
    if (sign === '[' || sign === '{') depth++;
    if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
    at++;
    if (sign === '\n' && depth === 0) cut(at);
  }
  if (begin < text.length) cut(text.length);
  return statements;
}
