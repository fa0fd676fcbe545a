/** What is shared by all captures of a page: where the server is, and what was fetched from it. */
import type * as Declared from './face-sdk.d.ts';
import { FaceSDKError } from './errors.ts';
import { type Endpoints, fetchEyes, fetchServerData, type ServerData } from './server.ts';
import { lookerOf } from './vision/networks.ts';
import type { Networks } from './vision/watch.ts';

export interface Ready {
  readonly server: ServerData;
  readonly networks: Networks;
}

/** After so long a page asks again: the server may have another key, the device another clock. */
const FRESH_MS = 600_000;

let endpoints = beside({});
let fetched: Promise<ServerData> | undefined;
let fetchedMs = 0;
let opened: { readonly id: string; readonly networks: Networks; eyesAsked?: boolean } | undefined;

type Given = Declared.ApplicationURL | string | undefined;

/** Both forms of the arguments of `FaceSDK.preInitialize`. */
export function setEndpoints(first: Given, second: Given, third: Given): void {
  // the oldest form has a licence text first, then the models
  const [models, key, time] = typeof first === 'string' ? [second, third] : [first, second, third];
  endpoints = beside({ models: endpointOf(models), key: endpointOf(key), time: endpointOf(time) });
  fetched = undefined;
  opened = undefined;
}

function endpointOf(given: Given): Declared.Endpoint | undefined {
  return typeof given === 'object' ? given.URL : given;
}

function beside({ models = '/api/v1/models', key, time }: {
  models?: Declared.Endpoint | undefined;
  key?: Declared.Endpoint | undefined;
  time?: Declared.Endpoint | undefined;
}): Endpoints {
  const address = typeof models === 'string' ? models : models.url;
  const sibling = (name: string) => address.replace(/[^/]*$/, name);
  return { models, key: key ?? sibling('pub_key'), time: time ?? sibling('time') };
}

/**
 * What was fetched not long ago, or what is there now; a failure is tried again by the next caller.
 * @throws FaceSDKError
 */
export function fetchOnce(): Promise<ServerData> {
  if (performance.now() - fetchedMs > FRESH_MS) fetched = undefined;
  if (fetched === undefined) fetchedMs = performance.now();
  return fetched ??= fetchServerData(endpoints).catch((error) => {
    fetched = undefined;
    throw error;
  });
}

/**
 * @param eyes also fetch the network for them, beside everything else
 * @throws FaceSDKError ERROR_FETCH_INTERNAL, ERROR_MODEL_FAIL, FEEDBACK_LICENCE_INVALID
 */
export async function makeReady(eyes: boolean): Promise<Ready> {
  const server = await fetchOnce().catch((error: FaceSDKError) => {
    // while initializing, a server that is not there has a name of its own (table 6)
    throw error.feedbackCode === 'ERROR_SERVER_CONNECTION_FAILURE'
      ? new FaceSDKError('ERROR_FETCH_INTERNAL', { cause: error.cause })
      : error;
  });
  const { archive } = server;
  if (opened?.id !== archive.id) {
    const detector = lookerOf(archive, 'detector'), mesh = lookerOf(archive, 'mesh');
    opened = { id: archive.id, networks: { detector, mesh } };
  }
  const { networks } = opened;
  if (eyes) askForEyes(opened);
  return { server, networks };
}

/** Once, in the background: a capture begins without it, and without it the server still measures. */
function askForEyes(mine: NonNullable<typeof opened>): void {
  if (mine.eyesAsked) return;
  mine.eyesAsked = true;
  fetchEyes(endpoints).then((archive) => mine.networks.iris = lookerOf(archive, 'iris'))
    .catch(() => mine.eyesAsked = false);
}
