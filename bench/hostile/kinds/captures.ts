/** Hostile envelopes: broken, changed, sent again, too old; and well sealed ones that hold something else. */
import { writeCapture, writePayload } from '../../../test/server/identy/support/captures.ts';
import { sealCapture } from '../../../server/web/face-sdk/seal.ts';
import { type Bytes, type Case, type Kind, pick, type Sources, textBytes } from '../case.ts';
import {
  BAD_FORMAT,
  BAD_IMAGE,
  BAD_JSON,
  type Expected,
  EXPIRED,
  INSECURE,
  JUDGED,
  NO_TEMPLATES,
  NOT_OPENED,
  RETRY,
  WRONG_SIZE,
} from '../expected.ts';
import { described, face, PROCESS, sealed, sealedForm, SECURE, selfie, VERIFY } from '../honest.ts';
import { type Lies, sealWith } from '../seal-lies.ts';

const PATHS = [PROCESS, VERIFY, SECURE];
/** Where fields of the head begin, and what follows it with a key of 3072 bits. */
const OFFSETS = [0, 1, 4, 5, 6, 14, 30, 46, 48, 432, 448, 464];

function post(sources: Sources, path: string, file: Bytes, ...expect: Expected[]): Case {
  return { send: { path, body: sealedForm(sources, path, file) }, expect };
}

/** Does not open, whichever endpoint it goes to. */
function unopened(
  name: string,
  file: (sources: Sources) => Bytes | Promise<Bytes>,
  expect: Expected = NOT_OPENED,
): Kind {
  return {
    name: `capture: ${name}`,
    make: async (s) => post(s, pick(s.random, PATHS), await file(s), expect),
  };
}

/** Everything right but for one thing in the sealing. */
function liar(
  name: string,
  lies: (sources: Sources) => Lies,
  expect: Expected = NOT_OPENED,
): Kind {
  return unopened(name, (s) => {
    const payload = writeCapture(described(s), [selfie(s)]);
    return sealWith(payload, s.key, lies(s));
  }, expect);
}

const seal = (s: Sources, payload: Bytes) => sealCapture(payload, s.key, Date.now());

/** Well sealed, but no capture. */
function filled(name: string, payload: (sources: Sources) => Bytes): Kind {
  return unopened(name, (s) => seal(s, payload(s)));
}

/** A capture that describes itself wrongly. */
function misdescribed(name: string, change: (sources: Sources) => object): Kind {
  return filled(name, (s) => writePayload({ ...described(s), ...change(s) }, selfie(s)));
}

const frames = (...bytes: readonly unknown[]) => ({
  frames: bytes.map((length, i) => ({ bytes: length, time_ms: 40 * i })),
});

/** A frame that is no picture to look at. */
function framed(
  name: string,
  frame: (sources: Sources) => Uint8Array | Promise<Uint8Array>,
  expect: Expected = BAD_IMAGE,
  paths = PATHS,
): Kind {
  return {
    name: `frame: ${name}`,
    make: async (s) =>
      post(s, pick(s.random, paths), await sealed(s, {}, [await frame(s)]), expect),
  };
}

const hours = (count: number) => BigInt(Date.now() + count * 3_600_000);

export const CAPTURE_KINDS: readonly Kind[] = [
  unopened('garbage', ({ random }) => {
    const bytes = crypto.getRandomValues(new Uint8Array(1 + random.below(2000)));
    return random.below(2) === 0 ? bytes : new Uint8Array([...textBytes('GHCE\x01\x01'), ...bytes]);
  }),
  unopened('empty', () => new Uint8Array(0)),
  unopened('cut at a field', async (s) => (await sealed(s)).slice(0, pick(s.random, OFFSETS))),
  unopened('one bit changed', async (s) => {
    const file = await sealed(s), at = s.random.below(file.length);
    file[at] ^= 1 << s.random.below(8);
    return file;
  }),
  unopened('8 MB of noise', (s) => {
    const noise = new Uint8Array(8 * 2 ** 20).map(() => s.random.below(256));
    return seal(s, noise);
  }),
  liar('another version', (s) => ({ version: pick(s.random, [0, 2, 255]) })),
  liar('another suite', (s) => ({ suite: pick(s.random, [0, 2, 255]) })),
  liar('another key id', () => ({ keyId: new Uint8Array(16) })),
  liar('length of the wrapped keys', (s) => ({ wrappedBytes: pick(s.random, [0, 1, 400, 65535]) })),
  liar('noise for wrapped keys', (s) => ({
    wrapped: crypto.getRandomValues(new Uint8Array(pick(s.random, [256, 384, 512]))),
  })),
  liar('keys of another length', (s) => ({ secretBytes: pick(s.random, [1, 32, 63, 65, 128]) })),
  unopened('wrong padding', ({ key }) => sealWith(new Uint8Array(64), key, { unpadded: true })),
  liar('three hours old', () => ({ packedAtMs: hours(-3) }), EXPIRED),
  liar('of tomorrow', () => ({ packedAtMs: hours(24) }), EXPIRED),
  liar('of no time', () => ({ packedAtMs: 2n ** 64n - 1n })),
  {
    name: 'capture: sent again',
    make: async (s) => {
      const file = await sealed(s), path = pick(s.random, PATHS);
      const first = await fetch(new URL(path, s.url), {
        method: 'POST',
        body: sealedForm(s, path, file),
      });
      await first.arrayBuffer();
      return post(s, pick(s.random, PATHS), file, EXPIRED);
    },
  },
  filled('nothing in it', () => new Uint8Array(0)),
  filled('description without an end', () => new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x7b])),
  filled('description that is no JSON', () => writePayload('x', new Uint8Array(9)).fill(0xff, 4)),
  filled('deep description', () => {
    const deep = '['.repeat(16_000);
    const payload = new Uint8Array(4 + deep.length);
    new DataView(payload.buffer).setUint32(0, deep.length);
    payload.set(textBytes(deep), 4);
    return payload;
  }),
  misdescribed('description of 20 KB', () => ({ sdk: 'x'.repeat(20_000) })),
  misdescribed('description of other types', (s) =>
    pick<object>(s.random, [
      { version: 2 },
      { platform: null },
      { captured_at: 'yesterday' },
      { anti_spoofing: { enabled: 'true', threshold: 'LOW' } },
      { anti_spoofing: { enabled: true, threshold: 'NONE' } },
      { templates: ['NIST'] },
      { camera: { label: 'x'.repeat(257) } },
      { ['__proto__x']: 1 },
    ])),
  misdescribed('frames that do not add up', (s) => {
    const { length } = selfie(s);
    return pick(s.random, [
      frames(),
      frames(length + 100_000),
      frames(1),
      frames(2 ** 31),
      frames(-1),
      frames(0.5),
      frames('9'),
      frames(...new Array(33).fill(1)),
    ]);
  }),
  framed('SVG', () => textBytes('<svg xmlns="http://www.w3.org/2000/svg"/>')),
  framed('PNG', ({ gallery }) => gallery.densePng),
  framed('268-megapixel PNG', ({ gallery }) => gallery.hugePng),
  framed('GIF', () => textBytes('GIF89a\x01\0\x01\0')),
  framed('face record', () => textBytes('FAC\x00010\0\xff\xff\xff\xff')),
  framed('dense 24-megapixel JPEG', ({ gallery }) => gallery.denseJpeg),
  framed('cut JPEG', (s) => selfie(s).subarray(0, 5000), BAD_IMAGE, [PROCESS, VERIFY]),
  framed('cut JPEG for liveness', (s) => selfie(s).subarray(0, 5000), BAD_FORMAT, [SECURE]),
  framed('noise', ({ gallery }) => gallery.noise),
  framed('another size', face, WRONG_SIZE, [PROCESS, VERIFY]),
  {
    name: 'frame: thirty-one behind the first',
    make: async (s) => {
      const rest = new Array(31).fill(textBytes('no picture'));
      return post(s, SECURE, await sealed(s, {}, [selfie(s), ...rest]), JUDGED);
    },
  },
  {
    name: 'capture: camera that is a program',
    make: async (s) => {
      const { camera } = described(s);
      const file = await sealed(s, { camera: { ...camera, label: 'OBS Virtual Camera' } });
      return post(s, pick(s.random, [PROCESS, VERIFY]), file, INSECURE);
    },
  },
  {
    name: 'capture: level that nobody reaches',
    make: async (s) => {
      const file = await sealed(s, { anti_spoofing: { enabled: true, threshold: 'HIGHEST' } });
      return post(s, pick(s.random, [PROCESS, VERIFY]), file, RETRY);
    },
  },
  {
    name: 'capture: no templates',
    make: async (s) => post(s, VERIFY, await sealed(s, { templates: [] }), NO_TEMPLATES),
  },
  {
    name: 'capture: background that is no colour',
    make: async (s) => {
      const icao = { checks: true, background_removal: true, background_color: 'url(x)' };
      return post(s, PROCESS, await sealed(s, { icao }), BAD_JSON);
    },
  },
];
