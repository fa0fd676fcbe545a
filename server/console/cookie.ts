/** The cookie of a session: for this host alone, over TLS, out of reach of scripts and of other sites. */

/** The prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis 4.1.3.2). */
const NAME = '__Host-gatehouse-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
/** RFC 6265bis asks browsers for 4096 in all. */
const MAX_CHARACTERS = 8192;

/** The session identifier of a `Cookie` header; undefined when there is none, or more than one. */
export function readSessionCookie(header: string | null): string | undefined {
  if (header === null || header.length > MAX_CHARACTERS) return undefined;
  const values = header.split(';').map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/** Value of `Set-Cookie`; the browser forgets it when it is closed. */
export function sessionCookie(id: string): string {
  return `${NAME}=${id}; ${ATTRIBUTES}`;
}

/** Value of `Set-Cookie` that takes the cookie away. */
export function endedCookie(): string {
  return `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;
}
