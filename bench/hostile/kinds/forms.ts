/** Hostile multipart bodies and Content-Types for the endpoints that take forms. */
import { type Bytes, type Case, type Kind, MARKER, pick, type Sources } from '../case.ts';
import {
  BAD_JSON,
  CAPTURED,
  type Expected,
  JUDGED,
  MODELS,
  NOT_OPENED,
  RETRY,
} from '../expected.ts';
import { FACE_AS, PROCESS, sealed, SECURE, selfie, VERIFY } from '../honest.ts';
import {
  BOUNDARY,
  fileHeader,
  FORM,
  formBytes,
  formCase,
  type Part,
  partBytes,
} from '../multipart.ts';

const PATHS = [PROCESS, VERIFY, SECURE, FACE_AS];
const CLOSE = `--${BOUNDARY}--\r\n`;
const DISPOSITION = 'Content-Disposition: form-data; name="file"; filename="bdata"';

/** Refused by the reader of forms, whichever endpoint it goes to. */
function broken(name: string, body: (sources: Sources) => string | Bytes, type = FORM): Kind {
  return {
    name: `form: ${name}`,
    make: (sources) => formCase(pick(sources.random, PATHS), body(sources), [BAD_JSON], type),
  };
}

const parts = (count: number, boundary = BOUNDARY): Bytes =>
  formBytes(Array.from({ length: count }, (_, i): Part => [`${MARKER}${i}`, 'x']), boundary);

/** One part with these header lines. */
const headed = (...lines: string[]): Bytes => formBytes([[lines, MARKER]]);

/** Good fields for `face/as`, as bytes. */
function antispoof(sources: Sources): Part[] {
  return [['image', selfie(sources).toBase64()], ['threshold', 'LOW']];
}

async function capture(
  sources: Sources,
  headers: readonly string[],
  expect: readonly Expected[],
  change: (file: Bytes) => Bytes = (file) => file,
): Promise<Case> {
  const file = change(await sealed(sources));
  return formCase(PROCESS, formBytes([[headers, file]]), expect);
}

const NAMES = [
  'file\0',
  '\0file',
  `fi\\"le${MARKER}`,
  'file%00',
  'file%22%0d%0aX: y',
  'ﬁle',
  'f\u0456le\u202e',
  ' file',
  'file[]',
  '../file',
  '__proto__',
  'FILE',
];

const STRANGE_TYPES = [
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'b'.repeat(71)}`,
  'multipart/form-data; boundary="a\\"b"',
  'multipart/form-data; boundary=b\u00f6',
  `multipart/form-data; boundary=${BOUNDARY}; boundary=other`,
  `multipart/form-data; boundary=${BOUNDARY}, text/plain; boundary=other`,
  `multipart/form-data boundary=${BOUNDARY}`,
  `multipart/mixed; boundary=${BOUNDARY}`,
  'application/x-www-form-urlencoded',
  'text/plain',
  `text/${MARKER}`,
];

export const FORM_KINDS: readonly Kind[] = [
  broken('10,000 parts', () => parts(10_000)),
  broken(
    '10,000 parts behind a false boundary',
    () => parts(10_000),
    `multipart/form-data; notboundary=x; boundary=${BOUNDARY}`,
  ),
  broken('a form in a part', () => formBytes([['outer', formBytes([['file', 'x']], 'inner')]])),
  broken('boundary inside the content', () => formBytes([['file', `x\r\n--${BOUNDARY}${MARKER}`]])),
  broken('no end', () => new Uint8Array(partBytes(['file', 'x']))),
  broken('cut anywhere', ({ random }) => {
    const whole = formBytes([[[DISPOSITION], 'x'.repeat(100)]]);
    return whole.subarray(0, random.below(whole.length - CLOSE.length - 1)) as Bytes;
  }),
  broken('1 MB of headers of a part', () => headed(`X-A: ${'a'.repeat(1e6)}`, DISPOSITION)),
  broken('100,000 headers of a part', () => headed(...new Array(1e5).fill('X: y'), DISPOSITION)),
  broken('name twice', () => formBytes([['file', 'x'], ['file', MARKER]])),
  broken('described twice', () => headed(DISPOSITION, 'Content-Disposition: form-data; name="x"')),
  broken('part without a name', () => headed('Content-Type: text/plain')),
  broken('huge name', () => formBytes([[MARKER.repeat(9000), 'x']])),
  broken('line breaks of one byte', () => `--${BOUNDARY}\n${DISPOSITION}\n\nx\n--${BOUNDARY}--\n`),
  broken('nothing', () => ''),
  broken('no part', () => CLOSE),
  {
    name: 'form: name with strange characters',
    make: ({ random }) =>
      formCase(pick(random, PATHS), formBytes([[pick(random, NAMES), MARKER]]), [BAD_JSON]),
  },
  {
    name: 'form: strange Content-Type',
    make: ({ random }) => {
      const type = pick(random, STRANGE_TYPES);
      return formCase(pick(random, PATHS), formBytes([['image', 'x']]), [BAD_JSON], type);
    },
  },
  {
    name: 'form: 15 MB in a short field',
    make: (s) => {
      const form: Part[] = [['level', 'x'.repeat(15e6)], ['file', 'x']];
      return formCase(pick(s.random, [VERIFY, FACE_AS]), formBytes(form), [BAD_JSON]);
    },
  },
  {
    name: 'form: a file in the place of a text',
    make: (s) => {
      const [image] = antispoof(s);
      return formCase(FACE_AS, formBytes([image, [[fileHeader('threshold')], 'LOW']]), [BAD_JSON]);
    },
  },
  {
    name: 'form: a text in the place of a file',
    make: async (s) =>
      formCase(PROCESS, formBytes([['file', (await sealed(s)).toBase64()]]), [NOT_OPENED]),
  },
  {
    name: 'form: content in Base64',
    make: (s) =>
      capture(
        s,
        [DISPOSITION, 'Content-Transfer-Encoding: base64'],
        [NOT_OPENED],
        (file) => Buffer.from(file.toBase64()) as unknown as Bytes,
      ),
  },
  {
    name: 'form: path in a file name',
    make: (s) => capture(s, [fileHeader('file', `../../etc/${MARKER}\\..\\x`)], [CAPTURED, RETRY]),
  },
  {
    name: 'form: charset that is not meant',
    make: (s) => {
      const type = `multipart/form-data; charset=utf-16; boundary="${BOUNDARY}"`;
      return formCase(FACE_AS, formBytes(antispoof(s)), [JUDGED], type);
    },
  },
  {
    name: 'form: 1 MB before the first part',
    make: (s) => {
      const preamble = Buffer.from(`${'p'.repeat(1e6)}\r\n`);
      const body = new Uint8Array(Buffer.concat([preamble, formBytes(antispoof(s))]));
      return formCase(FACE_AS, body, [JUDGED]);
    },
  },
  {
    name: 'form: broken, for models',
    make: ({ random }) => {
      const body = pick(random, [`--${BOUNDARY}`, 'x'.repeat(9000), parts(20)]);
      return formCase('/api/v1/models', body, [BAD_JSON]);
    },
  },
  {
    name: 'form: nonsense, for models',
    make: () =>
      formCase('/api/v1/models', formBytes([['part', MARKER], ['known', '\0']]), [MODELS]),
  },
];
