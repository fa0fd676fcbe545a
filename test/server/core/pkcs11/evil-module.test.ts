/** Modules that break the standard, and tokens in states that software ones do not get into. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryTokenKey } from '../../../../server/core/keys/token-secret.ts';
import { Token } from '../../../../server/core/pkcs11/token.ts';
import { compileModule, describeWithCompiler } from '../../support/soft-token.ts';

/** A token "gate" that lets in, and has one key of each kind; flags as they are given. */
const good = (flags = 0x408) => ({
  C_Initialize: '(void *a) { return 0; }',
  C_Finalize: '(void *a) { return 0; }',
  C_GetSlotList: '(unsigned char p, U *s, U *n) { if (s) s[0] = 7; *n = 1; return 0; }',
  C_GetTokenInfo:
    `(U s, char *i) { memset(i, ' ', 96); memcpy(i, "gate", 4); *(U *) (i + 96) = ${flags}; return 0; }`,
  C_OpenSession: '(U s, U f, void *a, void *n, U *h) { *h = 3; return 0; }',
  C_Login: '(U s, U u, void *p, U n) { return 0; }',
  C_FindObjectsInit: '(U s, void *t, U n) { return 0; }',
  C_FindObjects: '(U s, U *o, U m, U *n) { o[0] = 5; *n = 1; return 0; }',
  C_FindObjectsFinal: '(U s) { return 0; }',
  C_DecryptInit: '(U s, void *m, U k) { return 0; }',
  C_Decrypt: '(U s, void *e, U n, char *d, U *l) { memcpy(d, "ok", 2); *l = 2; return 0; }',
});

describeWithCompiler('a module', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-modules-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let made = 0;
  async function outcome(
    functions: Record<string, string>,
    work: (token: Token) => unknown = (token) =>
      Buffer.from(token.open(new Uint8Array(256), 'sha256')).toString(),
  ): Promise<unknown> {
    const module = await compileModule(folder, `m${made++}`, functions);
    try {
      return Token.use({ module, token: 'gate', key: 'kek', pin: '1234' }, work);
    } catch (error) {
      return (error as Error).message;
    }
  }

  test('that keeps to it is used', async () => {
    expect(await outcome(good())).toBe('ok');
  });

  test.each([
    [0x40408, 'the token has locked it (CKR_PIN_LOCKED): its security officer can unlock it'],
    [0x20408, 'one try is left before the token locks it'],
    [0x400, 'the token has none yet'],
  ])('of a token with flags %d is not logged in to', async (flags, words) => {
    const C_Login = '(U s, U u, void *p, U n) { __builtin_trap(); }';
    expect(await outcome({ ...good(flags), C_Login })).toContain(`keys.pkcs11_pin: ${words}`);
  });

  test.each([
    [0xa4, 'the token has locked it (CKR_PIN_LOCKED): its security officer can unlock it'],
    [0xa2, 'it is too short or too long for the token (CKR_PIN_LEN_RANGE)'],
    [0xa3, 'it has expired (CKR_PIN_EXPIRED): set a new one with the tool of the token'],
    [0x32, 'C_Login: CKR_DEVICE_REMOVED'],
    [0x80000001, 'C_Login: CKR 0x80000001'],
  ])('whose login answers %d says what that is', async (code, words) => {
    const C_Login = `(U s, U u, void *p, U n) { return ${code}UL; }`;
    expect(await outcome({ ...good(), C_Login })).toBe(`keys.pkcs11_pin: ${words}`);
  });

  const wrong: readonly (readonly [Record<string, string>, string])[] = [
    [
      { C_Initialize: '(void *a) { return 6; }' },
      'keys.pkcs11_module: MODULE: C_Initialize: CKR_FUNCTION_FAILED',
    ],
    [
      { C_GetSlotList: '(unsigned char p, U *s, U *n) { *n = 0; return 0; }' },
      'there is no such token, nor any other',
    ],
    [
      { C_GetSlotList: '(unsigned char p, U *s, U *n) { return 0x30; }' },
      'keys.pkcs11_token: gate: C_GetSlotList: CKR_DEVICE_ERROR',
    ],
    [
      { C_GetTokenInfo: '(U s, char *i) { return 0xe0; }' },
      'there is no such token, nor any other',
    ],
    [
      { C_OpenSession: '(U s, U f, void *a, void *n, U *h) { return 0xe1; }' },
      'keys.pkcs11_token: gate: C_OpenSession: CKR_TOKEN_NOT_RECOGNIZED',
    ],
    [
      { C_FindObjects: '(U s, U *o, U m, U *n) { return 0x101; }' },
      'keys.pkcs11_key: kek: C_FindObjects: CKR_USER_NOT_LOGGED_IN',
    ],
    [
      { C_FindObjects: '(U s, U *o, U m, U *n) { *n = 1UL << 40; return 0; }' },
      'gate has more than one private RSA key',
    ],
    [
      { C_DecryptInit: '(U s, void *m, U k) { return 0x68; }' },
      'keys.pkcs11_key: kek: C_DecryptInit: CKR_KEY_FUNCTION_NOT_PERMITTED',
    ],
    [
      { C_Decrypt: '(U s, void *e, U n, char *d, U *l) { *l = ~0UL; return 0; }' },
      'keys.pkcs11_key: kek: a length that is none',
    ],
  ];
  test.each(wrong)('with %j is told from a good one', async (functions, words) => {
    const message = String(await outcome({ ...good(), ...functions }));
    expect(message).toContain(words.replace('MODULE', join(folder, `m${made - 1}.so`)));
  });

  test('whose token calls itself something unprintable is shown without it', async () => {
    const C_GetTokenInfo =
      `(U s, char *i) { memset(i, ' ', 96); memcpy(i, "\\x1b[2Jx", 5); *(U *) (i + 96) = 0x408; return 0; }`;
    expect(await outcome({ ...good(), C_GetTokenInfo })).toBe(
      'keys.pkcs11_token: gate: there is no such token, only ?[2Jx',
    );
  });

  test('without a function says which', async () => {
    const { C_Decrypt: _, ...rest } = good();
    expect(await outcome(rest)).toContain('C_Decrypt: CKR_FUNCTION_NOT_SUPPORTED');
  });

  test('that claims more slots than there can be is read no further', async () => {
    const C_GetSlotList =
      '(unsigned char p, U *s, U *n) { if (!s) { *n = 1UL << 40; return 0; } s[0] = 7; *n = 1UL << 40; return 0; }';
    expect(await outcome({ ...good(), C_GetSlotList })).toContain(
      'keys.pkcs11_token: gate: there are two',
    );
  });

  test.each([
    ['~0UL', 'a length that is none'],
    ['5000', 'a length that is none'],
    ['1', 'RSA of 2 bits, at least 2048 are needed'],
    ['0', 'RSA of 0 bits, at least 2048 are needed'],
  ])('with attributes of %s bytes has no key', async (length, words) => {
    const C_GetAttributeValue =
      `(U s, U o, U *t, U n) { for (U i = 0; i < n; i++) { memset((void *) t[3 * i + 1], 3, 1); t[3 * i + 2] = ${length}; } return 0; }`;
    expect(
      await outcome({ ...good(), C_GetAttributeValue }, (token) => token.publicKey()),
    ).toContain(`keys.pkcs11_key: kek: ${words}`);
  });

  test('whose halves do not belong together is told when the key is tried', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const n = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
    const C_GetAttributeValue =
      `(U s, U o, U *t, U n) { unsigned char m[] = {${n.join()}}, e[] = {1, 0, 1}; memcpy((void *) t[1], m, 256); t[2] = 256; memcpy((void *) t[4], e, 3); t[5] = 3; return 0; }`;
    const module = await compileModule(folder, 'halves', { ...good(), C_GetAttributeValue });
    const settings = { module, token: 'gate', key: 'kek', pin: '1234' };
    expect(() => tryTokenKey(settings)).toThrow('kek: its halves do not belong together');
  });

  test('is let go of whatever happens', async () => {
    const module = await compileModule(folder, 'once', {
      ...good(),
      C_Initialize: '(void *a) { extern int open_; return open_++ ? 0x191 : 0; } int open_;',
      C_Finalize: '(void *a) { extern int open_; open_ = 0; return 0; }',
      C_Login: '(U s, U u, void *p, U n) { return 0xa0; }',
    });
    const settings = { module, token: 'gate', key: 'kek', pin: '1234' };
    for (let i = 0; i < 3; i++) {
      expect(() => Token.use(settings, () => {})).toThrow('CKR_PIN_INCORRECT');
    }
  });
});
