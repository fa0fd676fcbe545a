/** DG2: records of both editions of ISO 19794-5, several images, lengths that are off, broken templates. */
import { describe, expect, test } from 'bun:test';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import { concat } from '../../../emrtd/crypto/mod.ts';
import { parseDg2 } from '../../../emrtd/lds/mod.ts';
import {
  ascii,
  codes,
  CODESTREAM,
  dg2,
  errorOf,
  face2005,
  face2011,
  JPEG,
  record2005,
  record2011,
} from './support.ts';

describe('DG2', () => {
  test('several templates and several faces in one record', () => {
    const record = record2005([face2005(JPEG, 0, 3), face2005(CODESTREAM)]);
    const { data, findings } = parseDg2(dg2(record, record2005([face2005(JPEG)])));
    expect(findings).toEqual([]);
    expect(data.images.map(({ format }) => format)).toEqual([
      'jpeg',
      'jpeg2000-codestream',
      'jpeg',
    ]);
    expect(data.images[0].bytes).toEqual(JPEG);
    expect(data.images[1].bytes).toEqual(CODESTREAM);
    expect(data.images[0]).toMatchObject({ widthPixels: 16, heightPixels: 32 });
  });

  test('records of version 030', () => {
    const { data, findings } = parseDg2(dg2(record2011([face2011(JPEG), face2011(CODESTREAM)])));
    expect(findings).toEqual([]);
    expect(data.images.map(({ record, bytes }) => [record, bytes.length])).toEqual([
      ['iso19794-5:2011', JPEG.length],
      ['iso19794-5:2011', CODESTREAM.length],
    ]);
    expect(data.images[0].bytes).toEqual(JPEG);
  });

  test('record lengths off by 8 (NZ) and 1 (GB), short and long', () => {
    for (const off of [-8, -1, 1, 8]) {
      const inRecord = parseDg2(dg2(record2005([face2005(JPEG)], off)));
      expect(inRecord.data.images[0].bytes).toEqual(JPEG);
      expect(codes(inRecord.findings)).toEqual(['length-mismatch']);
      const inFace = parseDg2(dg2(record2005([face2005(JPEG, off)])));
      expect(inFace.data.images[0].bytes).toEqual(JPEG);
      expect(codes(inFace.findings)).toEqual(['length-mismatch']);
    }
  });

  test('a face that claims 4 GiB gives the bytes present', () => {
    const { data, findings } = parseDg2(dg2(record2005([face2005(JPEG, 0xffff0000)])));
    expect(data.images[0].bytes).toEqual(JPEG);
    expect(codes(findings)).toEqual(['length-mismatch']);
  });

  test('counts that lie', () => {
    const record = record2005([face2005(JPEG)]);
    record[12] = 0xff;
    record[13] = 0xff;
    const { data, findings } = parseDg2(dg2(record));
    expect(data.images).toHaveLength(1);
    expect(codes(findings)).toEqual(['limit', 'missing']);
    const none = record2005([face2005(JPEG)]);
    none[13] = 0;
    expect(codes(parseDg2(dg2(none)).findings)).toEqual(['missing', 'missing']);
  });

  test('a broken template does not lose the other', () => {
    const { data, findings } = parseDg2(dg2(ascii('FAC\x00020\x00'), record2005([face2005(JPEG)])));
    expect(data.images).toHaveLength(1);
    expect(findings).toEqual([{
      file: 'DG2 template 1',
      code: 'malformed',
      message: 'DG2 template 1: unknown version of the face record',
    }]);
  });

  test('feature points beyond the record, and an empty image', () => {
    const face = face2005(JPEG);
    face[4] = 0xff;
    expect(codes(parseDg2(dg2(record2005([face]))).findings)).toEqual([
      'malformed',
      'missing',
    ]);
    const empty = parseDg2(dg2(record2005([face2005(new Uint8Array())])));
    expect(empty.data.images).toEqual([]);
  });

  test('an image of no known format is kept with a finding', () => {
    const { data, findings } = parseDg2(dg2(record2005([face2005(new Uint8Array(30))])));
    expect(data.images[0].format).toBe('unknown');
    expect(codes(findings)).toEqual(['unsupported']);
  });

  test('an image that begins late is found', () => {
    const { data, findings } = parseDg2(
      dg2(record2005([face2005(concat(new Uint8Array(5), JPEG))])),
    );
    expect(data.images[0].bytes).toEqual(JPEG);
    expect(codes(findings)).toEqual(['length-mismatch']);
  });

  test('no group template', () => {
    expect(errorOf(() => parseDg2(tlv(0x75, tlv(0x7f60)))).code).toBe('LDS_MALFORMED');
  });
});
