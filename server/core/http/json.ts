/**
 * JSON (RFC 8259) from bytes a stranger sent: nesting and the number of values are counted by a scan
 * that allocates nothing before the parser builds anything. A UTF-8 byte order mark is skipped; of
 * duplicate keys the last one counts.
 */
import { ServerError } from '../errors.ts';

export interface JsonLimits {
  /** Open arrays and objects at one time. */
  readonly maxDepth: number;
  /** Commas and opening brackets outside strings: an upper bound for the number of values. */
  readonly maxValues: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** @throws ServerError JSON_INVALID; the message never repeats the content. */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  scan(bytes, limits);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ServerError('JSON_INVALID', 'body is not JSON in UTF-8');
  }
}

function scan(bytes: Uint8Array, limits: JsonLimits): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === COMMA) {
      values++;
    } else if (byte === 0x7b || byte === 0x5b) {
      values++;
      if (++depth > limits.maxDepth) throw new ServerError('JSON_INVALID', 'nested too deeply');
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
    if (values > limits.maxValues) throw new ServerError('JSON_INVALID', 'too many values');
  }
}
