/**
 * Opens the port. Says in words why it cannot, gives requests without Host (HTTP/1.0 allows them, load
 * balancers send them as health checks) a whole URL, which routing needs, and refuses those whose Host is none.
 */
import { ServerError } from '../errors.ts';

export interface ListenOptions<Data> {
  readonly hostname: string;
  readonly port: number;
  readonly idleTimeout: number;
  readonly maxRequestBodySize: number;
  readonly fetch: (
    request: Request,
    server: Bun.Server<Data>,
  ) => Response | undefined | Promise<Response | undefined>;
  readonly websocket?: Bun.WebSocketHandler<Data>;
  readonly error: () => Response;
}

/** @throws ServerError PORT_UNAVAILABLE naming address and reason */
export function listen<Data = undefined>(options: ListenOptions<Data>): Bun.Server<Data> {
  const { hostname, port, fetch } = options;
  const serve = Bun.serve as (options: ListenOptions<Data>) => Bun.Server<Data>;
  try {
    return serve({
      ...options,
      fetch: (request, server) => {
        const whole = withAuthority(request);
        return whole === undefined ? badHost() : fetch(whole, server);
      },
    });
  } catch (cause) {
    const message = `${hostname}:${port} cannot be opened: ${reasonOf(cause)}`;
    throw new ServerError('PORT_UNAVAILABLE', message, { cause });
  }
}

/** Why a port cannot be opened, in words. */
export function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  if (code === 'EADDRINUSE') return 'another program uses it';
  if (code === 'EACCES') return 'this user may not open it; ports from 1024 up are free for all';
  return 'it is no address of this machine';
}

/** Undefined where Host is given and names no host, or comes twice (RFC 9112 3.2). */
function withAuthority(request: Request): Request | undefined {
  const { url, headers } = request;
  const host = headers.get('host') ?? '';
  if (host.includes(',')) return undefined;
  if (url.startsWith('http') && URL.canParse(url)) return request;
  const hostless = host === '' && url.startsWith('/');
  return hostless ? new Request(`http://localhost${url}`, request) : undefined;
}

/** As the HTTP parser answers what is no HTTP: no family is known yet whose words could be used. */
function badHost(): Response {
  return new Response(null, { status: 400, headers: { Connection: 'close' } });
}
