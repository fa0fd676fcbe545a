/**
 * What must be settled before other machines can connect: that nobody reads along, and who may come in. Until
 * then the server listens on the loopback interface alone.
 */
import { isLoopback } from '../http/loopback.ts';

export interface Exposure {
  readonly host: string;
  readonly apiKeys: 'auto' | 'required' | 'optional';
  readonly trustedProxies: readonly string[];
  readonly tlsCert: string | undefined;
  readonly tlsClientCa: string | undefined;
  readonly tlsClientCertificates: 'required' | 'optional';
  /** A TLS-terminating proxy stands before the port. */
  readonly insecureHttp: boolean;
}

/** What is wrong with the address, and what to do; undefined when nothing is. */
export function addressFault({ host, tlsCert, insecureHttp }: Exposure): string | undefined {
  if (isLoopback(host) || tlsCert !== undefined || insecureHttp) return undefined;
  return 'other machines would speak to it in the clear: set tls.cert and tls.key, or ' +
    'server.insecure_http = true behind a proxy that terminates TLS, or listen on 127.0.0.1';
}

/** What is wrong with letting everybody in, and what to do; undefined when nothing is. */
export function openAccessFault(settings: Exposure): string | undefined {
  if (settings.apiKeys !== 'optional' || isLoopback(settings.host)) return undefined;
  const proxied = settings.insecureHttp && settings.trustedProxies.length > 0;
  const certified = settings.tlsClientCa !== undefined &&
    settings.tlsClientCertificates === 'required';
  if (proxied || certified) return undefined;
  return 'everybody who can connect would be let in: require client certificates (tls.client_ca), ' +
    'or name the proxy that decides who may come in (access.trusted_proxies)';
}
