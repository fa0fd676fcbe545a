/** Hostile envelopes: broken, changed, sent again, too old; and well sealed ones that hold no capture. */
import { writeCapture, writePayload } from '../../../test/server/identy/support/captures.ts';
import { sealCapture } from '../../../server/web/face-sdk/seal.ts';
import { type Bytes, type Kind, pick, type Sources, textBytes } from '../case.ts';
import { type Expected, EXPIRED, NOT_OPENED } from '../expected.ts';
import { described, sealed, SEALED_PATHS, sealedCase, sealedForm, selfie } from '../honest.ts';
import { type Lies, sealWith } from '../seal-lies.ts';

/** Where fields of the head begin, and what follows it with a key of 3072 bits. */
const OFFSETS = [0, 1, 4, 5, 6, 14, 30, 46, 48, 432, 448, 464];

/** Does not open, whichever endpoint it goes to. */
function unopened(
  name: string,
  file: (sources: Sources) => Bytes | Promise<Bytes>,
  expect: Expected = NOT_OPENED,
): Kind {
  return {
    name: `capture: ${name}`,
    make: async (s) => sealedCase(s, pick(s.random, SEALED_PATHS), await file(s), expect),
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

const hours = (count: number) => BigInt(Date.now() + count * 3_600_000);

export const ENVELOPE_KINDS: readonly Kind[] = [
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
      const file = await sealed(s), path = pick(s.random, SEALED_PATHS);
      const first = await fetch(new URL(path, s.url), {
        method: 'POST',
        body: sealedForm(s, path, file),
      });
      await first.arrayBuffer();
      return sealedCase(s, pick(s.random, SEALED_PATHS), file, EXPIRED);
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
];
