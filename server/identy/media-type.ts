/** Which bodies an endpoint takes: of its media types, as they are, not compressed. */
import { IdentyError } from './errors.ts';

/**
 * @returns the media type in lower case without its parameters; undefined when the client names none
 * @throws IdentyError ERROR_INVALID_JSON
 */
export function mediaType(
  headers: Headers,
  accepts: readonly string[] | 'any',
): string | undefined {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity') {
    throw new IdentyError(
      'ERROR_INVALID_JSON',
      'INVALID ARGUMENT EXCEPTION: the body must not have a Content-Encoding',
    );
  }
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase() || undefined;
  if (type === undefined || accepts === 'any' || accepts.includes(type)) return type;
  throw new IdentyError(
    'ERROR_INVALID_JSON',
    `INVALID ARGUMENT EXCEPTION: Content-Type must be ${accepts.join(' or ')}`,
  );
}
