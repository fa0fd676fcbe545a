/** Reading licences: what is accepted, and that everything else is refused in words. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, generateKeyPair } from 'jose';
import fc from 'fast-check';
import { ServerError } from '../../../../server/core/errors.ts';
import { LICENCE_TYPE } from '../../../../server/core/licence/format.ts';
import {
  openLicence,
  readLicConfig,
  verifyLicence,
} from '../../../../server/core/licence/read-licence.ts';
import { claimsOf, makeVendor, type Vendor } from '../../support/licences.ts';

let vendor: Vendor;
beforeAll(async () => {
  vendor = await makeVendor();
});
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-licence-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string, keys = vendor.keys) => verifyLicence(text, keys, 'file');
const base64 = (text: string): string => new TextEncoder().encode(text).toBase64();

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (thrown) => thrown);
  expect(error).toBeInstanceOf(ServerError);
  expect(error.code).toBe('CONFIG_INVALID');
  return error.message;
}

describe('a licence', () => {
  test('is read as it is and in Base64, with blanks around it', async () => {
    const claims = claimsOf({ domains: ['app.example.org'] });
    const token = await vendor.issue(claims);
    for (const text of [token, ` ${token}\n`, base64(token), `${base64(token)}\n`]) {
      expect(await read(text)).toEqual(claims);
    }
  });

  test('has its domains as they are compared', async () => {
    const token = await vendor.issue(
      claimsOf({ domains: ['App.Example.ORG', '*.bücher.example'] }),
    );
    expect((await read(token)).domains).toEqual(['app.example.org', '*.xn--bcher-kva.example']);
  });

  test('may name features of other versions', async () => {
    const features = ['face-match', 'iris-match'];
    expect((await read(await vendor.issue(claimsOf({ features })))).features).toEqual(features);
  });

  test('that was changed by any character is refused', async () => {
    const token = await vendor.issue(claimsOf());
    const bits = (text: string) =>
      text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')).join('.');
    await fc.assert(fc.asyncProperty(fc.nat(token.length - 1), fc.string(), async (at, put) => {
      const changed = token.slice(0, at) + put + token.slice(at + 1);
      fc.pre(bits(changed) !== bits(token));
      await refusal(read(changed));
    }));
  });

  test('of another key, another algorithm or another type is refused', async () => {
    const other = await makeVendor();
    expect(await refusal(read(await other.issue(claimsOf())))).toContain('unknown key');
    expect(await refusal(read(await vendor.issue(claimsOf(), { typ: 'other+jwt' })))).toContain(
      'no licence of Gatehouse',
    );
    // the header names our key, another one has signed
    const [kid] = vendor.keys.keys();
    expect(await refusal(read(await other.issue(claimsOf(), { kid })))).toContain('does not hold');
    const { privateKey } = await generateKeyPair('ES256');
    const es256 = await new CompactSign(new TextEncoder().encode(JSON.stringify(claimsOf())))
      .setProtectedHeader({ alg: 'ES256', typ: LICENCE_TYPE, kid }).sign(privateKey);
    expect(await refusal(read(es256))).toContain('does not hold');
    const none = `${
      Buffer.from(JSON.stringify({ alg: 'none', typ: LICENCE_TYPE, kid })).toString('base64url')
    }.${Buffer.from(JSON.stringify(claimsOf())).toString('base64url')}.AA`;
    expect(await refusal(read(none))).toContain('does not hold');
  });

  test('without any known vendor says what to set', async () => {
    expect(await refusal(read(await vendor.issue(claimsOf()), new Map()))).toContain(
      'licence.keys',
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['jti', { jti: 'a b' }],
    ['jti', { jti: 'evaluation' }],
    ['sub', { sub: 'two\nlines' }],
    ['exp', { exp: 1 }],
    ['grace_days', { grace_days: -1 }],
    ['domains.0', { domains: ['https://example.org'] }],
    ['features', { features: [] }],
    ['volume.transactions', { volume: { transactions: 0, per: 'year', overage: 'allow' } }],
    ['volume.per', { volume: { transactions: 1, per: 'week', overage: 'allow' } }],
    ['max_faces', { max_faces: 3 }],
  ])('is refused by the name of the claim: %s', async (claim, changes) => {
    const message = await refusal(read(await vendor.issue({ ...claimsOf(), ...changes })));
    expect(message).toContain(claim);
  });

  test('signed over any JSON is read or refused, never a crash', async () => {
    const part = fc.record({}, { requiredKeys: [] });
    const nearly = fc.tuple(fc.constantFrom(...Object.keys(claimsOf())), fc.jsonValue()).map(
      ([name, value]) => ({ ...claimsOf(), [name]: value }),
    );
    await fc.assert(fc.asyncProperty(fc.oneof(part, nearly, fc.jsonValue()), async (claims) => {
      await read(await vendor.issue(claims)).catch((error) => {
        expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
      });
    }));
  });

  test('of any text is refused, never a crash', async () => {
    const text = fc.string({ unit: 'binary' });
    const tokens = fc.tuple(fc.jsonValue(), fc.jsonValue(), fc.string()).map((
      [header, body, rest],
    ) =>
      [JSON.stringify(header), JSON.stringify(body), rest]
        .map((part) => Buffer.from(part).toString('base64url')).join('.')
    );
    await fc.assert(fc.asyncProperty(fc.oneof(text, text.map(base64), tokens), async (any) => {
      await refusal(read(any));
    }));
  });
});

describe('lic_config.json', () => {
  const config = (url: string, license: string) => JSON.stringify({ face: { url, license } });
  const open = (text: string) => readLicConfig(text, vendor.keys, 'lic_config.json');

  test('has one of the licensed domains, written in any way', async () => {
    const token = await vendor.issue(claimsOf({ domains: ['app.example.org', '*.example.net'] }));
    for (
      const url of [
        'app.example.org',
        'https://APP.example.org:8443/',
        'x.example.net',
        'x.example.net:80',
      ]
    ) expect(await open(config(url, base64(token)))).toMatchObject({ jti: 'L-1' });
    expect(await refusal(open(config('example.com', token)))).toBe(
      'lic_config.json: face.url: example.com is not licensed; the licence is for app.example.org, *.example.net',
    );
    expect(await refusal(open(config('', token)))).toContain('face.url: must be a domain');
  });

  test('with a licence that is for no domain in particular may name any', async () => {
    const token = await vendor.issue(claimsOf());
    expect(await open(config('anything.example', token))).toMatchObject({ domains: [] });
  });

  test('may have parts of other products', async () => {
    const face = { url: 'a.example', license: await vendor.issue(claimsOf()), more: 1 };
    expect(await open(JSON.stringify({ face, finger: {} }))).toMatchObject({ jti: 'L-1' });
  });

  test('of another make is refused without a word of its contents', async () => {
    const message = await refusal(open(config('a.example', 'QUVTAsecretU5Wc=')));
    expect(message).toBe('lic_config.json: face.license: this is no licence of Gatehouse');
  });

  test('of any text or any JSON is refused, never a crash', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      await refusal(open(text));
    }));
  });

  test('that is missing is named', async () => {
    const path = join(folder, 'nowhere.json');
    expect(await refusal(openLicence({ licenceFile: path, licenceKeys: [] }))).toBe(
      `licence.file ${path}: does not exist`,
    );
    expect(await openLicence({ licenceFile: undefined, licenceKeys: [] })).toBeUndefined();
  });
});
