/** The requests of the hostile run and, for each kind, the one answer the specification allows. */
import type { Gallery } from './pictures.ts';
import type { Random } from './random.ts';

export interface HostileRequest {
  readonly kind: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  /** Sent as this many bytes of HTTP on a bare socket instead, for what no HTTP client would send. */
  readonly raw?: string;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly http: number;
  /** `code` and `feedbackCode` of the body; absent where the HTTP parser itself answers. */
  readonly code?: number;
  readonly feedbackCode?: string;
  /** Members of the body that must have these values. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const PATHS = ['/api/v1/matchWithSelfie', '/api/v1/matchWithPictureId'] as const;
const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'HIGHEST'] as const;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const FIFTY_MB = 50_000_000;

const MATCHED: Expectation = { http: 200, code: 200, feedbackCode: 'FEEDBACK_MATCHED' };
const BAD_JSON: Expectation = { http: 400, code: 501, feedbackCode: 'ERROR_INVALID_JSON' };
const BAD_IMAGE: Expectation = { http: 400, code: 503, feedbackCode: 'ERROR_INVALID_IMAGE' };
const BAD_FORMAT: Expectation = { http: 400, code: 504, feedbackCode: 'ERROR_INVALID_FORMAT' };
const BAD_LEVEL: Expectation = { http: 400, code: 505, feedbackCode: 'ERROR_INVALID_MATCH_LEVEL' };

interface Sources {
  readonly gallery: Gallery;
  readonly random: Random;
}

async function face({ gallery, random }: Sources): Promise<Uint8Array> {
  return await Bun.file(gallery.faces[random.below(gallery.faces.length)]).bytes();
}

function image(bytes: Uint8Array, format = 'JPEG'): { template: string; format: string } {
  return { template: bytes.toBase64(), format };
}

/** A request of two honest faces. */
export async function honestRequest(sources: Sources): Promise<HostileRequest> {
  const { random } = sources;
  const body = await matchBody(sources, await face(sources));
  return post('honest', JSON.stringify(body), MATCHED, PATHS[random.below(PATHS.length)]);
}

type Body = Record<string, unknown>;

async function matchBody(sources: Sources, probe: Uint8Array): Promise<Body> {
  return {
    image: image(probe),
    imageToVerifyAgainst: image(await face(sources)),
    level: LEVELS[sources.random.below(LEVELS.length)],
  };
}

function post(
  kind: string,
  body: string | Uint8Array<ArrayBuffer>,
  expect: Expectation,
  path: string = PATHS[0],
): HostileRequest {
  return { kind, path, method: 'POST', headers: JSON_TYPE, body, expect };
}

/** Makes a request with one probe picture. */
function probe(
  kind: string,
  bytes: (sources: Sources) => Uint8Array | Promise<Uint8Array>,
  expect: Expectation,
): (sources: Sources) => Promise<HostileRequest> {
  return async (sources) =>
    post(kind, JSON.stringify(await matchBody(sources, await bytes(sources))), expect);
}

/** Makes a request whose good body is changed. */
function changed(
  kind: string,
  change: (body: Body) => string | Uint8Array<ArrayBuffer>,
  expect: Expectation,
): (sources: Sources) => Promise<HostileRequest> {
  return async (sources) =>
    post(kind, change(await matchBody(sources, await face(sources))), expect);
}

const text = (content: string) => new TextEncoder().encode(content);
const template = (value: string, format = 'JPEG') => (body: Body) =>
  JSON.stringify({ ...body, image: { template: value, format } });

function utf16(content: string): Uint8Array<ArrayBuffer> {
  const units = Uint16Array.from(content, (char) => char.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

const bigBody = new Uint8Array(FIFTY_MB).fill(0x20);

/** Every kind of hostile request; the run takes them in turn. */
export const HOSTILE_KINDS: readonly ((sources: Sources) => Promise<HostileRequest>)[] = [
  probe('truncated JPEG', async (sources) => {
    const bytes = await face(sources);
    return bytes.subarray(0, 200 + sources.random.below(bytes.length - 1200));
  }, BAD_FORMAT),
  probe('268-megapixel PNG', ({ gallery }) => gallery.hugePng, BAD_IMAGE),
  probe('dense 24-megapixel PNG', ({ gallery }) => gallery.densePng, BAD_IMAGE),
  probe('SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg"/>'), BAD_FORMAT),
  probe('GIF', () => text('GIF89a\x01\0\x01\0'), BAD_FORMAT),
  probe('broken face record', () => text('FAC\x00010\0\xff\xff\xff\xff'), BAD_FORMAT),
  probe('no face', ({ gallery }) => gallery.noise, BAD_IMAGE),
  probe(
    'twelve faces',
    ({ gallery, random }) => gallery.twelveFaces[random.below(gallery.twelveFaces.length)],
    { ...MATCHED, members: { multipleFacesImage: true } },
  ),
  changed('empty template', template(''), BAD_FORMAT),
  changed('wrong base64', template('/9j/%%%%'), BAD_FORMAT),
  changed('NUL in a value', template('AAAA\0AAAA'), BAD_FORMAT),
  changed('NIST record', template('AAAA', 'NIST'), BAD_FORMAT),
  changed('unknown level', (body) => JSON.stringify({ ...body, level: 'EXTREME' }), BAD_LEVEL),
  changed('JSON cut off', (body) => JSON.stringify(body).slice(0, -7), BAD_JSON),
  changed('JSON in UTF-16', (body) => utf16(JSON.stringify(body)), BAD_JSON),
  changed('deep JSON', () => '[{"a":'.repeat(1_000_000), BAD_JSON),
  changed('wide JSON', () => `[${'[],'.repeat(1_000_000)}0]`, BAD_JSON),
  changed(
    'NUL in a name',
    ({ image: first, ...rest }) => JSON.stringify({ 'image\0': first, ...rest }),
    BAD_JSON,
  ),
  async () => post('50 MB body', bigBody, BAD_JSON),
  async () => ({
    ...post('wrong method', '', { ...BAD_JSON, http: 405 }),
    method: 'GET',
    body: undefined,
  }),
  async () => ({
    ...post('NUL in a header name', '', { http: 400 }),
    raw: `POST ${PATHS[0]} HTTP/1.1\r\nHost: a\r\nX\0Y: 1\r\nContent-Length: 2\r\n\r\n{}`,
  }),
];
