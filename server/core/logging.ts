/**
 * Structured logs: one JSON object per line, ASCII only, so that no value a client sends can start a
 * line of its own. Callers pass facts about requests, never pixels, vectors or scores.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Whether lines of this level are written, to skip work for those that are not. */
  enabled(level: LogLevel): boolean;
}

/** Line and paragraph separators and everything else outside ASCII become \uXXXX. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A logger that hands finished lines (with their line feed) to `write`.
 * @param minimum least level that is written; a function is asked for each line
 * @param nowMs epoch milliseconds of the line.
 */
export function createLogger(
  minimum: LogLevel | (() => LogLevel),
  write: (line: string) => void,
  nowMs: () => number = Date.now,
): Logger {
  const enabled = (level: LogLevel): boolean =>
    RANK[level] >= RANK[typeof minimum === 'function' ? minimum() : minimum];
  const log = (level: LogLevel) => (event: string, fields: LogFields = {}): void => {
    if (!enabled(level)) return;
    const time = new Date(nowMs()).toISOString();
    write(`${asciiJson({ time, level, event, ...fields })}\n`);
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    enabled,
  };
}
