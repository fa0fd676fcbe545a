import { describe, expect, test } from 'bun:test';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { failure, indexOfBytes, join, patched, quarters } from './samples.ts';

const jpeg = new Uint8Array(await quarters(400, 300).jpeg().toBuffer());
const png = new Uint8Array(await quarters(400, 300).png().toBuffer());
const webp = new Uint8Array(await quarters(400, 300).webp().toBuffer());
const SOF = indexOfBytes(jpeg, [0xff, 0xc0]);
const SOS = indexOfBytes(jpeg, [0xff, 0xda]);

async function refusal(bytes: Uint8Array, options = {}): Promise<[string?, string?]> {
  const { code, message } = await failure(() => decodePicture(bytes, options));
  return [code, message];
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  const typed = join(Buffer.from(type, 'latin1'), body);
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, Bun.hash.crc32(typed));
  return join(length, typed, checksum);
}

/** PNG with the chunks put before its first IDAT; `size` overwrites the sides in IHDR. */
function pngWith(chunks: Uint8Array[], size?: [number, number]): Uint8Array {
  const ihdr = png.slice(16, 29);
  if (size !== undefined) {
    new DataView(ihdr.buffer).setUint32(0, size[0]);
    new DataView(ihdr.buffer).setUint32(4, size[1]);
  }
  return join(png.slice(0, 8), chunk('IHDR', ihdr), ...chunks, png.slice(33));
}

describe('refused before decoding', () => {
  test('nothing', async () => {
    expect(await refusal(new Uint8Array())).toEqual(['IMAGE_EMPTY', 'image: no bytes']);
  });

  test('more bytes than allowed', async () => {
    expect(await refusal(jpeg, { maxBytes: 100 })).toEqual([
      'IMAGE_TOO_LARGE',
      `image: ${jpeg.length} bytes exceed the limit of 100`,
    ]);
  });

  test('a PNG of 256 megapixels', async () => {
    expect(await refusal(pngWith([], [16_000, 16_000]))).toEqual([
      'IMAGE_TOO_LARGE',
      'PNG: 16000x16000 pixels exceed the limit of 25000000 pixels, 10000 a side',
    ]);
  });

  test('a PNG whose sides overflow 32-bit products', async () => {
    expect((await refusal(pngWith([], [0x7fffffff, 0x7fffffff])))[0]).toBe('IMAGE_TOO_LARGE');
    expect((await refusal(pngWith([], [0xffffffff, 1])))[0]).toBe('IMAGE_UNDECODABLE');
  });

  test('a long thin picture within the pixel limit', async () => {
    expect((await refusal(pngWith([], [20_000, 20])))[0]).toBe('IMAGE_TOO_LARGE');
  });

  test('a picture too small for a face', async () => {
    expect(await refusal(await quarters(8, 8).png().toBuffer())).toEqual([
      'IMAGE_UNSUPPORTED',
      'PNG: 8x8 pixels are fewer than 16 a side',
    ]);
  });

  test('a JPEG whose header claims 65,535 a side', async () => {
    const lie = patched(patched(jpeg, SOF + 5, 0xffff, 2), SOF + 7, 0xffff, 2);
    expect((await refusal(lie))[0]).toBe('IMAGE_TOO_LARGE');
  });

  test('a JPEG of height 0', async () => {
    expect(await refusal(patched(jpeg, SOF + 5, 0, 2))).toEqual([
      'IMAGE_UNDECODABLE',
      'JPEG: header says 400x0 pixels',
    ]);
  });

  test('a JPEG with a second frame header', async () => {
    const sof = jpeg.slice(SOF, SOF + 19);
    const twice = join(jpeg.slice(0, SOS), patched(sof, 5, 9000, 2), jpeg.slice(SOS));
    expect(await refusal(twice)).toEqual(['IMAGE_UNDECODABLE', 'JPEG: second frame header']);
  });

  test('a lossless JPEG', async () => {
    expect((await refusal(patched(jpeg, SOF + 1, 0xc3, 1)))[0]).toBe('IMAGE_UNSUPPORTED');
  });

  test('a JPEG of hundreds of scans', async () => {
    const scan = jpeg.slice(SOS, -2);
    const many = join(jpeg.slice(0, SOS), ...Array(300).fill(scan), [0xff, 0xd9]);
    expect(await refusal(many)).toEqual(['IMAGE_TOO_LARGE', 'JPEG: more than 64 scans']);
  });

  test('animated PNG and WebP', async () => {
    const acTL = chunk('acTL', new Uint8Array([0, 0, 0, 9, 0, 0, 0, 0]));
    expect(await refusal(pngWith([acTL]))).toEqual([
      'IMAGE_TOO_LARGE',
      'PNG: 9 frames, only one is allowed',
    ]);
    const frames = await Promise.all([
      quarters(32, 32).png().toBuffer(),
      quarters(32, 32).negate().png().toBuffer(),
    ]);
    const animation = await sharp(frames, { join: { animated: true } }).webp({ loop: 1 })
      .toBuffer();
    expect((await refusal(animation))[0]).toBe('IMAGE_TOO_LARGE');
  });

  test('a PNG whose metadata is megabytes', async () => {
    const text = chunk('zTXt', new Uint8Array(4_000_001));
    expect(await refusal(pngWith([text]))).toEqual([
      'IMAGE_TOO_LARGE',
      'PNG: zTXt chunk of 4000001 bytes',
    ]);
  });

  test('formats that are known and not decoded, by name', async () => {
    const files: Record<string, string> = {
      gif: 'GIF89a....',
      svg: '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      pdf: '%PDF-1.7',
      json: '{"template":"x"}',
    };
    for (const [name, content] of Object.entries(files)) {
      expect(await refusal(new TextEncoder().encode(content))).toEqual([
        'IMAGE_UNSUPPORTED',
        `image: ${name}`,
      ]);
    }
    expect((await refusal(new Uint8Array(300)))[1]).toBe('image: unknown format');
  });
});

describe('broken content', () => {
  test('truncated files of every format', async () => {
    for (const whole of [jpeg, png, webp]) {
      for (const share of [0.1, 0.3, 0.7, 0.99]) {
        const [code] = await refusal(whole.slice(0, Math.floor(whole.length * share)));
        expect(code).toBe('IMAGE_UNDECODABLE');
      }
    }
  });

  test('a JPEG cut short and closed with an end marker', async () => {
    const half = Math.floor(jpeg.length * 0.8);
    const closed = join(jpeg.slice(0, half), [0xff, 0xd9]);
    expect((await refusal(closed))[0]).toBe('IMAGE_UNDECODABLE');
  });

  test('a JPEG whose header claims more rows than it has', async () => {
    expect((await refusal(patched(jpeg, SOF + 5, 3000, 2)))[0]).toBe('IMAGE_UNDECODABLE');
  });

  test('damaged pixels in a PNG', async () => {
    const data = indexOfBytes(png, [...new TextEncoder().encode('IDAT')]);
    expect((await refusal(patched(png, data + 20, 0xffffffff, 4)))[0]).toBe('IMAGE_UNDECODABLE');
  });

  test('a PNG that inflates to more than its size says decodes to its size', async () => {
    const bomb = deflateSync(new Uint8Array(50_000_000));
    const ihdr = png.slice(16, 29);
    const bytes = join(
      png.slice(0, 8),
      chunk('IHDR', ihdr),
      chunk('IDAT', bomb),
      chunk('IEND', new Uint8Array()),
    );
    const picture = await decodePicture(bytes);
    expect(picture.data.length).toBe(400 * 300 * 3);
  });
});

describe('what real cameras do is accepted', () => {
  test('stray bytes between JPEG segments', async () => {
    const stray = join(jpeg.slice(0, SOF), [0, 1, 2, 3], jpeg.slice(SOF));
    expect((await decodePicture(stray)).width).toBe(400);
  });

  test('odd scan parameters in a sequential JPEG', async () => {
    const odd = patched(jpeg, SOS + 12, 0, 1);
    expect((await decodePicture(odd)).width).toBe(400);
  });

  test('bytes after the end of JPEG and PNG', async () => {
    for (const bytes of [jpeg, png]) {
      expect((await decodePicture(join(bytes, new Uint8Array(500).fill(7)))).width).toBe(400);
    }
  });
});
