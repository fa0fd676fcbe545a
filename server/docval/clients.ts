/**
 * Who may use the service and where their results go: the file of the setting docval.clients. A client id is
 * an access key ("client_id: functions as an API Access key"), so it is compared in constant time and
 * never logged; the log has the client's name.
 */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { digestOfSecret } from '../core/access/secret-digest.ts';
import { ServerError } from '../core/errors.ts';
import { readSmallFile } from '../core/small-file.ts';
import { type TlsFiles, withTlsFiles } from './tls-files.ts';

const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'is no header name');
const HeaderValue = z.string().regex(/^[\x20-\x7e]{0,4096}$/, 'must be printable ASCII');

const ResultServerSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  /** Results are personal data: plain http is for this machine only, unless this says otherwise. */
  allow_plain_http: z.boolean().default(false),
  headers: z.record(HeaderName, HeaderValue).default({}),
  /** Key of the HMAC-SHA-256 in `X-Gatehouse-Signature`. */
  hmac_secret: z.string().min(16, 'must have at least 16 characters').optional(),
  /** PEM files for mutual TLS and for a private authority. */
  tls: z.strictObject({
    cert_file: z.string().min(1).optional(),
    key_file: z.string().min(1).optional(),
    ca_file: z.string().min(1).optional(),
  }).refine((tls) => (tls.cert_file === undefined) === (tls.key_file === undefined), {
    error: 'cert_file and key_file belong together',
  }).optional(),
}).refine((server) => server.allow_plain_http || isProtected(server.url), {
  error: 'plain http leaves this machine; use https or set allow_plain_http',
  path: ['url'],
});

const DocumentsSchema = z.strictObject({
  types: z.array(z.enum(['TD1', 'TD2', 'TD3'])).min(1).optional(),
  /** As the zone has them, without fillers: `D`, `UTO`. */
  issuing_states: z.array(z.string().regex(/^[A-Z]{1,3}$/, 'must be 1 to 3 letters A-Z')).min(1)
    .optional(),
});

const ClientSchema = z.strictObject({
  /** For the log. */
  name: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -'),
  client_id: z.string().min(8, 'must have at least 8 characters').max(256),
  /** Whether the device of the client may have the result. */
  return_result: z.boolean().default(false),
  result_server: ResultServerSchema.optional(),
  /** Documents this client accepts; others get an error in their result. Default all. */
  documents: DocumentsSchema.default({}),
  /** Gives `face_photo` as JPEG where the chip has JPEG 2000, which browsers do not show. */
  portrait_as_jpeg: z.boolean().default(false),
  /** Adds `files_binary`, the files as the chip gave them. */
  include_files: z.boolean().default(false),
});

const FileSchema = z.strictObject({
  clients: z.array(ClientSchema).max(1000),
});

export type ResultServer = z.output<typeof ResultServerSchema>;
export type AllowedDocuments = z.output<typeof DocumentsSchema>;
export type DocvalClient = z.output<typeof ClientSchema> & {
  /** What the files of `result_server.tls` hold. */
  readonly tls?: TlsFiles;
};

/** A thousand clients with headers of their own. */
const MAX_FILE_BYTES = 16 * 2 ** 20;

/** True as well for what is no http URL at all, which has been refused for that already. */
function isProtected(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return protocol !== 'http:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** The clients of an installation; none at all unless the operator names them. */
export class Clients {
  #entries: readonly { digest: Uint8Array; client: DocvalClient }[];

  constructor(clients: readonly DocvalClient[]) {
    this.#entries = clients.map((client) => ({ digest: digestOfSecret(client.client_id), client }));
  }

  /** Takes the clients of another in one step. Sessions that have begun keep the client they had. */
  replaceWith(other: Clients): void {
    this.#entries = other.#entries;
  }

  get count(): number {
    return this.#entries.length;
  }

  get list(): DocvalClient[] {
    return this.#entries.map(({ client }) => client);
  }

  /** The client with this id; looks at every entry whether or not one has matched. */
  find(clientId: string): DocvalClient | undefined {
    const digest = digestOfSecret(clientId);
    let found: DocvalClient | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, digest)) found = entry.client;
    }
    return found;
  }
}

/** What an operator may see of a client: nothing that it keeps secret, and of its result server the origin. */
export function clientFacts({ name, return_result, result_server, documents }: DocvalClient) {
  return {
    name,
    returnResult: return_result,
    resultServer: result_server === undefined ? null : new URL(result_server.url).origin,
    documentTypes: documents.types ?? [],
    issuingStates: documents.issuing_states ?? [],
  };
}

/** `clients[0].result_server.url`, as an operator would look for it in the file. */
function keyName(path: readonly PropertyKey[]): string {
  return path.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`
  ).join('');
}

/**
 * Reads the text of the clients file. `name` stands for the file in messages, which name the key that is
 * wrong and never its value.
 * @throws ServerError CONFIG_INVALID
 */
export function parseClients(text: string, name: string): Clients {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ServerError('CONFIG_INVALID', `${name}: not JSON`);
  }
  const parsed = FileSchema.safeParse(json);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? `: ${issue.keys.join(', ')}` : '';
      const message = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
      return `${keyName(issue.path) || 'file'}: ${message}${keys}`;
    });
    throw new ServerError('CONFIG_INVALID', `${name}: ${wrong.join('; ')}`);
  }
  const { clients } = parsed.data;
  for (const key of ['name', 'client_id'] as const) {
    if (new Set(clients.map((client) => client[key])).size < clients.length) {
      throw new ServerError('CONFIG_INVALID', `${name}: two clients have the same ${key}`);
    }
  }
  return new Clients(clients);
}

/**
 * Reads the clients file, whose ids are access keys, and the PEM files it names. Without a clients file nobody
 * is a client.
 * @throws ServerError CONFIG_INVALID when one is missing or wrong, or others may read what is secret
 */
export async function loadClients(path: string | undefined): Promise<Clients> {
  if (path === undefined) return new Clients([]);
  const name = `docval.clients ${path}`;
  const file = readSmallFile(path, MAX_FILE_BYTES);
  if (typeof file === 'string') throw new ServerError('CONFIG_INVALID', `${name}: ${file}`);
  if (file.shared) {
    throw new ServerError('CONFIG_INVALID', `${name}: is open to other users: chmod 600 it`);
  }
  const { list } = parseClients(new TextDecoder().decode(file.bytes), name);
  return new Clients(await Promise.all(list.map((client) => withTlsFiles(client, name))));
}
