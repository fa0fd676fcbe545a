/**
 * Structured logs: one JSON object per line, ASCII only, so that no value a client sends can start a
 * line of its own. Callers pass facts about requests, never pixels, vectors or scores; what a caller passes
 * by mistake is cut short, and what has a name that only secrets have is left out.
 */
import { currentTrace } from './tracing/current.ts';

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

/** The longest text of a field; reasons and paths are shorter. */
const MAX_TEXT = 256;
const MAX_ITEMS = 32;
const MAX_DEPTH = 3;
/** Names that a field has only by mistake, compared without case, hyphens and underscores. */
const SECRET = new Set([
  'accesskey',
  'apikey',
  'authorization',
  'body',
  'can',
  'clientid',
  'dateofbirth',
  'dateofexpiry',
  'documentnumber',
  'hmacsecret',
  'image',
  'images',
  'key',
  'kenc',
  'kmac',
  'mrz',
  'name',
  'names',
  'passport',
  'password',
  'picture',
  'secret',
  'template',
  'templates',
  'token',
  'validationid',
  'vector',
]);
const LEFT_OUT = '[left out]';

/** A value as it may stand in a line. */
function bounded(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}...` : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return LEFT_OUT;
  }
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).slice(0, MAX_ITEMS).map(([name, item]) => [
      name,
      isSecret(name) ? LEFT_OUT : bounded(item, depth + 1),
    ]),
  );
}

function isSecret(name: string): boolean {
  return SECRET.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/** Line and paragraph separators and everything else outside ASCII become \uXXXX. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines of one request share its identifiers, in the names that OpenTelemetry gives them. */
function traceFields(): LogFields {
  const trace = currentTrace();
  return trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId };
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
    const shown = bounded(fields) as LogFields;
    write(`${asciiJson({ time, level, event, ...traceFields(), ...shown })}\n`);
  };
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    enabled,
  };
}
