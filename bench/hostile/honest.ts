/** Honest requests of every endpoint, and the pieces of them that hostile ones are made of. */
import { describeCapture, writeCapture } from '../../test/server/identy/support/captures.ts';
import { sealCapture } from '../../server/web/face-sdk/seal.ts';
import { type Bytes, type Case, type Kind, pick, type Sources } from './case.ts';
import {
  CAPTURED,
  type Expected,
  GENERATED,
  HEALTHY,
  JUDGED,
  KEY,
  MATCHED,
  MODELS,
  PAGE,
  RETRY,
  TIME,
} from './expected.ts';

export const SELFIE = '/api/v1/matchWithSelfie';
const PICTURE_ID = '/api/v1/matchWithPictureId';
export const PROCESS = '/api/v1/process';
export const VERIFY = '/api/v1/verifyWithPictureId';
export const SECURE = '/api/v1/secure/face/as';
export const SEALED_PATHS = [PROCESS, VERIFY, SECURE];
export const FACE_AS = '/api/v1/face/as';
export const GENERATE = '/api/v1/face/generateTemplateFromImage';
export const CLIENT_PATHS = ['/api/v1/models', '/api/v1/pub_key', '/api/v1/time'] as const;
const PAGES = [
  '/',
  '/demo',
  '/docval',
  '/docs',
  '/openapi.json',
  '/home/main.js',
  '/sdk/face-sdk.js',
];

const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'HIGHEST'];
/** That the default pack supports; higher ones refuse everybody. */
const AS_LEVELS = ['LOW', 'BALANCED_HIGH'];
const JSON_TYPE = { 'Content-Type': 'application/json' };
const LIVE_OR_NOT: readonly Expected[] = [CAPTURED, RETRY];

/** A request with a JSON body. */
export function jsonCase(
  path: string,
  body: unknown,
  ...expect: readonly Expected[]
): Case {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return { send: { path, headers: JSON_TYPE, body: text as string | Bytes }, expect };
}

export async function face({ gallery, random }: Sources): Promise<Uint8Array> {
  return await Bun.file(pick(random, gallery.faces)).bytes();
}

export const selfie = ({ gallery, random }: Sources): Uint8Array => pick(random, gallery.selfies);

export function image(bytes: Uint8Array, format = 'JPEG'): { template: string; format: string } {
  return { template: bytes.toBase64(), format };
}

export async function matchBody(sources: Sources): Promise<Record<string, unknown>> {
  return {
    image: image(await face(sources)),
    imageToVerifyAgainst: image(await face(sources)),
    level: pick(sources.random, LEVELS),
  };
}

/** Description of an honest capture, with changes. */
export function described({ random }: Sources, changes: object = {}) {
  const threshold = pick(random, AS_LEVELS);
  return describeCapture({ anti_spoofing: { enabled: true, threshold }, ...changes });
}

export function sealed(
  sources: Sources,
  changes: object = {},
  frames: readonly Uint8Array[] = [selfie(sources)],
): Promise<Bytes> {
  const payload = writeCapture(described(sources, changes), frames);
  return sealCapture(payload, sources.key, Date.now());
}

/** The form of an endpoint that takes a capture. */
export function sealedForm(sources: Sources, path: string, file: Bytes): FormData {
  const form = new FormData();
  form.set('file', new Blob([file]), 'bdata');
  if (path !== VERIFY) return form;
  form.set('picID', selfie(sources).toBase64());
  form.set('template', 'JPEG');
  form.set('level', pick(sources.random, LEVELS));
  return form;
}

/** A capture for one of the endpoints that take them. */
export function sealedCase(
  sources: Sources,
  path: string,
  file: Bytes,
  ...expect: readonly Expected[]
): Case {
  return { send: { path, body: sealedForm(sources, path, file) }, expect };
}

async function capture(
  sources: Sources,
  path: string,
  expect: readonly Expected[],
  changes: object = {},
  frames?: readonly Uint8Array[],
): Promise<Case> {
  return sealedCase(sources, path, await sealed(sources, changes, frames), ...expect);
}

function antispoof(sources: Sources, image: string | Blob): FormData {
  const form = new FormData();
  form.set('image', image);
  form.set('threshold', pick(sources.random, AS_LEVELS));
  return form;
}

const ICAO = { checks: true, background_removal: true, background_color: '#ffffff' };
const ALL_TEMPLATES = ['JPEG', 'PNG', 'ISO_19794_5', 'IDENTY_TYPE_1'];

/** One kind for each endpoint and each form of its input; the run takes them in turn. */
export const HONEST_KINDS: readonly Kind[] = [
  { name: 'matchWithSelfie', make: async (s) => jsonCase(SELFIE, await matchBody(s), MATCHED) },
  {
    name: 'matchWithPictureId',
    make: async (s) => jsonCase(PICTURE_ID, await matchBody(s), MATCHED),
  },
  {
    name: 'process',
    make: (s) => capture(s, PROCESS, LIVE_OR_NOT),
  },
  {
    name: 'process with portrait',
    make: (s) => capture(s, PROCESS, LIVE_OR_NOT, { icao: ICAO, templates: ALL_TEMPLATES }),
  },
  {
    name: 'process with a burst',
    make: (s) => capture(s, PROCESS, LIVE_OR_NOT, {}, pick(s.random, s.gallery.bursts)),
  },
  {
    name: 'verifyWithPictureId',
    make: (s) => capture(s, VERIFY, [MATCHED, RETRY]),
  },
  {
    name: 'secure/face/as',
    make: (s) => capture(s, SECURE, [JUDGED]),
  },
  {
    name: 'face/as, form',
    make: (s) => ({
      send: { path: FACE_AS, body: antispoof(s, selfie(s).toBase64()) },
      expect: [JUDGED],
    }),
  },
  {
    name: 'face/as, file in a form',
    make: (s) => ({
      send: { path: FACE_AS, body: antispoof(s, new Blob([selfie(s) as Bytes])) },
      expect: [JUDGED],
    }),
  },
  {
    name: 'face/as, JSON',
    make: (s) => {
      const threshold = pick(s.random, AS_LEVELS);
      return jsonCase(FACE_AS, { image: selfie(s).toBase64(), threshold }, JUDGED);
    },
  },
  {
    name: 'generateTemplateFromImage',
    make: (s) =>
      jsonCase(GENERATE, { image: selfie(s).toBase64(), qualityMode: 'DISABLED' }, GENERATED),
  },
  { name: 'models', make: () => ({ send: { path: CLIENT_PATHS[0] }, expect: [MODELS] }) },
  { name: 'pub_key', make: () => ({ send: { path: CLIENT_PATHS[1] }, expect: [KEY] }) },
  { name: 'time', make: () => ({ send: { path: CLIENT_PATHS[2] }, expect: [TIME] }) },
  {
    name: 'face_health',
    make: () => ({ send: { path: '/api/v1/face_health', method: 'GET' }, expect: [HEALTHY] }),
  },
  {
    name: 'pages',
    make: ({ random }) => ({ send: { path: pick(random, PAGES), method: 'GET' }, expect: [PAGE] }),
  },
];
