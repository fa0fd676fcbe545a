/** Parameters of a header value (RFC 9110 5.6.6): `text/plain; name=value; other="quoted \"value\""`. */

/** A token or a quoted string; what is not quoted may also hold what careless clients leave unquoted. */
const PARAMETER = /;[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]+)))?[ \t]*/y;
/** Control characters but the tab. */
const CONTROL = /[^\P{Cc}\t]/u;

export interface HeaderValue {
  /** What stands before the first parameter, in lower case. */
  readonly value: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The parts of a header value, or undefined when it is malformed or has a parameter twice. */
export function readHeaderValue(text: string): HeaderValue | undefined {
  if (CONTROL.test(text)) return undefined;
  const end = text.indexOf(';');
  const parameters = new Map<string, string>();
  const value = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
  PARAMETER.lastIndex = end < 0 ? text.length : end;
  while (PARAMETER.lastIndex < text.length) {
    const match = PARAMETER.exec(text);
    if (match === null) return undefined;
    const [, name, quoted, token] = match;
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (parameters.has(key)) return undefined;
    parameters.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? token);
  }
  return { value, parameters };
}
