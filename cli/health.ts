/** `gatehouse health`: asks a running server whether it is healthy, for probes where there is no shell. */
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from './command.ts';
import { type Address, parseAddress } from '../server/core/http/address.ts';
import { installedConfig } from './settings.ts';

export const help = `Usage: gatehouse health [--url URL] [--json]

Asks a running server whether it takes pictures. Exit code 0 when it does, 1 when it does not or does
not answer within 4 seconds. It shows no client certificate: a server that wants one is asked on its
listener for metrics, if metrics.listen gives it one.

  --url URL  the server; default the address of this installation's settings, on this machine
  --json     one JSON object instead of text
`;

const PATH = '/readyz';
/** Below the 5 s that probes usually wait. */
const TIMEOUT_MS = 4000;
/** Where a server that listens on every address is reached from its own machine. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { url: TEXT, json: FLAG }, 0);
  const own = values.url === undefined;
  const url = new URL(PATH, own ? ownUrl() : parse(values.url!));
  const { healthy, reason } = await ask(url, own);
  if (values.json) io.stdout(JSON.stringify({ healthy, url: url.origin, reason }) + '\n');
  else io.stdout(`${reason}\n`);
  return healthy ? EXIT.ok : EXIT.negative;
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError('health --url needs http://HOST:PORT');
}

function ownUrl(): URL {
  const config = installedConfig();
  // speaks HTTP, and asks nobody for a certificate
  const monitoring = parseAddress(config.metricsListen);
  if (monitoring !== undefined) return urlOf('http', monitoring);
  return urlOf(config.tlsCert === undefined ? 'http' : 'https', config);
}

function urlOf(scheme: string, { host, port }: Address): URL {
  const address = LOOPBACK[host] ?? host;
  return new URL(`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`);
}

/** @param own this installation's server, whose certificate names another host than the one asked here */
async function ask(url: URL, own: boolean): Promise<{ healthy: boolean; reason: string }> {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
      // a probe is for the server itself, whatever HTTP_PROXY says
      proxy: false,
      tls: { rejectUnauthorized: !own },
    });
    await answer.body?.cancel();
    return answer.status === 200
      ? { healthy: true, reason: 'healthy' }
      : { healthy: false, reason: `not healthy: answered ${answer.status}` };
  } catch {
    return { healthy: false, reason: `no answer at ${url.origin}` };
  }
}
