/** The port of the server, in the clear or with TLS: what a request comes with is the same for both. */
import type { Logger } from '../logging.ts';
import type { LiveMaterial } from '../tls/live-material.ts';
import { openRedirect } from '../tls/redirect.ts';
import { TlsFront, type TlsFrontOptions } from '../tls/front.ts';
import { listen, type ListenOptions } from './listen.ts';
import type { Peer } from './peer.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How the port speaks TLS. */
interface TlsSettings extends Pick<TlsFrontOptions, 'minVersion' | 'clientCertificates'> {
  /** Certificate and key now, and whenever they change. */
  readonly material: LiveMaterial;
  /** Where HTTP is told to become HTTPS; undefined for nowhere. */
  readonly redirectPort: number | undefined;
}

export interface PortOptions<Data> extends Omit<ListenOptions<Data>, 'fetch'> {
  readonly tls: TlsSettings | undefined;
  readonly log: Logger;
  readonly fetch: (
    request: Request,
    server: Bun.Server<Data>,
    peer: Peer,
  ) => Response | undefined | Promise<Response | undefined>;
}

export interface Port {
  /** With the port number the system chose when 0 was asked for. */
  readonly url: string;
  /** Requests that are not answered yet. */
  readonly pendingRequests: number;
  /** Takes no new connections. */
  stop(): void;
  /** Hangs up on everybody. */
  close(): Promise<void>;
}

/** @throws ServerError PORT_UNAVAILABLE naming address and reason */
export function openPort<Data>({ tls, log, ...options }: PortOptions<Data>): Port {
  return tls === undefined ? openPlain(options) : openTls(options, tls, log);
}

type Options<Data> = Omit<PortOptions<Data>, 'tls' | 'log'>;

function openPlain<Data>(options: Options<Data>): Port {
  const server = listen<Data>({
    ...options,
    fetch: (request, server) =>
      options.fetch(request, server, { address: server.requestIP(request)?.address }),
  });
  return {
    url: server.url.href,
    get pendingRequests() {
      return server.pendingRequests;
    },
    stop: () => void server.stop(),
    close: () => server.stop(true),
  };
}

function openTls<Data>(options: Options<Data>, tls: TlsSettings, log: Logger): Port {
  const server = listen<Data>({
    ...options,
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, server) => {
      const peer = front.peerOf(server.requestIP(request)?.port ?? 0);
      if (peer === undefined) return new Response(null, { status: 403 });
      return options.fetch(request, server, peer);
    },
  });
  const { hostname, port } = options;
  const { minVersion, clientCertificates, material, redirectPort } = tls;
  const front = new TlsFront({
    hostname,
    port,
    innerPort: server.port ?? 0,
    minVersion,
    clientCertificates,
    handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
    onRefused: (reason) => log.info('client-certificate-refused', { reason }),
  }, material.current);
  const redirect = redirectPort === undefined
    ? undefined
    : openRedirect({ hostname, port: redirectPort, httpsPort: front.port });
  const unfollow = material.follow((next) => front.use(next));
  const authority = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    url: `https://${authority}:${front.port}/`,
    get pendingRequests() {
      return server.pendingRequests;
    },
    stop: () => {
      unfollow();
      front.stop();
      void server.stop();
    },
    close: async () => {
      unfollow();
      await Promise.all([server.stop(true), redirect?.close()]);
      front.close();
    },
  };
}
