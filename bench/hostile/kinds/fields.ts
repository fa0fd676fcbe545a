/** Hostile fields for the endpoints that take a picture as it is: `face/as` and `generateTemplateFromImage`. */
import { type Case, type Kind, MARKER, pick, type Sources, textBytes } from '../case.ts';
import {
  BAD_AS_LEVEL,
  BAD_FORMAT,
  BAD_IMAGE,
  BAD_JSON,
  type Expected,
  MULTIPLE_FACES,
} from '../expected.ts';
import { FACE_AS, GENERATE, jsonCase, selfie } from '../honest.ts';

/** The same picture for both endpoints, in turn and as JSON or in a form. */
function picture(
  name: string,
  bytes: (sources: Sources) => Uint8Array,
  expect: Expected,
): Kind {
  return {
    name: `picture: ${name}`,
    make: (sources) => {
      const template = bytes(sources).toBase64();
      const way = sources.random.below(3);
      if (way === 0) return jsonCase(GENERATE, { image: template }, expect);
      if (way === 1) return jsonCase(FACE_AS, { image: template, threshold: 'LOW' }, expect);
      return form({ image: template, threshold: 'LOW' }, expect);
    },
  };
}

function form(fields: Record<string, string | Blob>, expect: Expected): Case {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return { send: { path: FACE_AS, body }, expect: [expect] };
}

/** What a JSON request may hold in the place of what it should. */
function wrong(sources: Sources): [path: string, body: unknown] {
  const image = selfie(sources).toBase64();
  return pick<[string, unknown]>(sources.random, [
    [FACE_AS, { image: 1, threshold: 'LOW' }],
    [FACE_AS, { image, threshold: ['LOW'] }],
    [FACE_AS, { image, threshold: 'NONE' }],
    [FACE_AS, { threshold: 'LOW' }],
    [FACE_AS, [image]],
    [FACE_AS, null],
    [FACE_AS, `{"a":${'['.repeat(5000)}`],
    [GENERATE, { image: { template: image } }],
    [GENERATE, { image, qualityMode: MARKER }],
    [GENERATE, `{"image":"${MARKER}`],
    [GENERATE, '\ufeff'],
    [GENERATE, ''],
  ]);
}

export const FIELD_KINDS: readonly Kind[] = [
  picture('SVG', () => textBytes(`<svg onload="${MARKER}"/>`), BAD_FORMAT),
  picture('HTML', () => textBytes(`<!doctype html><script>${MARKER}</script>`), BAD_FORMAT),
  picture('HEIC', () => textBytes('\0\0\0\x18ftypheic'), BAD_FORMAT),
  picture('cut JPEG', (s) => selfie(s).subarray(0, 3000 + s.random.below(9000)), BAD_FORMAT),
  picture('268-megapixel PNG', ({ gallery }) => gallery.hugePng, BAD_IMAGE),
  picture('dense 24-megapixel JPEG', ({ gallery }) => gallery.denseJpeg, BAD_IMAGE),
  picture('noise', ({ gallery }) => gallery.noise, BAD_IMAGE),
  picture('nothing', () => new Uint8Array(0), BAD_FORMAT),
  {
    name: 'twelve faces to enrol',
    make: ({ gallery: { twelveFaces }, random }) =>
      jsonCase(GENERATE, { image: pick(random, twelveFaces).toBase64() }, MULTIPLE_FACES),
  },
  { name: 'fields of other types', make: (s) => jsonCase(...wrong(s), BAD_JSON) },
  {
    name: 'unknown liveness level',
    make: (s) =>
      s.random.below(2) === 0
        ? jsonCase(FACE_AS, { image: '', threshold: MARKER }, BAD_AS_LEVEL)
        : form({ image: '', threshold: MARKER.repeat(1000) }, BAD_AS_LEVEL),
  },
  {
    name: 'image that is no Base64',
    make: (s) => {
      const image = pick(s.random, [`${MARKER}!`, 'data:image/jpeg;base64,*', '\0', 'A', '\u202e']);
      return s.random.below(2) === 0
        ? jsonCase(GENERATE, { image }, BAD_FORMAT)
        : form({ image, threshold: 'LOW' }, BAD_FORMAT);
    },
  },
];
