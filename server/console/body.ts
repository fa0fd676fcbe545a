/** Bodies of the console's requests: small JSON objects of a page of ours, wiped after they are read. */
import type { z } from 'zod';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { parseJson } from '../core/http/json.ts';
import { ConsoleError, foreign } from './errors.ts';
import { isOwnRequest } from './origin.ts';

const LIMIT_BYTES = 8192;
const JSON_LIMITS = { maxDepth: 1, maxValues: 8 };

/**
 * @param words what is needed, for who sent something else
 * @throws ConsoleError INVALID_REQUEST, FOREIGN_REQUEST; ServerError of the body
 */
export async function readJson<T>(
  request: Request,
  limits: BodyLimits,
  schema: z.ZodType<T>,
  words: string,
): Promise<T> {
  const { headers } = request;
  // a form of another site can be sent, JSON cannot without asking first
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ConsoleError('INVALID_REQUEST', 'Content-Type must be application/json');
  }
  if (!isOwnRequest(headers)) throw foreign();
  const body = await readBody(request, { ...limits, limitBytes: LIMIT_BYTES });
  try {
    const parsed = schema.safeParse(parseJson(body.bytes, JSON_LIMITS));
    if (parsed.success) return parsed.data;
    throw new ConsoleError('INVALID_REQUEST', words);
  } finally {
    body.bytes.fill(0);
    body.release();
  }
}
