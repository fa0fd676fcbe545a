/**
 * A second port that speaks HTTP only to say that it should be HTTPS. Requests that carry something are refused
 * rather than sent on: what they had to say has been said in the clear, and a redirect would hide that.
 */
import { addSecurityHeaders } from '../http/headers.ts';
import { listen } from '../http/listen.ts';

const IDLE_TIMEOUT_S = 10;
/** Requests here have no body. */
const MAX_BODY_BYTES = 1024;
const HTTPS_PORT = 443;

/** `HOST[:PORT]` of RFC 9110 7.2, as far as a link can be made of it. */
const HOST = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

export interface Redirect {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws ServerError PORT_UNAVAILABLE */
export function openRedirect(
  { hostname, port, httpsPort }: {
    readonly hostname: string;
    readonly port: number;
    readonly httpsPort: number;
  },
): Redirect {
  const server = listen({
    hostname,
    port,
    idleTimeout: IDLE_TIMEOUT_S,
    maxRequestBodySize: MAX_BODY_BYTES,
    fetch: (request) => {
      const response = redirect(request, httpsPort);
      addSecurityHeaders(response.headers);
      return response;
    },
    error: () => new Response(null, { status: 400 }),
  });
  return { port: server.port ?? port, close: () => server.stop(true) };
}

/** 308 (RFC 9110 15.4.9) for what only reads, 403 for the rest. */
export function redirect(request: Request, httpsPort: number): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('Use HTTPS.\n', {
      status: 403,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    });
  }
  const name = HOST.exec(request.headers.get('host') ?? '')?.[1];
  if (name === undefined) return new Response(null, { status: 400 });
  const { pathname, search } = new URL(request.url);
  const authority = httpsPort === HTTPS_PORT ? name : `${name}:${httpsPort}`;
  return new Response(null, {
    status: 308,
    headers: { Location: `https://${authority}${pathname}${search}` },
  });
}
