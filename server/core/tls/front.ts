/**
 * TLS in front of the HTTP server. Bun.serve neither takes another certificate while it runs nor tells who a
 * client certificate belongs to; node:tls does both. So connections end here and go on, in the clear, to the
 * HTTP server at a port of the loopback interface, which learns from this front whom each one comes from.
 *
 * A connection is known by its own port on the loopback interface. The front notes it before the first byte
 * goes through and strikes it out before it lets go of the port, so no other program can have it meanwhile; a
 * connection the front did not make is no request of ours.
 */
import { connect, type Socket } from 'node:net';
import { createServer, type Server, type TlsOptions, type TLSSocket } from 'node:tls';
import { ServerError } from '../errors.ts';
import type { Peer } from '../http/peer.ts';
import { reasonOf } from '../http/listen.ts';
import { clientNameOf } from './client-name.ts';
import type { TlsMaterial } from './material.ts';

/** What clients have to show of themselves, where authorities are configured. */
export const CLIENT_CERTIFICATES = ['required', 'optional'] as const;
export const TLS_VERSIONS = ['1.2', '1.3'] as const;

export interface TlsFrontOptions {
  readonly hostname: string;
  readonly port: number;
  /** Where the HTTP server listens on the loopback interface. */
  readonly innerPort: number;
  readonly minVersion: typeof TLS_VERSIONS[number];
  readonly clientCertificates: typeof CLIENT_CERTIFICATES[number];
  /** A client that says nothing is let go after it. */
  readonly handshakeTimeoutMs: number;
  /** Told the reason when a client is refused for its certificate. */
  readonly onRefused: (reason: string) => void;
}

/** For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325 4.2). TLS 1.3 has nothing else. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');
/** Time that a client gets to take what was written before the HTTP server hung up. */
const LINGER_MS = 30_000;
const LOOPBACK = '127.0.0.1';

export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #server: Server;
  readonly #peers = new Map<number, Peer>();
  readonly #clients = new Set<TLSSocket>();

  /** @throws ServerError PORT_UNAVAILABLE naming address and reason */
  constructor(options: TlsFrontOptions, material: TlsMaterial) {
    this.#options = options;
    const server = createServer(
      { ...this.#contextOf(material), handshakeTimeout: options.handshakeTimeoutMs },
      (client) => this.#accept(client),
    );
    this.#server = server;
    server.on('tlsClientError', (_error, client) => client.destroy());
    // what went wrong is asked for below
    server.on('error', () => {});
    server.listen(options.port, options.hostname);
    if (!server.listening) throw unavailable(options);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? address?.port ?? 0 : 0;
  }

  /** Connections from now on get these; those that are open keep what they began with. */
  use(material: TlsMaterial): void {
    this.#server.setSecureContext(this.#contextOf(material));
  }

  /** Whom a connection to the HTTP server comes from; undefined for one that did not come through here. */
  peerOf(port: number): Peer | undefined {
    return this.#peers.get(port);
  }

  /** Takes no new connections. */
  stop(): void {
    this.#server.close();
  }

  /** Hangs up on everybody. */
  close(): void {
    this.stop();
    for (const client of this.#clients) client.destroy();
  }

  #contextOf({ certPem, keyPem, clientCaPem }: TlsMaterial): TlsOptions {
    return {
      cert: certPem,
      key: keyPem,
      minVersion: `TLSv${this.#options.minVersion}`,
      ciphers: CIPHERS,
      ...(clientCaPem !== undefined && {
        ca: clientCaPem,
        requestCert: true,
        rejectUnauthorized: this.#options.clientCertificates === 'required',
      }),
    };
  }

  #accept(client: TLSSocket): void {
    client.on('error', () => client.destroy());
    const certificate = client.getPeerX509Certificate();
    const known = certificate !== undefined && client.authorized;
    if (certificate !== undefined && !known) {
      // with optional certificates the handshake itself does not refuse a wrong one
      this.#options.onRefused(String(client.authorizationError));
      client.destroy();
      return;
    }
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    this.#goOn(client, {
      address: client.remoteAddress,
      ...(known && { certificateName: clientNameOf(certificate) }),
    });
  }

  /** Carries bytes both ways until either end hangs up. */
  #goOn(client: TLSSocket, peer: Peer): void {
    let ownPort: number | undefined;
    const inner: Socket = connect({ host: LOOPBACK, port: this.#options.innerPort, noDelay: true });
    const forget = (): void => {
      if (ownPort !== undefined) this.#peers.delete(ownPort);
    };
    inner.once('connect', () => {
      ownPort = inner.localPort;
      if (ownPort === undefined || client.destroyed) {
        inner.destroy();
        return;
      }
      this.#peers.set(ownPort, peer);
      client.pipe(inner);
      inner.pipe(client);
    });
    inner.on('error', () => client.destroy());
    inner.once('end', forget);
    inner.once('close', () => {
      forget();
      client.end();
      client.setTimeout(LINGER_MS, () => client.destroy());
    });
    client.once('close', () => {
      forget();
      inner.destroy();
    });
  }
}

/** The same address in the clear fails for the same reason, and says it at once. */
function unavailable({ hostname, port }: TlsFrontOptions): ServerError {
  let reason = 'it cannot be listened on';
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
  } catch (cause) {
    reason = reasonOf(cause);
  }
  return new ServerError('PORT_UNAVAILABLE', `${hostname}:${port} cannot be opened: ${reason}`);
}
