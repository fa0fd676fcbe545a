/** What the operator sets for this API family. */
import type { AuditSink } from '../core/audit/audit.ts';
import { JpegConverter } from '../core/image/jpeg-converter.ts';
import type { Logger } from '../core/logging.ts';
import { LiveTrustStore } from '../core/trust-store-file.ts';
import { loadClients } from './clients.ts';
import type { DocvalLimits } from './limits.ts';
import { ResultPoster } from './result-server.ts';
import type { DocvalDeps } from './service.ts';

/** The part of the dependencies that comes from configuration. */
export type DocvalSettings = Pick<DocvalDeps, 'clients' | 'trust' | 'poster'> & {
  readonly converter?: JpegConverter;
  readonly limits?: Partial<DocvalLimits>;
  readonly now?: () => Date;
};

/**
 * Reads the clients file and the PEM files it names.
 * @param trustFolder where `pki import` keeps the trust store
 * @param audit is told of the trust stores that are used
 * @throws ServerError CONFIG_INVALID
 */
export async function openDocval(
  clientsPath: string | undefined,
  trustFolder: string,
  log: Logger,
  audit: AuditSink,
): Promise<DocvalSettings> {
  return {
    clients: await loadClients(clientsPath),
    trust: new LiveTrustStore(trustFolder, log, audit),
    poster: new ResultPoster(),
    // its worker starts with the first client that wants a JPEG
    converter: new JpegConverter(log),
  };
}
