/** Rows of "Encrypting Generated Templates". */
import { expect } from 'bun:test';
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { base64, picture } from '../../../support/fake-faces.ts';
import { asked, type Row, valueAt } from './rows.ts';
import type { Site } from './site.ts';

const TAG_BYTES = 16;
const SAYS = 'face 0 1 0.95';
const NAMES = ['JPEG', 'IDENTY_TYPE_1'];

interface Encrypted {
  readonly data: string;
  readonly key1: string;
  readonly key2: string;
}

/** As the documented Java code does it: OAEP with SHA-1 and MGF1-SHA-1, AES-GCM with a tag of 128 bits. */
function decrypt({ templateKey }: Site, { data, key1, key2 }: Encrypted) {
  const [key, iv] = [key1, key2].map((wrapped) =>
    privateDecrypt({
      key: templateKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha1',
    }, Buffer.from(wrapped, 'base64'))
  );
  const bytes = Buffer.from(data, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = Buffer.concat([
    decipher.update(bytes.subarray(0, -TAG_BYTES)),
    decipher.final(),
  ]);
  return { plain: new Uint8Array(plain), key, iv };
}

export function encryptedRows(path: string): Row[] {
  const icao = { checks: true, background_removal: false, background_color: null };
  const answer = asked(async (site) => {
    const file = await site.seal({ shows: SAYS, changes: { templates: NAMES, icao } });
    return site.postForm(path, { file }, {}, site.encrypting);
  });
  const at = async (site: Site, path: string) => valueAt(await answer(site), path) as Encrypted;
  const jpeg = 'data.encrypted_templates.JPEG';
  return [
    {
      row: 'TEMPLATE_ENCRYPTION_ENABLED=true',
      shows: 'data.encrypted_templates in place of data.templates',
      check: async (site) => {
        const data = Object.keys(valueAt(await answer(site), 'data') as object);
        expect(data).toContain('encrypted_templates');
        expect(data).not.toContain('templates');
        expect(Object.keys(await at(site, 'data.encrypted_templates'))).toEqual(NAMES);
      },
    },
    {
      row: `${jpeg}.data`,
      shows: 'decrypts to the template with the private key of TEMPLATE_ENCRYPTION_KEY',
      check: async (site) => {
        expect(decrypt(site, await at(site, jpeg)).plain.toBase64()).toBe(base64(picture(SAYS)));
      },
    },
    {
      row: `${jpeg}.key1`,
      shows: 'the AES key of 256 bits, wrapped for the RSA key of 2048 bits',
      check: async (site) => {
        const encrypted = await at(site, jpeg);
        expect(decrypt(site, encrypted).key.length).toBe(32);
        expect(Uint8Array.fromBase64(encrypted.key1).length).toBe(256);
      },
    },
    {
      row: `${jpeg}.key2`,
      shows: 'the initialisation vector, wrapped for the same key',
      check: async (site) => {
        const encrypted = await at(site, jpeg);
        expect(decrypt(site, encrypted).iv.length).toBe(12);
        expect(Uint8Array.fromBase64(encrypted.key2).length).toBe(256);
      },
    },
    {
      row: 'data.encrypted_templates',
      shows: 'each template has a key and a vector of its own',
      check: async (site) => {
        const all = await at(site, 'data.encrypted_templates') as unknown as Record<
          string,
          Encrypted
        >;
        const [a, b] = Object.values(all).map((encrypted) => decrypt(site, encrypted));
        expect(a.key).not.toEqual(b.key);
        expect(a.iv).not.toEqual(b.iv);
      },
    },
    {
      row: 'icao_data.encrypted_templates.JPEG',
      shows: 'decrypts to the cropped picture',
      remark: 'the documentation shows it for data alone; no template leaves in the clear',
      check: async (site) => {
        expect(valueAt(await answer(site), 'icao_data.templates')).toBeUndefined();
        const encrypted = await at(site, 'icao_data.encrypted_templates.JPEG');
        expect(decrypt(site, encrypted).plain.toBase64()).toBe(base64(picture('portrait')));
      },
    },
  ];
}
