/** The endpoints of the IDENTY API family, as `/openapi.json` and `/docs` describe them. */
import { z } from 'zod';
import {
  type Answer,
  API_KEY,
  type Content,
  type Header,
  type Operation,
  type OperationGroup,
} from '../core/api/operation.ts';
import {
  ErrorAnswer,
  GeneratedAnswer,
  LivenessAnswer,
  MatchAnswer,
  ProcessAnswer,
  PublicKeyAnswer,
  RetryAnswer,
} from './answers.ts';
import { ERROR_TABLE, type ErrorName } from './error-table.ts';
import {
  AntispoofForm,
  AntispoofRequest,
  GenerateRequest,
  MatchRequest,
  ModelsForm,
  ProcessForm,
  SecureAntispoofForm,
  VerifyForm,
} from './requests.ts';

const JSON_TYPE = 'application/json';
const FORM = 'multipart/form-data';
const OCTETS = 'application/octet-stream';

const HEADERS: readonly Header[] = [
  {
    name: 'requestID',
    description: 'Goes into the log line: visible ASCII characters, 128 at most.',
  },
  { name: 'LogAPITrigger', description: '`true` marks the log line.' },
];

const REFID = '01234567-89ab-4cde-8f01-23456789abcd-1790000000000';

/** What every endpoint that looks at pictures may answer. */
const ALWAYS: readonly ErrorName[] = [
  'ERROR_INVALID_JSON',
  'ERROR_SERVER_INTERNAL',
  'LICENSE_INVALID',
];
const MATCHING: readonly ErrorName[] = ['ERROR_INVALID_MATCH_LEVEL', 'FEEDBACK_MATCHING_ERROR'];
/** What it answers besides to callers that it does not let in. */
const REFUSALS: readonly ErrorName[] = [
  'ERROR_UNAUTHORIZED',
  'ERROR_FORBIDDEN',
  'ERROR_TOO_MANY_REQUESTS',
];
const REFUSAL_STATUS: readonly number[] = REFUSALS.map((name) => ERROR_TABLE[name].http);
const SEALED: readonly ErrorName[] = ['ERROR_DECRYPTION_FAILED', 'ERROR_REQUEST_EXPIRED'];

/** Answers of the error table by HTTP status; a busy server answers 503. */
function errors(...names: ErrorName[]): Answer[] {
  const all = [...names, ...ALWAYS, ...REFUSALS];
  const status = (http: number): Answer => ({
    status: http,
    description: all.filter((name) => ERROR_TABLE[name].http === http)
      .toSorted((a, b) => ERROR_TABLE[a].code - ERROR_TABLE[b].code)
      .map((name) => `\`${ERROR_TABLE[name].code} ${name}\`: ${ERROR_TABLE[name].means}.`)
      .join('\n\n'),
    contents: [json(ErrorAnswer)],
  });
  return [
    status(400),
    status(401),
    status(403),
    status(429),
    status(500),
    {
      status: 503,
      description:
        '`500 ERROR_SERVER_INTERNAL`: busy or not ready yet; try again after `Retry-After` seconds.',
      contents: [json(ErrorAnswer)],
    },
  ];
}

function json(schema: z.ZodType, example?: unknown): Content {
  return { mediaType: JSON_TYPE, schema, ...(example !== undefined && { example }) };
}

function ok(description: string, ...contents: Content[]): Answer {
  return { status: 200, description, contents };
}

/** An endpoint that may refuse a caller takes an API key. */
function post(operation: Omit<Operation, 'method' | 'headers'>): Operation {
  const guarded = operation.gives.some(({ status }) => status === 401);
  return { method: 'post', headers: guarded ? [API_KEY, ...HEADERS] : HEADERS, ...operation };
}

const MATCH_EXAMPLE = {
  image: { template: '/9j/4AAQ...', format: 'JPEG' },
  imageToVerifyAgainst: { template: '/9j/4AAQ...', format: 'JPEG' },
  level: 'HIGH',
};

const MATCHED_EXAMPLE = {
  code: 200,
  feedbackCode: 'FEEDBACK_MATCHED',
  refid: `W-face-MATCH121-${REFID}`,
  score: 0.1023,
  similarityScore: 91,
  possibleMatch: true,
  multipleFacesImage: false,
  matchHighestSecurityLevelReached: 'HIGH',
};

const LIVENESS_EXAMPLE = {
  as_highest_security_level_reached: 'BALANCED_HIGH',
  is_spoof: false,
  score: 0.9731,
  error: 0,
  refid: `W-face-antispoof-${REFID}`,
  input: { image: '/9j/4AAQ...' },
};

/** Answers with more under HTTP status 400, which is told of first. */
function withAt400(answers: readonly Answer[], means: string, content: Content): Answer[] {
  return answers.map((answer) =>
    answer.status !== 400 ? answer : {
      ...answer,
      description: `${means}\n\n${answer.description}`,
      contents: [content],
    }
  );
}

/** A capture that is not taken has the HTTP status of an error, so both stand under it. */
function withRetry(answers: readonly Answer[]): Answer[] {
  return withAt400(
    answers,
    '`401 FEEDBACK_RETRY`: the capture does not reach the liveness level.\n\n' +
      '`408 FEEDBACK_RETRY_INSECURE`: the camera is a program.',
    json(z.union([RetryAnswer, ErrorAnswer])),
  );
}

const OPERATIONS: readonly Operation[] = [
  post({
    id: 'matchWithSelfie',
    path: '/api/v1/matchWithSelfie',
    summary: 'Compare two selfies',
    description: 'Whether two selfies show one person. Of several faces the largest is compared.',
    takes: [json(MatchRequest, MATCH_EXAMPLE)],
    gives: [
      ok(
        'The pictures were compared.',
        json(MatchAnswer, { ...MATCHED_EXAMPLE, multipleFacesImageToVerifyAgainst: false }),
      ),
      ...errors('ERROR_INVALID_IMAGE', 'ERROR_INVALID_FORMAT', ...MATCHING),
    ],
  }),
  post({
    id: 'matchWithPictureId',
    path: '/api/v1/matchWithPictureId',
    summary: 'Compare a selfie with the portrait of a document',
    description: 'As `matchWithSelfie`, with the error rates of document portraits for each level.',
    takes: [json(MatchRequest, MATCH_EXAMPLE)],
    gives: [
      ok('The pictures were compared.', json(MatchAnswer, MATCHED_EXAMPLE)),
      ...errors('ERROR_INVALID_IMAGE', 'ERROR_INVALID_FORMAT', ...MATCHING),
    ],
  }),
  post({
    id: 'process',
    path: '/api/v1/process',
    summary: 'Judge a capture and make templates of it',
    description:
      'Opens a capture of the Face SDK, judges whether a live person was before a real camera, and ' +
      'makes the templates that the capture asks for. A capture opens once, and within two minutes.',
    takes: [{ mediaType: FORM, schema: ProcessForm }],
    gives: [
      ok('A live capture.', json(ProcessAnswer)),
      ...withRetry(errors('ERROR_INVALID_IMAGE', 'ERROR_WRONG_RESOLUTION', ...SEALED)),
    ],
  }),
  post({
    id: 'verifyWithPictureId',
    path: '/api/v1/verifyWithPictureId',
    summary: 'Judge a capture and compare it with the portrait of a document',
    description: '`process` and `matchWithPictureId` in one. The capture must ask for a template.',
    takes: [{ mediaType: FORM, schema: VerifyForm }],
    gives: [
      ok(
        'A live capture, compared.',
        json(MatchAnswer, { ...MATCHED_EXAMPLE, refid: `W-face-VERIFY-${REFID}` }),
      ),
      ...withRetry(errors(
        'ERROR_INVALID_IMAGE',
        'ERROR_INVALID_FORMAT',
        ...MATCHING,
        'NO_TEMPLATES_SPECIFIED',
        'ERROR_WRONG_RESOLUTION',
        ...SEALED,
      )),
    ],
  }),
  post({
    id: 'secureLiveness',
    path: '/api/v1/secure/face/as',
    summary: 'Judge the liveness of a capture',
    description: 'Opens a capture of the Face SDK and judges its liveness alone.',
    takes: [{ mediaType: FORM, schema: SecureAntispoofForm }],
    gives: [
      ok('Judged; `is_spoof` is the verdict.', json(LivenessAnswer, LIVENESS_EXAMPLE)),
      ...errors('ERROR_INVALID_IMAGE', 'ERROR_WRONG_RESOLUTION', ...SEALED),
    ],
  }),
  post({
    id: 'liveness',
    path: '/api/v1/face/as',
    summary: 'Judge the liveness of a picture',
    description: 'For pictures of any system and size.',
    takes: [
      { mediaType: FORM, schema: AntispoofForm },
      json(AntispoofRequest, { image: '/9j/4AAQ...', threshold: 'BALANCED_HIGH' }),
    ],
    gives: [
      ok('Judged; `is_spoof` is the verdict.', json(LivenessAnswer, LIVENESS_EXAMPLE)),
      ...errors('ERROR_INVALID_IMAGE', 'ERROR_INVALID_FORMAT', 'ERROR_INVALID_AS_LEVEL'),
    ],
  }),
  post({
    id: 'generateTemplateFromImage',
    path: '/api/v1/face/generateTemplateFromImage',
    summary: 'Make a recognition template of a picture',
    description: 'The picture must be good enough for the purpose that `qualityMode` names.',
    takes: [json(GenerateRequest, { image: '/9j/4AAQ...', qualityMode: 'ENROL' })],
    gives: [
      ok('The template, and how the picture measures up.', json(GeneratedAnswer)),
      ...errors(
        'ERROR_INVALID_IMAGE',
        'ERROR_INVALID_FORMAT',
        'ERROR_MULTIPLE_FACES',
        'ERROR_POOR_ICAO_QUALITY',
      ),
    ],
  }),
  post({
    id: 'pub_key',
    path: '/api/v1/pub_key',
    summary: 'The key that captures are sealed for',
    description: 'Answers JSON under the media type that SDKs expect. A body is not read.',
    takes: [],
    gives: [ok('The public key in force.', { mediaType: OCTETS, schema: PublicKeyAnswer })],
  }),
  post({
    id: 'time',
    path: '/api/v1/time',
    summary: 'The time of the server',
    description: 'SDKs stamp captures with it. A body is not read.',
    takes: [],
    gives: [
      ok('Milliseconds since 1970, UTC, in digits.', {
        mediaType: OCTETS,
        schema: z.string().regex(/^\d+$/),
        example: '1790000000000',
      }),
    ],
  }),
  post({
    id: 'models',
    path: '/api/v1/models',
    summary: 'The networks that the Face SDK guides with',
    description: 'An archive for the SDK alone; it names itself, so that an SDK asks once.',
    takes: [{ mediaType: FORM, schema: ModelsForm }],
    gives: [
      ok('The archive, or a short answer for a client that has it.', {
        mediaType: OCTETS,
        schema: z.file(),
      }),
      ...withAt400(
        errors().filter(({ status }) => !REFUSAL_STATUS.includes(status)),
        '`500 FEEDBACK_MATCHING_ERROR`: the model pack lacks such a network.',
        json(ErrorAnswer),
      ),
    ],
  }),
  {
    id: 'face_health',
    method: 'get',
    path: '/api/v1/face_health',
    summary: 'Whether pictures are taken',
    description: 'For load balancers and installers.',
    takes: [],
    gives: [
      ok('Ready.', { mediaType: 'text/plain', schema: z.literal('OK') }),
      {
        status: 503,
        description: 'Starting, shutting down, or without space for its records.',
        contents: [{ mediaType: 'text/plain', schema: z.literal('NOT READY') }],
      },
    ],
  },
];

export const identyOperations: OperationGroup = {
  name: 'IDENTY Web Server API',
  description:
    'Face matching, liveness and templates. Every answer has a `refid`; every error has ' +
    'a code of the table under its HTTP status.',
  operations: OPERATIONS,
};
