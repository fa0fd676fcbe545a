/** Hostile JSON and pictures for the match endpoints. */
import { type Bytes, type Kind, MARKER, type Sources, textBytes } from '../case.ts';
import {
  BAD_FORMAT,
  BAD_IMAGE,
  BAD_JSON,
  BAD_LEVEL,
  type Expected,
  matched,
  WRONG_METHOD,
} from '../expected.ts';
import { face, image, jsonCase, matchBody, SELFIE } from '../honest.ts';

type Body = Record<string, unknown>;

/** A request whose good body is changed. */
function changed(
  name: string,
  change: (body: Body) => unknown,
  expect: Expected,
): Kind {
  return {
    name,
    make: async (sources) => jsonCase(SELFIE, change(await matchBody(sources)), expect),
  };
}

/** A request with one probe picture. */
function probe(
  name: string,
  bytes: (sources: Sources) => Uint8Array | Promise<Uint8Array>,
  expect: Expected,
): Kind {
  return {
    name,
    make: async (sources) => {
      const body = await matchBody(sources);
      return jsonCase(SELFIE, { ...body, image: image(await bytes(sources)) }, expect);
    },
  };
}

const template = (value: string, format = 'JPEG') => (body: Body) => ({
  ...body,
  image: { template: value, format },
});

function utf16(content: string): Bytes {
  return new Uint8Array(Uint16Array.from(content, (char) => char.charCodeAt(0)).buffer);
}

const bigBody = new Uint8Array(50_000_000).fill(0x20);

export const MATCH_KINDS: readonly Kind[] = [
  probe('truncated JPEG', async (sources) => {
    const bytes = await face(sources);
    return bytes.subarray(0, 200 + sources.random.below(bytes.length - 1200));
  }, BAD_FORMAT),
  probe('268-megapixel PNG', ({ gallery }) => gallery.hugePng, BAD_IMAGE),
  probe('dense 24-megapixel PNG', ({ gallery }) => gallery.densePng, BAD_IMAGE),
  probe('SVG', () => textBytes('<svg xmlns="http://www.w3.org/2000/svg"/>'), BAD_FORMAT),
  probe('GIF', () => textBytes('GIF89a\x01\0\x01\0'), BAD_FORMAT),
  probe('broken face record', () => textBytes('FAC\x00010\0\xff\xff\xff\xff'), BAD_FORMAT),
  probe('no face', ({ gallery }) => gallery.noise, BAD_IMAGE),
  probe(
    'twelve faces',
    ({ gallery, random }) => gallery.twelveFaces[random.below(gallery.twelveFaces.length)],
    matched({ multipleFacesImage: true }),
  ),
  changed('empty template', template(''), BAD_FORMAT),
  changed('wrong base64', template(`/9j/%${MARKER}%`), BAD_FORMAT),
  changed('NUL in a value', template('AAAA\0AAAA'), BAD_FORMAT),
  changed('NIST record', template('AAAA', 'NIST'), BAD_FORMAT),
  changed('unknown format', template('AAAA', MARKER), BAD_JSON),
  changed('unknown level', (body) => ({ ...body, level: MARKER }), BAD_LEVEL),
  changed('JSON cut off', (body) => JSON.stringify(body).slice(0, -7), BAD_JSON),
  changed('JSON in UTF-16', (body) => utf16(JSON.stringify(body)), BAD_JSON),
  changed('deep JSON', () => '[{"a":'.repeat(1_000_000), BAD_JSON),
  changed('wide JSON', () => `[${'[],'.repeat(1_000_000)}0]`, BAD_JSON),
  changed('JSON of another shape', () => `{"__proto__":{"image":"${MARKER}"}}`, BAD_JSON),
  changed(
    'NUL in a name',
    ({ image: first, ...rest }) => ({ 'image\0': first, ...rest }),
    BAD_JSON,
  ),
  { name: '50 MB body', make: () => jsonCase(SELFIE, bigBody, BAD_JSON) },
  {
    name: 'wrong method',
    make: () => ({ send: { path: SELFIE, method: 'GET' }, expect: [WRONG_METHOD] }),
  },
];
