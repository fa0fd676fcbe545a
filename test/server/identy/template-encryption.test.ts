/** Encrypted templates: read by the documented Java code where there is a JDK, and by OpenSSL's primitives. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  constants,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptTemplate, templateKeyOf } from '../../../server/identy/template-encryption.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const template = new TextEncoder().encode('a template of nobody');

function unwrap(wrapped: string, key: KeyObject): Uint8Array {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return privateDecrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(wrapped, 'base64'));
}

describe('an encrypted template', () => {
  test('decrypts with the private key', () => {
    const { data, key1, key2 } = encryptTemplate(template, publicKey);
    const [key, iv] = [key1, key2].map((wrapped) => unwrap(wrapped, privateKey));
    expect([key.length, iv.length]).toEqual([32, 12]);
    const bytes = Buffer.from(data, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAuthTag(bytes.subarray(-16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
    expect(new Uint8Array(plain)).toEqual(template);
  });

  test('has a key and a vector of its own', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { data, key1, key2 } = encryptTemplate(template, publicKey);
      seen.add(data).add(key1).add(key2);
      seen.add(Buffer.from(unwrap(key1, privateKey)).toString('hex'));
      seen.add(Buffer.from(unwrap(key2, privateKey)).toString('hex'));
    }
    expect(seen.size).toBe(100);
  });
});

test('encryption that is on without a usable key stops the server: templates never leave in the clear', () => {
  for (const templateEncryptionKey of [undefined, '', 'secret']) {
    expect(() => templateKeyOf({ templateEncryption: true, templateEncryptionKey })).toThrow(
      /^identy.template_encryption_key: no RSA public key$/,
    );
    expect(templateKeyOf({ templateEncryption: false, templateEncryptionKey })).toBeUndefined();
  }
});

/** The documented code, given the key, data, key1 and key2. */
const JAVA = `
import java.nio.file.*; import java.security.*; import java.security.spec.*; import java.util.*;
import javax.crypto.*; import javax.crypto.spec.*;
public class Decrypt {
  public static void main(String[] a) throws Exception {
    byte[] pkcs8 = Files.readAllBytes(Path.of(a[0]));
    PrivateKey rsa = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    Cipher oaep = Cipher.getInstance("RSA/ECB/OAEPWithSHA1AndMGF1Padding");
    oaep.init(Cipher.DECRYPT_MODE, rsa);
    byte[] key = oaep.doFinal(Base64.getDecoder().decode(a[2]));
    byte[] iv = oaep.doFinal(Base64.getDecoder().decode(a[3]));
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, 0, key.length, "AES"), new GCMParameterSpec(128, iv));
    System.out.print(new String(gcm.doFinal(Base64.getDecoder().decode(a[1])), "UTF-8"));
  }
}`;

describe.skipIf(Bun.which('javac') === null)('with a JDK', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-java-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the documented code decrypts it', async () => {
    const source = join(folder, 'Decrypt.java'), key = join(folder, 'key.der');
    await Bun.write(source, JAVA);
    await Bun.write(key, privateKey.export({ type: 'pkcs8', format: 'der' }));
    const { data, key1, key2 } = encryptTemplate(template, publicKey);
    const java = Bun.spawn(['java', source, key, data, key1, key2], { stderr: 'inherit' });
    expect(await new Response(java.stdout).text()).toBe('a template of nobody');
  }, 60_000);
});
