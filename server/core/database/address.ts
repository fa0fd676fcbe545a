/**
 * The address of a PostgreSQL database, as `database.url` has it: a connection URI of libpq (PostgreSQL 15
 * documentation, 34.1.1.2) with the parameters named here. Its password is in no name and no message.
 */
import { isLoopback } from '../http/loopback.ts';

/** Those of libpq that promise something; `allow` and `prefer` would speak in the clear when asked to. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = typeof SSL_MODES[number];

export interface DatabaseAddress {
  /** Name or address of the machine; of a socket, the folder it is in. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Without one that is given, `verify-full` where other machines could read along, else `disable`. */
  readonly sslMode: SslMode;
  /** PEM file with the authorities of the server's certificate; without it those of the program. */
  readonly sslRootCert: string | undefined;
}

const PARAMETERS: readonly string[] = [
  'host',
  'port',
  'user',
  'password',
  'sslmode',
  'sslrootcert',
];
const DEFAULT_PORT = 5432;

/** Completes "must be ...". */
export const DATABASE_URL_WORDS =
  'a URL such as postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full';

/** @returns what is wrong with the text, which is not repeated */
export function readDatabaseUrl(text: string): DatabaseAddress | { readonly fault: string } {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hash !== '') {
    return { fault: `must be ${DATABASE_URL_WORDS}` };
  }
  const given = url.searchParams;
  if ([...given.keys()].some((key) => !PARAMETERS.includes(key))) {
    return { fault: `must have no parameters but ${PARAMETERS.join(', ')}` };
  }
  const decoded = [url.hostname, url.username, url.password, url.pathname.slice(1)].map(decode);
  if (decoded.includes(undefined)) return { fault: 'has a % that is no percent-encoding' };
  const [hostname, username, secret, path] = decoded as string[];
  const host = given.get('host') ?? hostname.replace(/^\[(.*)\]$/, '$1');
  const user = given.get('user') ?? username;
  const port = Number(given.get('port') ?? (url.port || DEFAULT_PORT));
  if (host === '') return { fault: 'must name a host' };
  if (user === '') return { fault: 'must name a user' };
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { fault: 'must name a port' };
  const sslMode = given.get('sslmode') ?? (isNear(host) ? 'disable' : 'verify-full');
  if (!isSslMode(sslMode)) {
    return { fault: `must have sslmode ${SSL_MODES.join(', ')}, or none` };
  }
  return {
    host,
    port,
    user,
    password: given.get('password') ?? secret,
    database: path || user,
    sslMode,
    sslRootCert: given.get('sslrootcert') ?? undefined,
  };
}

/** The address for logs and messages. */
export function nameOf({ host, port, database }: DatabaseAddress): string {
  return `postgres://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

/** The file of a Unix socket; undefined where the host is a machine. */
export function socketPath({ host, port }: DatabaseAddress): string | undefined {
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : undefined;
}

function isNear(host: string): boolean {
  return host.startsWith('/') || isLoopback(host);
}

function isSslMode(text: string): text is SslMode {
  return (SSL_MODES as readonly string[]).includes(text);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
