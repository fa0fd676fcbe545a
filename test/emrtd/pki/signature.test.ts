import { describe, expect, test } from 'bun:test';
import { der, parseTlv } from '../../../emrtd/asn1/mod.ts';
import {
  curveByName,
  ecdsaSign,
  encodeEcdsaPlain,
  encodeSpki,
  generateKeyPair,
  generateRsaKey,
  type PssParameters,
  type PublicKey,
} from '../../../emrtd/crypto/mod.ts';
import { parseCertificate, parseSignedData } from '../../../emrtd/pki/mod.ts';
import { parseAlgorithm } from '../../../emrtd/pki/signature-algorithm.ts';
import { bytesProblem, signatureProblem } from '../../../emrtd/pki/signature.ts';
import { verifySignedContent } from '../../../emrtd/pki/signed-content.ts';
import {
  freshSigner,
  issuerAndSerial,
  mintCertificate,
  mintSignedData,
  name,
  pssSigner,
  rsaSigner,
  type Signer,
} from './support/mint.ts';

const subject = name('UT', 'x');
const message = new TextEncoder().encode('message');

function certified(key: Signer) {
  return parseCertificate(mintCertificate({ subject, issuer: subject, key, issuerKey: key }));
}

describe('keys and algorithms', () => {
  const rsa = generateRsaKey(2048);
  const spki = (pss?: { parameters?: PssParameters }): Uint8Array =>
    encodeSpki({ kind: 'rsa', key: { n: rsa.n, e: rsa.e }, ...(pss && { pss }) });
  const bound: PssParameters = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 };

  test('a key bound to RSASSA-PSS parameters signs with them or a longer salt only (RFC 4055 3.3)', () => {
    const key = spki({ parameters: bound });
    const problem = (signer: Signer) => {
      const one = certified(signer);
      return signatureProblem(one, one);
    };
    expect(problem(pssSigner(rsa, key, bound))).toBeUndefined();
    expect(problem(pssSigner(rsa, key, { ...bound, saltLength: 48 }))).toBeUndefined();
    expect(problem(pssSigner(rsa, key, { ...bound, saltLength: 20 }))).toContain('not for');
    expect(problem(pssSigner(rsa, key, { ...bound, hash: 'SHA-1' }))).toContain('not for');
    expect(problem(rsaSigner(rsa, key, 'SHA-256'))).toContain('not for');
    expect(problem(rsaSigner(rsa, spki({}), 'SHA-256'))).toContain('not for');
    expect(problem(pssSigner(rsa, spki({}), { ...bound, hash: 'SHA-384' }))).toBeUndefined();
    expect(problem(pssSigner(rsa, spki(), bound))).toBeUndefined();
  });

  test('plain ECDSA of BSI TR-03111', () => {
    const curve = curveByName('brainpoolP256r1');
    const pair = generateKeyPair(curve, (length) => new Uint8Array(length).fill(0x21));
    const key: PublicKey = { kind: 'ec', curve, point: pair.publicKey, parameters: 'named' };
    const signer = certified({ ...freshSigner('x'), spki: encodeSpki(key) });
    const signature = encodeEcdsaPlain(
      curve,
      ecdsaSign(curve, pair.privateKey, 'SHA-384', message),
    );
    const identifier = (last: number) =>
      parseAlgorithm(parseTlv(der.sequence(der.oid(`0.4.0.127.0.7.1.1.4.1.${last}`))));
    const problem = (last: number, bytes = signature) =>
      bytesProblem(message, { signatureAlgorithm: identifier(last), signature: bytes }, signer);
    expect(problem(4)).toBeUndefined();
    expect(problem(3)).toContain('does not verify');
    expect(problem(4, signature.subarray(1))).toContain('63 bytes');
    expect(problem(6)).toContain('signature algorithm');
  });

  test('a certificate that names two algorithms is refused', () => {
    const key = freshSigner('two');
    const one = certified(key);
    const other = der.sequence(der.oid('1.2.840.10045.4.3.3'));
    const parts = parseTlv(one.raw).children().map(({ raw }) => raw);
    const changed = parseCertificate(der.sequence(parts[0], other, parts[2]));
    expect(signatureProblem(changed, one)).toBe('two signature algorithms are named');
  });
});

describe('messages', () => {
  const key = freshSigner('message');
  const certificate = certified(key);
  const good = mintSignedData({
    contentType: '2.23.136.1.1.1',
    content: message,
    key,
    certificates: [certificate.raw],
    sid: issuerAndSerial(subject, 1),
  });
  const options = { name: 'x', contentType: '2.23.136.1.1.1' };

  /** The message with its SignedData fields changed. */
  function changed(change: (fields: Uint8Array[]) => Uint8Array[]): Uint8Array {
    const [type, wrapped] = parseTlv(good).children();
    const fields = wrapped.children()[0].children().map(({ raw }) => raw);
    return der.sequence(type.raw, der.context(0, der.sequence(...change(fields))));
  }

  test('two signers or none, a detached signature: never valid', () => {
    const signer =
      parseTlv(changed((f) => f)).children()[1].children()[0].children()[4].children()[0].raw;
    const cases = [
      changed((f) => [...f.slice(0, 4), der.set(signer, signer)]),
      changed((f) => [...f.slice(0, 4), der.set()]),
      changed((f) => [f[0], f[1], der.sequence(der.oid(options.contentType)), f[3], f[4]]),
    ];
    for (const bytes of cases) {
      const result = verifySignedContent(parseSignedData(bytes), options);
      expect(result.valid).toBe(false);
      expect(result.checks.some(({ status }) => status === 'failed')).toBe(true);
    }
    expect(verifySignedContent(parseSignedData(good), options).valid).toBe(true);
  });

  test('signed attributes of one message are not the content of another', () => {
    const info = parseTlv(good).children()[1].children()[0].children()[4].children()[0].children();
    const attributes = info[3].raw.slice();
    attributes[0] = 0x31;
    const without = der.set(
      der.sequence(...info.filter((_, index) => index !== 3).map(({ raw }) => raw)),
    );
    const bytes = changed((f) => [
      f[0],
      f[1],
      der.sequence(der.oid(options.contentType), der.context(0, der.octetString(attributes))),
      f[3],
      without,
    ]);
    const result = verifySignedContent(parseSignedData(bytes), options);
    expect(result.valid).toBe(false);
    expect(result.checks.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'content-type passed',
      'signed-attributes failed',
    ]);
  });

  test('too many signers or certificates are refused before anything is verified', () => {
    const many = Array.from({ length: 65 }, () => certificate.raw);
    expect(() => parseSignedData(changed((f) => [f[0], f[1], f[2], der.context(0, ...many), f[4]])))
      .toThrow('65 certificates');
  });

  test('a signed attribute that is repeated or has two values is refused', () => {
    const attribute = (type: string, ...values: Uint8Array[]) =>
      der.sequence(der.oid(type), der.set(...values));
    const digestType = '1.2.840.113549.1.9.4';
    const value = der.octetString(new Uint8Array(32));
    const signerInfo = (attributes: Uint8Array[]) =>
      der.sequence(
        der.integer(1),
        issuerAndSerial(subject, 1),
        der.sequence(der.oid('2.16.840.1.101.3.4.2.1')),
        der.context(0, ...attributes),
        key.algorithm,
        der.octetString(new Uint8Array(8)),
      );
    const one = attribute(digestType, value);
    for (const attributes of [[one, one], [attribute(digestType, value, der.nul())]]) {
      const bytes = changed((f) => [...f.slice(0, 4), der.set(signerInfo(attributes))]);
      expect(() => parseSignedData(bytes)).toThrow(digestType);
    }
  });
});
