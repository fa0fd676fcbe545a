/** PEM files for the connection to a client's result server, read when the clients are. */
import { ServerError } from '../core/errors.ts';
import { readGivenKey } from '../core/keys/given-key.ts';
import type { DocvalClient } from './clients.ts';

export interface TlsFiles {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/**
 * The client with what its `result_server.tls` names. `name` stands for the file of clients in messages.
 * @throws ServerError CONFIG_INVALID naming the client and what the system said
 */
export async function withTlsFiles(client: DocvalClient, name: string): Promise<DocvalClient> {
  const files = client.result_server?.tls;
  if (files === undefined) return client;
  const read = (path: string | undefined) => path === undefined ? undefined : Bun.file(path).text();
  try {
    const key = files.key_file && readGivenKey(files.key_file, `${name}: client ${client.name}:`);
    const [cert, ca] = await Promise.all([files.cert_file, files.ca_file].map(read));
    return { ...client, tls: { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) } };
  } catch (error) {
    if (error instanceof ServerError) throw error;
    const code = (error as { code?: string }).code ?? 'unreadable';
    throw new ServerError(
      'CONFIG_INVALID',
      `${name}: client ${client.name}: result_server.tls: ${code}`,
    );
  }
}
