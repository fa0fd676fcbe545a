import { describe, expect, test } from 'bun:test';
import { decodePicture } from '../../../biometrics/image/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { BLUE, corners, failure, GREEN, indexOfBytes, patched, RED, WHITE } from './samples.ts';

async function file(path: string): Promise<Uint8Array> {
  return new Uint8Array(await Bun.file(path).arrayBuffer());
}

function vector(name: string): Promise<Uint8Array> {
  return file(`${import.meta.dir}/vectors/${name}`);
}

const codestream = await vector('rgb.j2k');
const COD = indexOfBytes(codestream, [0xff, 0x52]);

async function refusal(bytes: Uint8Array): Promise<[string?, string?]> {
  const { code, message } = await failure(() => decodePicture(bytes));
  return [code, message];
}

describe('JPEG 2000', () => {
  const colour = ['rgb.jp2', 'rgb.j2k', 'rgb16.jp2', 'tiled.jp2', 'offset.jp2'];
  const chroma = ['ycc420.jp2', 'ycc422.jp2', 'ycc444.jp2'];
  for (const name of [...colour, ...chroma]) {
    test(`decodes ${name}`, async () => {
      const picture = await decodePicture(await vector(name));
      expect([picture.width, picture.height]).toEqual([32, 24]);
      expect(corners(picture)).toEqual([RED, GREEN, BLUE, WHITE]);
    });
  }

  for (
    const [name, scale] of [['grey', 8], ['grey12', 125 / 16.06], ['grey16', 2000 / 257]] as const
  ) {
    test(`decodes ${name}.jp2 to 8-bit grey in three channels`, async () => {
      const { data, width } = await decodePicture(await vector(`${name}.jp2`));
      for (const x of [0, 10, 31]) {
        const [r, g, b] = data.subarray(x * 3, x * 3 + 3);
        expect([g, b]).toEqual([r, r]);
        expect(Math.abs(r - x * scale)).toBeLessThanOrEqual(1);
      }
      expect(width).toBe(32);
    });
  }

  test('shrinks to maxSide', async () => {
    const picture = await decodePicture(await vector('rgb.jp2'), { maxSide: 16 });
    expect(picture).toMatchObject({ width: 16, height: 12, sourceWidth: 32, sourceHeight: 24 });
  });

  test('names what it does not decode', async () => {
    expect(await refusal(await vector('rgba.jp2'))).toEqual([
      'IMAGE_UNSUPPORTED',
      'JPEG 2000: 4 components, only 1 or 3',
    ]);
    expect((await refusal(await vector('la.jp2')))[0]).toBe('IMAGE_UNSUPPORTED');
    expect((await refusal(await vector('ycc440.jp2')))[1]).toBe(
      'JPEG 2000: sub-sampling 1x1 1x2 1x2',
    );
    // Ssiz of the first component, then of all: signed.
    expect((await refusal(patched(codestream, 42, 0x87, 1)))[0]).toBe('IMAGE_UNSUPPORTED');
    expect((await refusal(patched(codestream, 42, 11, 1)))[1]).toBe(
      'JPEG 2000: components of different precision',
    );
  });

  test('refuses claims that would cost gigabytes', async () => {
    const wide = patched(patched(codestream, 8, 100_000, 4), 12, 100_000, 4);
    expect((await refusal(wide))[0]).toBe('IMAGE_TOO_LARGE');
    const tiny = patched(patched(codestream, 24, 1, 4), 28, 1, 4);
    expect((await refusal(patched(patched(tiny, 8, 4000, 4), 12, 4000, 4)))[1]).toContain('tiles');
    expect((await refusal(patched(codestream, COD + 6, 0xffff, 2)))[1]).toContain('65535 layers');
  });

  test('refuses a picture of which tiles are missing', async () => {
    const tiled = await vector('tiled.jp2');
    const cut = tiled.slice(0, Buffer.from(tiled).lastIndexOf(Buffer.from([0xff, 0x90])));
    const box = Buffer.from(cut).indexOf('jp2c') - 4;
    expect((await refusal(patched(cut, box, 0, 4)))[1]).toBe(
      'JPEG 2000: truncated: 3 of 4 tiles are there',
    );
  });

  test('refuses truncated and damaged codestreams, and decodes good ones after', async () => {
    for (const length of [10, 60, 120, 300, codestream.length - 30]) {
      expect((await refusal(codestream.slice(0, length)))[0]).toBe('IMAGE_UNDECODABLE');
      const picture = await decodePicture(codestream);
      expect(corners(picture)).toEqual([RED, GREEN, BLUE, WHITE]);
    }
  });

  test('keeps requests that run at the same time apart', async () => {
    const files = await Promise.all(
      ['rgb.jp2', 'grey.jp2', 'rgb16.jp2', 'ycc420.jp2'].map(vector),
    );
    const jobs = Array.from({ length: 24 }, (_, index) => {
      const bytes = files[index % files.length];
      return index % 3 === 0
        ? failure(() => decodePicture(codestream.slice(0, 200)))
        : decodePicture(bytes).then((picture) => picture.data);
    });
    const results = await Promise.all(jobs);
    const alone = await Promise.all(files.map(async (bytes) => (await decodePicture(bytes)).data));
    for (const [index, result] of results.entries()) {
      if (index % 3 === 0) expect(result).toMatchObject({ code: 'IMAGE_UNDECODABLE' });
      else expect(result).toEqual(alone[index % files.length]);
    }
  });
});

describeWithData('JPEG 2000 of documents', [
  'emrtd/dg/silver-face.jp2',
  'emrtd/bsi-tr03105/DG2.bin',
], () => {
  const samples: [string, number, number, number][] = [
    ['emrtd/dg/silver-face.jp2', 0, 413, 531],
    ['emrtd/dg/dg5-sample.bin', 12, 413, 531],
    ['emrtd/dg/dg7-sample.bin', 12, 550, 142],
    ['emrtd/bsi-tr03105/DG2.bin', 84, 413, 531],
  ];
  for (const [path, offset, width, height] of samples) {
    test(`decodes the image in ${path}`, async () => {
      const picture = await decodePicture((await file(sharedPath(path))).subarray(offset));
      expect([picture.width, picture.height]).toEqual([width, height]);
      const mean = picture.data.reduce((sum, value) => sum + value, 0) / picture.data.length;
      expect(mean).toBeGreaterThan(20);
      expect(mean).toBeLessThan(254);
    });
  }
});
