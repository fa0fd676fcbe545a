import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FaceError } from '../../../biometrics/errors.ts';
import {
  type FaceRecord,
  plainFaceRecord,
  readFaceInput,
  readFaceRecord,
  writeFaceRecord,
} from '../../../biometrics/formats/mod.ts';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { failure, patched, quarters } from '../image/samples.ts';

const jpeg = new Uint8Array(await quarters().jpeg().toBuffer());
const size = { width: 48, height: 32 };
const record2005 = writeFaceRecord(plainFaceRecord('010', jpeg, size));
const record2011 = writeFaceRecord(plainFaceRecord('030', jpeg, size));

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const byte = fc.nat(0xff);
const word = fc.nat(0xffff);
const triple = fc.tuple(byte, byte, byte);
const common = {
  gender: byte,
  eyeColour: byte,
  hairColour: byte,
  featureMask: fc.nat(0xffffff),
  expression: word,
  pose: triple,
  poseUncertainty: triple,
  featurePoints: fc.array(fc.record({ type: byte, code: byte, x: word, y: word, z: word }), {
    maxLength: 5,
  }),
  imageType: byte,
  dataType: byte,
  width: word,
  height: word,
  colourSpace: byte,
  deviceType: word,
  image: fc.uint8Array({ minLength: 1, maxLength: 50 }),
};
const some = { minLength: 1, maxLength: 3 };
const anyRecord: fc.Arbitrary<FaceRecord> = fc.oneof(
  fc.record({
    version: fc.constant('010' as const),
    representations: fc.array(fc.record({ ...common, sourceType: byte, quality: word }), some),
  }),
  fc.record({
    version: fc.constant('030' as const),
    temporalSemantics: word,
    representations: fc.array(
      fc.record({
        ...common,
        captured: fc.record({
          year: word,
          month: byte,
          day: byte,
          hour: byte,
          minute: byte,
          second: byte,
          millisecond: word,
        }),
        captureTechnology: byte,
        captureVendor: word,
        qualities: fc.array(fc.record({ score: byte, vendor: word, algorithm: word }), {
          maxLength: 3,
        }),
        subjectHeight: byte,
        samplingRate: byte,
        postProcessing: word,
        crossReference: byte,
      }),
      some,
    ),
  }),
);

describe('face records', () => {
  test('version 010 is laid out as 14 + 20 + 12 bytes and the image', () => {
    expect(record2005.length).toBe(46 + jpeg.length);
    expect(hex(record2005.subarray(0, 8))).toBe('4641430030313000');
    expect(hex(record2005.subarray(46))).toBe(hex(jpeg));
    // Image information: type, JPEG, 48 x 32, RGB.
    expect(hex(record2005.subarray(34, 41))).toBe('00000030002001');
  });

  test('version 030 with one quality block has its image at byte 73', () => {
    const plain = plainFaceRecord('030', jpeg, size);
    if (plain.version !== '030') throw new Error('wrong version');
    const qualities = [{ score: 80, vendor: 1, algorithm: 2 }];
    const bytes = writeFaceRecord({
      ...plain,
      representations: [{ ...plain.representations[0], qualities }],
    });
    expect(hex(bytes.subarray(0, 8))).toBe('4641430030333000');
    expect(hex(bytes.subarray(73))).toBe(hex(jpeg));
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = writeFaceRecord(record);
        expect(readFaceRecord(bytes)).toEqual(record);
        expect(writeFaceRecord(readFaceRecord(bytes))).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test('mutated records are read or refused with a FaceError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(record2005, record2011),
        fc.array(fc.tuple(fc.nat(90), byte), { minLength: 1, maxLength: 4 }),
        fc.nat(100),
        (seed, edits, cut) => {
          const bytes = seed.slice(0, seed.length - (cut > 50 ? cut : 0));
          for (const [at, value] of edits) bytes[at] = value;
          try {
            readFaceInput(bytes);
          } catch (error) {
            if (!(error instanceof FaceError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  const lies: [string, Uint8Array, string][] = [
    ['record length', patched(record2005, 8, 99, 4), 'record length says 99 bytes'],
    ['record length of 4 GiB', patched(record2011, 8, 0xffffffff, 4), 'record length says 42949'],
    ['no face', patched(record2005, 12, 0, 2), 'number of representations is 0'],
    ['more faces than there are', patched(record2005, 12, 2, 2), 'length of representation 2'],
    ['face longer than the record', patched(record2005, 14, 99_999, 4), 'representation 1 needs'],
    ['face shorter than its header', patched(record2005, 14, 31, 4), 'is 31, at least 32'],
    ['face that leaves bytes over', patched(record2005, 14, 60, 4), 'bytes after the last'],
    ['feature points', patched(record2005, 18, 0xffff, 2), '65535 feature points needs 524280'],
    ['image length', patched(record2011, 64, 0x7fffffff, 4), 'image needs 2147483647 bytes'],
    ['image length too short', patched(record2011, 64, 5, 4), 'bytes after the image'],
    ['image length 0', patched(record2011, 64, 0, 4), 'image length is 0'],
    ['certification flag', patched(record2011, 14, 1, 1), 'certification flag'],
    ['truncation', record2005.subarray(0, 13), 'record length says'],
  ];
  for (const [name, bytes, message] of lies) {
    test(`refuses a lie: ${name}`, async () => {
      const error = await failure(() => readFaceRecord(bytes));
      expect(error.code).toBe('IMAGE_UNDECODABLE');
      expect(error.message).toContain(message);
    });
  }

  test('refuses other versions by name', async () => {
    expect(await failure(() => readFaceRecord(patched(record2005, 5, 0x39, 1)))).toEqual({
      code: 'IMAGE_UNSUPPORTED',
      message: 'ISO 19794-5: version is neither 010 nor 030',
    });
  });

  test('the writer refuses values that do not fit', async () => {
    const { message } = await failure(() =>
      writeFaceRecord(plainFaceRecord('010', jpeg, { width: 70_000, height: 1 }))
    );
    expect(message).toBe('width: 70000 does not fit 2 bytes');
  });
});

describe('readFaceInput', () => {
  test('finds the image of a record and passes images through', () => {
    for (const bytes of [record2005, record2011]) {
      const { image, ...rest } = readFaceInput(bytes);
      expect(rest).toEqual({ format: 'jpeg', container: 'face-record' });
      expect(hex(image)).toBe(hex(jpeg));
    }
    expect(readFaceInput(jpeg)).toEqual({ image: jpeg, format: 'jpeg', container: 'image' });
  });

  test('uses the first of several faces', async () => {
    const plain = plainFaceRecord('010', jpeg, size);
    if (plain.version !== '010') throw new Error('wrong version');
    const other = new Uint8Array(await quarters().negate().jpeg().toBuffer());
    const [face] = plain.representations;
    const bytes = writeFaceRecord({ ...plain, representations: [face, { ...face, image: other }] });
    expect(readFaceRecord(bytes).representations.map(({ image }) => hex(image))).toEqual([
      hex(jpeg),
      hex(other),
    ]);
    expect(hex(readFaceInput(bytes).image)).toBe(hex(jpeg));
  });

  test('names what it does not take', async () => {
    const refused = async (bytes: Uint8Array) =>
      (await failure(() => readFaceInput(bytes))).message;
    expect(await refused(new Uint8Array())).toBe('image: no bytes');
    expect(await refused(new TextEncoder().encode('FMR\0 20\0'))).toBe('image: finger-record');
    const webp = new Uint8Array(await quarters().webp().toBuffer());
    const inner = plainFaceRecord('010', jpeg, size).representations[0];
    const bytes = writeFaceRecord({
      version: '010',
      representations: [{ ...inner, image: webp, sourceType: 0, quality: 0 }],
    });
    expect(await refused(bytes)).toBe('ISO 19794-5: image is webp');
  });
});

describeWithData('face record of a specimen passport', ['emrtd/bsi-tr03105/DG2.bin'], () => {
  test('is read, decodes, and is written back byte for byte', async () => {
    const dg2 = new Uint8Array(
      await Bun.file(sharedPath('emrtd/bsi-tr03105/DG2.bin')).arrayBuffer(),
    );
    const bytes = dg2.subarray(Buffer.from(dg2).indexOf('FAC\0'));
    const record = readFaceRecord(bytes);
    expect(record.version).toBe('010');
    expect(record.representations.length).toBe(1);
    // The record states 337x449; the image inside is 413x531.
    expect(record.representations[0]).toMatchObject({ width: 337, height: 449, imageType: 1 });
    const input = readFaceInput(bytes);
    expect(input.format).toBe('jp2');
    expect(await decodePicture(input.image)).toMatchObject({ width: 413, height: 531 });
    expect(hex(writeFaceRecord(record))).toBe(hex(bytes));
  });
});
