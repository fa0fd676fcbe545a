/** A real module: keys are made and used, and each thing that is set wrong is said with its setting. */
import { constants, publicEncrypt } from 'node:crypto';
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Token, type TokenSettings } from '../../../../server/core/pkcs11/token.ts';
import { describeWithToken, PIN, SoftToken } from '../../support/soft-token.ts';

// an RSA key takes its time
setDefaultTimeout(30_000);

const SECRET = new TextEncoder().encode('a secret of 32 bytes, or nearly.');

describeWithToken('a token', () => {
  let soft: SoftToken, settings: TokenSettings;
  beforeAll(async () => {
    soft = await SoftToken.make();
    ({ settings } = soft);
    Token.use(settings, (token) => token.makeKey(), true);
  });
  afterAll(() => soft.remove());

  const refusal = (
    changes: Partial<TokenSettings>,
    work: (token: Token) => unknown = (token) => token.publicKey(),
  ) => {
    try {
      Token.use({ ...settings, ...changes }, work);
      return 'taken';
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return `${code} ${message}`;
    }
  };

  test('has the key that was made, and opens what is encrypted for it', () => {
    Token.use(settings, (token) => {
      expect(token.hasKey).toBe(true);
      const key = token.publicKey();
      expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
      const encrypted = publicEncrypt(
        { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
        SECRET,
      );
      for (let i = 0; i < 2; i++) expect(token.open(encrypted, 'sha1')).toEqual(SECRET);
    });
  });

  test('does not open what was changed, or is for nobody', () => {
    Token.use(settings, (token) => {
      const encrypted = publicEncrypt(
        { key: token.publicKey(), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
        SECRET,
      );
      encrypted[100] ^= 1;
      for (
        const wrong of [encrypted, encrypted.subarray(1), new Uint8Array(384), new Uint8Array(1)]
      ) {
        expect(() => token.open(wrong, 'sha1')).toThrow(/^keys\.pkcs11_key: kek: C_Decrypt: CKR_/);
      }
    });
  });

  test('does what SoftHSM does with SHA-256: says no', () => {
    Token.use(settings, (token) => {
      expect(() => token.open(new Uint8Array(384), 'sha256')).toThrow(
        'keys.pkcs11_key: kek: C_DecryptInit: CKR_ARGUMENTS_BAD',
      );
    });
  });

  test('with a wrong PIN is refused, and does not say which', () => {
    expect(refusal({ pin: 'not the PIN' })).toBe(
      'CONFIG_INVALID keys.pkcs11_pin: the token refuses it (CKR_PIN_INCORRECT)',
    );
    expect(refusal({})).toBe('taken');
  });

  test('that is not there, or there twice, is named with those that are', () => {
    expect(refusal({ token: 'other' })).toBe(
      'CONFIG_INVALID keys.pkcs11_token: other: there is no such token, only gate',
    );
    soft.addToken('twin');
    soft.addToken('twin');
    expect(refusal({ token: 'twin' })).toContain('keys.pkcs11_token: twin: there are two');
  });

  test('without the key says how to make one, and with two of a label takes neither', () => {
    expect(refusal({ key: 'missing' })).toBe(
      'CONFIG_INVALID keys.pkcs11_key: missing: gate has no public RSA key of this label: ' +
        '"gatehouse keys token create" makes one',
    );
    for (let i = 0; i < 2; i++) {
      Token.use({ ...settings, key: 'twice' }, (token) => token.makeKey(), true);
    }
    expect(refusal({ key: 'twice' })).toContain('gate has more than one public RSA key');
    expect(refusal({ key: 'twice' }, (token) => void token.open(new Uint8Array(384), 'sha1')))
      .toContain('gate has more than one private RSA key');
  });

  test('needs a module that is one', async () => {
    const noLibrary = join(soft.folder, 'text.so');
    await writeFile(noLibrary, 'no library');
    for (
      const [module, words] of [
        [join(soft.folder, 'missing.so'), 'does not exist'],
        [noLibrary, 'is no PKCS #11 module, or a library that it needs is missing'],
        ['/usr/lib/x86_64-linux-gnu/libc.so.6', 'is no PKCS #11 module'],
        [soft.folder, 'is no PKCS #11 module'],
      ]
    ) {
      expect(refusal({ module })).toContain(
        `CONFIG_INVALID keys.pkcs11_module: ${module} ${words}`,
      );
    }
  });

  test('makes no key without being opened for it', () => {
    expect(refusal({ key: 'new' }, (token) => token.makeKey())).toContain(
      'keys.pkcs11_key: new: C_GenerateKeyPair: CKR_',
    );
    expect(Token.use({ ...settings, key: 'new' }, (token) => token.hasKey)).toBe(false);
  });

  test('has the PIN in no message', () => {
    for (const changes of [{ token: 'other' }, { key: 'x' }, { module: '/missing' }]) {
      expect(refusal(changes)).not.toContain(PIN);
    }
  });
});
