/** `face_photo` of chips that hold JPEG 2000: as it is, or as JPEG for clients that are configured so. */
import { afterAll, describe, expect, test } from 'bun:test';
import sharp from 'sharp';
import { JpegConverter } from '../../../server/core/image/jpeg-converter.ts';
import { createLogger } from '../../../server/mod.ts';
import { PHOTO } from '../../emrtd/chip/support.ts';
import { passportOf, relay } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { DEVICE_CLIENT, type DocvalServer, startDocval } from './support/server.ts';

const vectors = `${import.meta.dir}/../../biometrics/image/vectors`;
const converter = new JpegConverter(createLogger('error', () => {}));
const servers: DocvalServer[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  converter.close();
});

async function portraitOf(photo: Uint8Array, client: object) {
  const specimen = makeSpecimen({ ...PROFILES.BAC, photo });
  const clients = [{ ...DEVICE_CLIENT, ...client }];
  const server = startDocval({ trust: specimen.trust, clients, converter });
  servers.push(server);
  const passport = passportOf(await relay(server.v1, specimen.insert()))!;
  return {
    passport,
    photo: Uint8Array.fromBase64(passport.face_photo as string),
    errors: passport.errors as string[],
  };
}

describe('a portrait', () => {
  for (const file of ['rgb.jp2', 'rgb.j2k', 'grey.jp2']) {
    test(`in ${file} is given as the chip has it`, async () => {
      const bytes = await Bun.file(`${vectors}/${file}`).bytes();
      const { photo, errors } = await portraitOf(bytes, {});
      expect(photo).toEqual(bytes);
      expect(errors).toEqual([]);
    });

    test(`in ${file} becomes a JPEG of the same size where the client wants one`, async () => {
      const bytes = await Bun.file(`${vectors}/${file}`).bytes();
      const { photo, errors, passport } = await portraitOf(bytes, { portrait_as_jpeg: true });
      const { format, width, height } = await sharp(photo as Uint8Array<ArrayBuffer>).metadata();
      const original = await sharp(await converter.toJpeg(bytes, AbortSignal.timeout(5000)))
        .metadata();
      expect(format).toBe('jpeg');
      expect([width, height]).toEqual([original.width, original.height]);
      expect(errors).toEqual([]);
      // the hashes are those of the file on the chip
      expect(passport.passive_authentication).toBe(true);
    });
  }

  test('in JPEG stays the same to the byte', async () => {
    const { photo } = await portraitOf(PHOTO, { portrait_as_jpeg: true });
    expect(photo.toBase64()).toBe(PHOTO.toBase64());
  });

  test('that cannot be decoded is given as it is, and said to be so', async () => {
    const bytes = (await Bun.file(`${vectors}/rgb.jp2`).bytes()).slice(0, 300);
    const { photo, errors, passport } = await portraitOf(bytes, { portrait_as_jpeg: true });
    expect(photo).toEqual(bytes);
    expect(errors).toEqual([
      'PORTRAIT_NOT_CONVERTED: the portrait could not be decoded and is given as the chip has it',
    ]);
    expect(passport.passive_authentication).toBe(true);
  });
});
