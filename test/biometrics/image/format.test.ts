import { expect, test } from 'bun:test';
import { sniffFormat } from '../../../biometrics/image/mod.ts';

const cases: [string, string | undefined][] = [
  ['\xff\xd8\xff\xe0', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'webp'],
  ['RIFF\0\0\0\0WAVEfmt ', undefined],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'jp2'],
  ['\xff\x4f\xff\x51\0\x2f', 'j2k'],
  ['GIF87a', 'gif'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['BM\x9a\0', 'bmp'],
  ['\0\0\0\x18ftypheic', 'heif'],
  ['\0\0\0\x1cftypavif', 'avif'],
  ['\0\0\0\x1cftypisom', undefined],
  ['%PDF-1.4', 'pdf'],
  ['PK\x03\x04', 'zip'],
  ['FAC\x00010\0', 'face-record'],
  ['\x65\x82\x3a\xc3\xa0\x07', 'face-record'],
  ['\xa1\x82\x3a\xc7\x65\x82\x3a\xc3\xa0\x07', 'face-record'],
  ['\x65\x82\x3a\xc3\xa1\x07', undefined],
  ['\x65\x07\xa0\x05', undefined],
  ['\xa1\x80', undefined],
  ['FIR\x00020\0', 'finger-record'],
  ['IIR\x00020\0', 'iris-record'],
  ['1.001:180\x1d1.002:0400', 'nist-record'],
  ['<?xml version="1.0"?><itl:NISTBiometricInformationExchangePackage', 'nist-record'],
  ['<svg width="10">', 'svg'],
  ['\xef\xbb\xbf  <!DOCTYPE svg PUBLIC "x"><svg>', 'svg'],
  ['<!-- c --><s:svg xmlns:s="x">', 'svg'],
  ['<html><body>', 'xml'],
  ['{"a":1}', 'json'],
  ['IDENTY\x01\0', 'face-template'],
  ['', undefined],
  ['hello', undefined],
  ['\xff\xd8', undefined],
];

for (const [head, format] of cases) {
  test(`${JSON.stringify(head)} is ${format}`, () => {
    expect(sniffFormat(Uint8Array.from(head, (char) => char.charCodeAt(0)))).toBe(format as never);
  });
}
