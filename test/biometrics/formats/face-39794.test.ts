import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/errors.ts';
import {
  type FaceRecord39794,
  plainFaceRecord39794,
  readFaceInput,
  readFaceRecord39794,
  writeFaceRecord39794,
} from '../../../biometrics/formats/mod.ts';
import { element, integerElement, readElements } from '../../../biometrics/formats/der.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure, indexOfBytes, patched, quarters } from '../image/samples.ts';

const jpeg = new Uint8Array(await quarters().jpeg().toBuffer());
const size = { width: 48, height: 32 };
const plain = writeFaceRecord39794(plainFaceRecord39794(jpeg, size));
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Components in the order of the standard, one level a call. */
function seq(tag: number, ...parts: Uint8Array[]): Uint8Array {
  return element(tag, ...parts);
}

const number = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 40 }));
const code = fc.nat(0xff);
const absent = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });
const time = fc.record({
  year: absent(fc.integer({ min: 1900, max: 9999 })),
  month: absent(fc.integer({ min: 1, max: 12 })),
  millisecond: absent(fc.nat(999)),
}).map((parts) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
);
const anyRecord: fc.Arbitrary<FaceRecord39794> = fc.record({
  generation: code,
  year: fc.nat(9999),
  representations: fc.array(
    fc.record({
      id: number,
      imageFormat: code,
      imageKind: absent(code),
      size: absent(fc.record({ width: fc.nat(0xffff), height: fc.nat(0xffff) })),
      colourSpace: absent(code),
      captured: absent(time),
      qualities: fc.array(
        fc.record({
          organisation: fc.nat(0xffff),
          algorithm: fc.nat(0xffff),
          score: fc.option(fc.nat(100)),
        }),
        { maxLength: 3 },
      ),
      image: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

describe('ISO/IEC 39794-5 face records', () => {
  test('a plain record is laid out tag by tag as the standard has it', () => {
    const version = seq(0xa0, integerElement(0x80, 3, ''), integerElement(0x81, 2019, ''));
    const about = seq(
      0xa1,
      seq(0xa0, Uint8Array.of(0x80, 1, 2)),
      seq(0xa7, Uint8Array.of(0x80, 1, 48), Uint8Array.of(0x81, 1, 32)),
      seq(0xa9, Uint8Array.of(0x80, 1, 2)),
    );
    const image = seq(0xa1, seq(0xa0, seq(0xa0, element(0x80, jpeg), about)));
    const face = seq(0x30, Uint8Array.of(0x80, 1, 0), image);
    expect(hex(plain)).toBe(hex(seq(0x65, version, seq(0xa1, face))));
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = writeFaceRecord39794(record);
        expect(readFaceRecord39794(bytes)).toEqual(record);
        expect(writeFaceRecord39794(readFaceRecord39794(bytes))).toEqual(bytes);
      }),
      { numRuns: RUNS },
    );
  });

  test('mutated records are read or refused with a FaceError', () => {
    const header = plain.length - jpeg.length;
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(header + 40), fc.nat(0xff)), { minLength: 1, maxLength: 4 }),
        fc.nat(100),
        (wrapped, edits, cut) => {
          const seed = wrapped ? element(0xa1, plain) : plain;
          const bytes = seed.slice(0, seed.length - (cut > 50 ? cut : 0));
          // the end of the record describes the image, its start the structure
          for (const [at, value] of edits) {
            bytes[at < 60 ? at : bytes.length - 1 - (at - 60)] = value;
          }
          for (const read of [readFaceRecord39794, readFaceInput]) {
            try {
              read(bytes);
            } catch (error) {
              if (!(error instanceof FaceError)) throw error;
            }
          }
        },
      ),
      { numRuns: 7 * RUNS },
    );
  });

  const face = plainFaceRecord39794(jpeg, size).representations[0];
  const written = (changes: object) =>
    writeFaceRecord39794({ generation: 3, year: 2019, representations: [{ ...face, ...changes }] });

  const lies: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(), 'no face image data block'],
    ['another element', Uint8Array.of(0x30, 0), 'no face image data block'],
    ['bytes after it', Uint8Array.of(...plain, 0x30, 0), 'bytes after the record'],
    ['a length of 4 GiB', Uint8Array.of(0x65, 0x84, 255, 255, 255, 255), 'needs 4294967295 bytes'],
    [
      'a length of 2^64',
      Uint8Array.of(0x65, 0x88, ...Array(8).fill(255)),
      'too large or not in its shortest form',
    ],
    ['an indefinite length', Uint8Array.of(0x65, 0x80, 0, 0), 'not in its shortest form'],
    ['a padded length', Uint8Array.of(0x65, 0x81, 1, 0), 'not in its shortest form'],
    ['a tag of several bytes', Uint8Array.of(0x7f, 0x65, 0), 'a tag of several bytes'],
    ['no version', seq(0x65, seq(0xa1)), 'no version'],
    ['no faces', seq(0x65, seq(0xa0), seq(0xa1)), '0 representations, 1 to 16'],
    [
      'a negative year',
      patched(plain, indexOfBytes(plain, [0x07, 0xe3]), 0x87, 1),
      'year is not an unsigned integer',
    ],
    ['an empty image', written({ image: new Uint8Array() }), 'data are empty'],
    ['65 elements', seq(0x65, ...Array(65).fill(Uint8Array.of(0x30, 0))), 'more than 64'],
    ['one component twice', seq(0x65, seq(0xa0), seq(0xa0)), 'element a0 appears twice'],
  ];
  for (const [name, bytes, message] of lies) {
    test(`refuses ${name}`, async () => {
      const error = await failure(() => readFaceRecord39794(bytes));
      expect(error.code).toBe('IMAGE_UNDECODABLE');
      expect(error.message).toContain(message);
    });
  }

  test('passes over components it does not know', () => {
    const [{ value }] = readElements(plain, '');
    const [version, faces] = readElements(value, '');
    const [first] = readElements(faces.value, '');
    const more = seq(
      0x65,
      element(0xa0, version.value),
      seq(0xa1, element(0x30, first.value, Uint8Array.of(0x85, 1, 7))),
    );
    expect(readFaceRecord39794(more)).toEqual(readFaceRecord39794(plain));
  });

  test('the writer refuses what does not fit', async () => {
    const refused = async (changes: object) =>
      (await failure(() => Promise.resolve(written(changes)))).message;
    expect(await refused({ id: -1 })).toBe('id: -1 is not a whole number in range');
    expect(await refused({ qualities: [{ organisation: 1, algorithm: 1, score: 101 }] })).toContain(
      'quality score 101',
    );
    const webp = new Uint8Array(await quarters().webp().toBuffer());
    expect((await failure(() => plainFaceRecord39794(webp, size))).message).toContain('no webp');
  });

  test('is taken as a face input, bare and as passports hold it', () => {
    for (const bytes of [plain, element(0xa1, plain)]) {
      const { image, ...rest } = readFaceInput(bytes);
      expect(rest).toEqual({ format: 'jpeg', container: 'face-record' });
      expect(hex(image)).toBe(hex(jpeg));
    }
  });
});

describeWithData('specimen of the ICAO profile', ['emrtd/dg/face-39794-5-minimal.bin'], () => {
  test('is read, and written back byte for byte', async () => {
    const bytes = await Bun.file(sharedPath('emrtd/dg/face-39794-5-minimal.bin')).bytes();
    const record = readFaceRecord39794(bytes);
    expect(record).toMatchObject({ generation: 3, year: 2019 });
    expect(record.representations.length).toBe(1);
    expect(record.representations[0]).toMatchObject({ id: 0, imageFormat: 3 });
    expect(readFaceInput(bytes).format).toBe('jp2');
    expect(hex(element(0xa1, writeFaceRecord39794(record)))).toBe(hex(bytes));
  });
});
