/** One honest request of every kind that a site sends, with what tells its answer and its row in the ledger. */
import { seededRandom, SoftwareChip } from '../../emrtd/chip/mod.ts';
import { validateDocument } from '../../server/web/docval-client/client.ts';
import { sealCapture, type SealKey } from '../../server/web/face-sdk/seal.ts';
import { runV2 } from '../../test/server/docval/support/v2-client.ts';
import { describeCapture, writeCapture } from '../../test/server/identy/support/captures.ts';
import type { Installation } from './installation.ts';

export interface Answer {
  /** For tables: `200 FEEDBACK_MATCHED`. */
  readonly said: string;
  /** Of the row in the ledger, where the client is told. */
  readonly refid?: string;
}

/** Who asks, and with what. */
export interface Client {
  readonly url: string;
  readonly installation: Installation;
  /** What its `pub_key` gave. */
  readonly sealKey: SealKey;
  /** Two JPEG selfies of one person. */
  readonly selfies: readonly Uint8Array<ArrayBuffer>[];
  /** Gives the request up. */
  readonly signal: AbortSignal;
}

export interface RequestKind {
  readonly name: string;
  /** Rejects when there is no answer. */
  send(client: Client): Promise<Answer>;
}

const API = '/api/v1/';
const image = (bytes: Uint8Array) => ({ template: bytes.toBase64(), format: 'JPEG' });

async function post(client: Client, path: string, body: object): Promise<Response> {
  const isForm = body instanceof FormData;
  const { headers } = client.installation;
  return await fetch(new URL(path, client.url), {
    method: 'POST',
    headers: isForm ? headers : { ...headers, 'Content-Type': 'application/json' },
    body: isForm ? body : JSON.stringify(body),
    signal: client.signal,
    tls: { rejectUnauthorized: false },
  });
}

/** An answer of the IDENTY API; those with code 200 are billed. */
async function identy(response: Response): Promise<Answer> {
  const body = await response.json() as Record<string, unknown>;
  const { code, feedbackCode, message, refid, error } = body;
  const billed = response.status === 200 && (code === 200 || error === 0);
  const words = feedbackCode ?? (code === undefined ? 'judged' : message);
  return { said: `${response.status} ${words}`, ...(billed && { refid: String(refid) }) };
}

async function sealedForm(client: Client): Promise<FormData> {
  const description = describeCapture({ anti_spoofing: { enabled: true, threshold: 'LOW' } });
  const payload = writeCapture(description, [client.selfies[0]]);
  const form = new FormData();
  form.set('file', new Blob([await sealCapture(payload, client.sealKey, Date.now())]), 'bdata');
  return form;
}

function faceRequest(name: string, body: (client: Client) => object | Promise<object>) {
  return {
    name,
    send: async (client: Client) =>
      await identy(await post(client, `${API}${name}`, await body(client))),
  };
}

function match({ selfies: [a, b] }: Client): object {
  return { image: image(a), imageToVerifyAgainst: image(b), level: 'HIGH' };
}

async function readPassport(client: Client): Promise<Answer> {
  const { installation: { document, holder, clientId } } = client;
  const chip = new SoftwareChip(document, { random: seededRandom(crypto.randomUUID()) });
  const { documentNumber, dateOfBirth, dateOfExpiry } = holder;
  const { closeCode, closeReason, passport, signedResult } = await validateDocument({
    url: new URL('/ws1/validate', client.url.replace('http', 'ws')),
    clientId,
    validationId: crypto.randomUUID(),
    accessKey: { documentNumber, dateOfBirth, dateOfExpiry },
    transceive: (command) => chip.transceive(command),
    extendedLength: false,
    returnResult: true,
    signedResult: true,
    signal: client.signal,
    platform: 'bench',
  });
  if (closeCode !== 1000) return { said: `${closeCode} ${closeReason}` };
  const verified = passport?.passive_authentication && passport.errors.length === 0;
  return { said: `1000 ${verified ? 'verified' : 'not verified'}`, refid: sessionOf(signedResult) };
}

/** The phone of v2 knows the specimen holder alone. */
async function handOverPassport(client: Client): Promise<Answer> {
  const { installation: { document, clientId } } = client;
  const { code, reason } = await runV2({
    url: new URL('/ws2/validate', client.url.replace('http', 'ws')).href,
    chip: new SoftwareChip(document, { random: seededRandom(crypto.randomUUID()) }),
    start: { clientId, validationId: crypto.randomUUID() },
  });
  return { said: `${code} ${reason}`.trim() };
}

async function judgeFiles(client: Client): Promise<Answer> {
  const { clientId, files } = client.installation;
  const form = new FormData();
  form.set('client_id', clientId);
  form.set('signed_result', 'true');
  for (const [name, bytes] of Object.entries(await files)) form.set(name, new Blob([bytes]), name);
  const response = await post(client, '/v4/validate', form);
  const { signed_result } = await response.json() as { signed_result?: string };
  return {
    said: String(response.status),
    ...(response.status === 200 && { refid: sessionOf(signed_result ?? null) }),
  };
}

/** The session that a signed result names. */
function sessionOf(signedResult: string | null): string {
  const payload = signedResult?.split('.')[1] ?? '';
  const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
  return JSON.parse(new TextDecoder().decode(bytes)).jti;
}

async function compare(client: Client): Promise<Answer> {
  const form = new FormData();
  client.selfies.forEach((selfie, i) => form.set('ab'[i], new Blob([selfie])));
  const response = await post(client, '/playground/compare', form);
  await response.arrayBuffer();
  return { said: String(response.status) };
}

function plain(name: string, method: 'GET' | 'POST', path: string): RequestKind {
  return {
    name,
    send: async ({ url, installation: { headers }, signal }) => {
      const answer = await fetch(new URL(path, url), {
        method,
        headers,
        signal,
        tls: { rejectUnauthorized: false },
      });
      await answer.arrayBuffer();
      return { said: String(answer.status) };
    },
  };
}

/** Billed when answered. */
export const BILLED_KINDS: readonly RequestKind[] = [
  faceRequest('matchWithSelfie', match),
  faceRequest('process', sealedForm),
  { name: 'ws1/validate', send: readPassport },
  faceRequest('face/as', ({ selfies: [a] }) => ({ image: a.toBase64(), threshold: 'LOW' })),
  faceRequest('matchWithPictureId', match),
  faceRequest('verifyWithPictureId', async (client) => {
    const form = await sealedForm(client);
    form.set('picID', client.selfies[1].toBase64());
    form.set('template', 'JPEG');
    form.set('level', 'HIGH');
    return form;
  }),
  faceRequest(
    'face/generateTemplateFromImage',
    ({ selfies: [a] }) => ({ image: a.toBase64(), qualityMode: 'DISABLED' }),
  ),
  faceRequest('secure/face/as', sealedForm),
  { name: 'v4/validate', send: judgeFiles },
  { name: 'playground/compare', send: compare },
];

/** Billed, by a client that waits for ever where nobody answers. */
export const HANDED_OVER: RequestKind = { name: 'ws2/validate', send: handOverPassport };

/** Not billed. */
export const FREE_KINDS: readonly RequestKind[] = [
  plain('models', 'POST', `${API}models`),
  plain('pub_key', 'POST', `${API}pub_key`),
  plain('face_health', 'GET', `${API}face_health`),
  plain('metrics', 'GET', '/metrics'),
  plain('capabilities', 'GET', '/capabilities'),
  plain('jwks', 'GET', '/.well-known/jwks.json'),
  plain('page', 'GET', '/'),
  {
    name: 'a wrong key',
    send: async (client) => {
      const { installation: { headers } } = client;
      const wrong = { ...headers, Authorization: 'Bearer gh_wrong' };
      const installation = { ...client.installation, headers: wrong };
      return await identy(
        await post({ ...client, installation }, `${API}matchWithSelfie`, match(client)),
      );
    },
  },
];
