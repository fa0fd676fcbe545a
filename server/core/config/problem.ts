/** One thing that is wrong with a configuration: which key, who set it, why. Values are never part of it. */

export interface Problem {
  /** `server.port`, or the name of a variable that is none of ours; absent when the file as a whole is meant. */
  readonly key?: string;
  /** `FILE:LINE`, `VARIABLE` or `--option`; absent when nothing set it. */
  readonly from?: string;
  readonly reason: string;
}

export function describeProblem({ key, from, reason }: Problem): string {
  if (key === undefined) return `${from}: ${reason}`;
  return `${key}${from === undefined ? '' : ` (${from})`}: ${reason}`;
}

const MAX_NAME = 80;

/** A name that somebody else wrote, fit for a message: one line, of limited length. */
export function shownName(name: string): string {
  const short = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name;
  return /^[\w.-]+$/.test(short) ? short : JSON.stringify(short);
}
