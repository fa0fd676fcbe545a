/**
 * What the SDK fetches before a capture: the guidance networks, the key to seal for and the time of the
 * server. Everything goes by POST, as the specification has it, which browsers do not cache; the networks
 * are therefore kept in the browser's Cache Storage and only asked about.
 */
import { type GuidanceArchive, readArchive } from './archive.ts';
import type { Endpoint } from './face-sdk.d.ts';
import { FaceSDKError } from './errors.ts';
import type { SealKey } from './seal.ts';

const CACHE = 'gatehouse-face-sdk';
const KEY_ALGORITHM = 'RSA-OAEP-256';

export interface Endpoints {
  readonly models: Endpoint;
  readonly key: Endpoint;
  readonly time: Endpoint;
}

export interface ServerData {
  readonly archive: GuidanceArchive;
  readonly key: SealKey;
  /** Milliseconds to add to the clock of this device. */
  readonly clockOffsetMs: number;
}

/** @throws FaceSDKError ERROR_SERVER_CONNECTION_FAILURE, ERROR_FETCH_INTERNAL, FEEDBACK_LICENCE_INVALID */
export async function fetchServerData({ models, key, time }: Endpoints): Promise<ServerData> {
  const [archive, sealKey, clockOffsetMs] = await Promise.all([
    fetchArchive(models, 'face'),
    fetchKey(key),
    fetchClockOffset(time),
  ]);
  return { archive, key: sealKey, clockOffsetMs };
}

/** The network for the eyes, apart from the others because it is larger than both. @throws FaceSDKError */
export function fetchEyes({ models }: Endpoints): Promise<GuidanceArchive> {
  return fetchArchive(models, 'eyes');
}

async function fetchArchive(endpoint: Endpoint, part: 'face' | 'eyes'): Promise<GuidanceArchive> {
  const cache = await globalThis.caches?.open(CACHE).catch(() => undefined);
  const place = new URL(addressOf(endpoint), location.href);
  place.searchParams.set('part', part);
  const kept = await cache?.match(place).then((found) => found?.arrayBuffer()).then(read);
  const form = new FormData();
  form.append('part', part);
  if (kept !== undefined) form.append('known', kept.id);
  const bytes = await post(endpoint, form);
  const fresh = read(bytes);
  if (fresh === undefined) throw failed('models: no archive');
  if (fresh.unchanged && kept !== undefined) return kept;
  await cache?.put(place, new Response(bytes)).catch(() => {});
  return fresh;
}

function read(bytes: ArrayBuffer | undefined): GuidanceArchive | undefined {
  try {
    return bytes && readArchive(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

async function fetchKey(endpoint: Endpoint): Promise<SealKey> {
  const text = new TextDecoder().decode(await post(endpoint));
  let key: Partial<Record<'version' | 'kid' | 'spki' | 'alg', unknown>>;
  try {
    key = JSON.parse(text);
  } catch {
    throw failed('pub_key: no JSON');
  }
  const { version, kid, spki, alg } = key;
  const known = version === 1 && alg === KEY_ALGORITHM && typeof spki === 'string' &&
    typeof kid === 'string' && /^[0-9a-f]{32}$/i.test(kid);
  if (!known) throw failed('pub_key: not a key of this version');
  return { kid, spki };
}

/** The server's clock minus this one's, taken at the middle of the request. */
async function fetchClockOffset(endpoint: Endpoint): Promise<number> {
  const before = Date.now();
  const text = new TextDecoder().decode(await post(endpoint));
  if (!/^\d{12,14}$/.test(text.trim())) throw failed('time: no milliseconds');
  return Number(text) - (before + Date.now()) / 2;
}

async function post(endpoint: Endpoint, form = emptyForm()): Promise<ArrayBuffer> {
  const headers = typeof endpoint === 'string' ? [] : endpoint.headers ?? [];
  let response: Response;
  try {
    response = await fetch(addressOf(endpoint), {
      method: 'POST',
      body: form,
      headers: headers.map(({ name, value }): [string, string] => [name, value]),
    });
    if (response.ok) return await response.arrayBuffer();
  } catch (cause) {
    throw new FaceSDKError('ERROR_SERVER_CONNECTION_FAILURE', { cause });
  }
  const { code } = await response.json().catch(() => ({})) as { code?: unknown };
  if (code === 600) throw new FaceSDKError('FEEDBACK_LICENCE_INVALID');
  throw failed(`HTTP status ${response.status}`);
}

/** A form without fields is no valid multipart body. */
function emptyForm(): FormData {
  const form = new FormData();
  form.append('sdk', 'face-web');
  return form;
}

function addressOf(endpoint: Endpoint): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.url;
}

function failed(what: string): FaceSDKError {
  return new FaceSDKError('ERROR_FETCH_INTERNAL', { cause: new Error(what) });
}
