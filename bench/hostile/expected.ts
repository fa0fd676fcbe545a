/** The answers that the specification and docs/identy.md allow, each with how to recognise it. */
export interface HttpAnswer {
  readonly http: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface Expected {
  /** Undefined stands for a connection that ended without an answer. */
  holds(answer: HttpAnswer | undefined): boolean;
}

type Body = Readonly<Record<string, unknown>>;

const REFID = /^W-face-[A-Za-z0-9]+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{13}$/;
const LONGEST_MESSAGE = 200;

/** Of our own code: with the headers that all its answers carry. */
function ours(
  http: number,
  type: string | null,
  holds: (answer: HttpAnswer) => boolean,
): Expected {
  return {
    holds: (answer) =>
      answer?.http === http &&
      (answer.headers.get('content-type')?.split(';')[0] ?? null) === type &&
      answer.headers.get('x-content-type-options') === 'nosniff' && holds(answer),
  };
}

function json(http: number, holds: (body: Body) => boolean): Expected {
  return ours(http, 'application/json', (answer) => holds(bodyOf(answer)));
}

export function bodyOf({ body }: HttpAnswer): Body {
  return JSON.parse(new TextDecoder().decode(body));
}

/** A row of table 9, whole. */
function refused(http: number, code: number, feedbackCode: string): Expected {
  return json(http, (body) =>
    Object.keys(body).join() === 'code,feedbackCode,message,refid' &&
    body.code === code && body.feedbackCode === feedbackCode &&
    String(body.message).length <= LONGEST_MESSAGE && REFID.test(String(body.refid)));
}

/** What the HTTP layer of the runtime says to what is no HTTP: no body. */
function bare(http: number): Expected {
  return { holds: (answer) => answer?.http === http && answer.body.length === 0 };
}

export const BAD_JSON = refused(400, 501, 'ERROR_INVALID_JSON');
export const NO_ENDPOINT = refused(404, 501, 'ERROR_INVALID_JSON');
export const WRONG_METHOD = refused(405, 501, 'ERROR_INVALID_JSON');
export const BAD_IMAGE = refused(400, 503, 'ERROR_INVALID_IMAGE');
export const BAD_FORMAT = refused(400, 504, 'ERROR_INVALID_FORMAT');
export const BAD_LEVEL = refused(400, 505, 'ERROR_INVALID_MATCH_LEVEL');
export const BAD_AS_LEVEL = refused(400, 506, 'ERROR_INVALID_AS_LEVEL');
export const NO_TEMPLATES = refused(400, 507, 'NO_TEMPLATES_SPECIFIED');
export const MULTIPLE_FACES = refused(400, 509, 'ERROR_MULTIPLE_FACES');
export const NOT_OPENED = refused(400, 601, 'ERROR_DECRYPTION_FAILED');
export const EXPIRED = refused(500, 604, 'ERROR_REQUEST_EXPIRED');
export const WRONG_SIZE = refused(400, 901, 'ERROR_WRONG_RESOLUTION');

export const NO_HTTP = bare(400);
export const TOO_MANY_HEADERS = bare(431);
export const TOO_LONG_EXTENSION = bare(413);
export const WRONG_VERSION = bare(505);
export const NO_ANSWER: Expected = { holds: (answer) => answer === undefined };
/** An answer to HEAD, as a client sees it. */
export const HEAD_OF_REFUSAL: Expected = ours(
  405,
  'application/json',
  ({ body }) => body.length === 0,
);

/** Outside the APIs. */
export const NO_PAGE: Expected = json(
  404,
  ({ code, message }) => code === 404 && message === 'Not found',
);
export const PAGE: Expected = {
  holds: (answer) =>
    answer?.http === 200 && answer.headers.has('etag') &&
    answer.headers.get('content-security-policy')?.startsWith("default-src 'none'") === true,
};
export const NOT_MODIFIED: Expected = { holds: (answer) => answer?.http === 304 };
export const HEALTHY: Expected = ours(
  200,
  'text/plain',
  ({ body }) => new TextDecoder().decode(body) === 'OK',
);

export function matched(more: Body = {}): Expected {
  return json(200, (body) =>
    body.code === 200 && body.feedbackCode === 'FEEDBACK_MATCHED' &&
    REFID.test(String(body.refid)) && typeof body.possibleMatch === 'boolean' &&
    Object.entries(more).every(([name, value]) => body[name] === value));
}
export const MATCHED: Expected = matched();

/** Liveness of a picture: an answer whatever the verdict. */
export const JUDGED: Expected = json(
  200,
  (body) =>
    typeof body.is_spoof === 'boolean' && body.error === 0 && REFID.test(String(body.refid)),
);
export const CAPTURED: Expected = json(
  200,
  ({ code, message, data, refid }) =>
    code === 200 && message === 'FEEDBACK_CAPTURED' && typeof data === 'object' &&
    REFID.test(String(refid)),
);
export const GENERATED: Expected = json(
  200,
  ({ code, feedbackCode, data }) =>
    code === 200 && feedbackCode === 'FEEDBACK_CAPTURED' && typeof data === 'object',
);

function retry(code: number, name: string): Expected {
  return json(400, (body) => body.code === code && body.feedbackCode === name);
}
/** Not found live; that of an honest picture now and then. */
export const RETRY: Expected = retry(401, 'FEEDBACK_RETRY');
export const INSECURE: Expected = retry(408, 'FEEDBACK_RETRY_INSECURE');

const OCTETS = 'application/octet-stream';
export const MODELS: Expected = ours(
  200,
  OCTETS,
  ({ body }) => new TextDecoder().decode(body.subarray(0, 4)) === 'GHGM',
);
export const TIME: Expected = ours(
  200,
  OCTETS,
  ({ body }) => /^\d{13}$/.test(new TextDecoder().decode(body)),
);
export const KEY: Expected = ours(200, OCTETS, (answer) => bodyOf(answer).alg === 'RSA-OAEP-256');
