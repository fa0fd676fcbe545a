/** What the operator sets for this API family, read once at start-up. */
import { JpegConverter } from '../core/image/jpeg-converter.ts';
import type { Logger } from '../core/logging.ts';
import { LiveTrustStore } from '../core/trust-store-file.ts';
import { Clients, type DocvalClient, loadClients } from './clients.ts';
import { POST_TIMING, readTlsFiles, ResultPoster, type TlsFiles } from './result-server.ts';
import type { DocvalLimits } from './limits.ts';
import type { DocvalDeps } from './service.ts';
import { ServerError } from '../core/errors.ts';

/** The part of the dependencies that comes from configuration. */
export type DocvalSettings = Pick<DocvalDeps, 'clients' | 'trust' | 'poster'> & {
  readonly converter?: JpegConverter;
  readonly limits?: Partial<DocvalLimits>;
  readonly now?: () => Date;
};

async function tlsOf({ name, result_server }: DocvalClient): Promise<[string, TlsFiles][]> {
  if (result_server?.tls === undefined) return [];
  try {
    return [[name, await readTlsFiles(result_server.tls)]];
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unreadable';
    throw new ServerError('CONFIG_INVALID', `client ${name}: result_server.tls: ${code}`);
  }
}

/**
 * Reads the clients file and the PEM files it names. Without a clients file nobody is a client.
 * @param trustFolder where `pki import` keeps the trust store
 * @throws ServerError CONFIG_INVALID
 */
export async function openDocval(
  clientsPath: string | undefined,
  trustFolder: string,
  log: Logger,
): Promise<DocvalSettings> {
  const clients = clientsPath === undefined ? Clients.none : await loadClients(clientsPath);
  const tls = (await Promise.all(clients.list.map(tlsOf))).flat();
  return {
    clients,
    trust: new LiveTrustStore(trustFolder, log),
    poster: new ResultPoster(POST_TIMING, new Map(tls)),
    ...(clients.list.some((client) => client.portrait_as_jpeg) && {
      converter: new JpegConverter(log),
    }),
  };
}
