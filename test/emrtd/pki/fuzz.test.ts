/**
 * Mutated real files through every parser of the PKI. FUZZ_RUNS sets the number of runs of
 * each property; 1,000 otherwise.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'bun:test';
import { passiveAuthentication } from '../../../emrtd/auth/passive.ts';
import {
  CertificateIndex,
  deviationsOf,
  importInto,
  parseCertificate,
  parseCrl,
  parseDeviationListContent,
  parseLdif,
  parseMasterListContent,
  parsePem,
  parseSignedData,
  parseTrustStore,
  serialiseTrustStore,
  TrustStore,
  validatePath,
} from '../../../emrtd/pki/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { Executions, testExecutions } from '../support/executions.ts';
import {
  freshSigner,
  issuerAndSerial,
  mintCertificate,
  mintSignedData,
  name,
} from './support/mint.ts';
import { certificate, file, storeOf } from './support/shared-files.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 1000);
const AT = new Date('2024-06-01');
/** The longest seed, a CRL, has 60 KB; trust stores are written as text. */
const MAX_ARRAY = 1 << 20;

/** One change of a file: what to do, where (as a share of the length), and with which byte. */
const change = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('set', 'flip') },
    { weight: 1, arbitrary: fc.constantFrom('remove', 'insert', 'cut', 'repeat', 'length') },
  ),
  where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: fc.oneof(fc.constantFrom(0, 0x30, 0x31, 0x80, 0x84, 0xff), fc.nat(255)),
  count: fc.integer({ min: 1, max: 40 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function mutate(seed: Uint8Array, changes: readonly Change[]): Uint8Array {
  let bytes = Array.from(seed);
  for (const { kind, where, byte, count } of changes) {
    const at = Math.floor(where * bytes.length);
    switch (kind) {
      case 'set':
        bytes[at] = byte;
        break;
      case 'flip':
        bytes[at] ^= 1 << (byte & 7);
        break;
      case 'remove':
        bytes.splice(at, count);
        break;
      case 'insert':
        bytes.splice(at, 0, byte);
        break;
      case 'cut':
        bytes = bytes.slice(0, at);
        break;
      case 'repeat':
        bytes.splice(at, 0, ...bytes.slice(at, at + count));
        break;
      case 'length':
        bytes.splice(at, 1, 0x84, 0xff, 0xff, 0xff, byte);
        break;
    }
  }
  return Uint8Array.from(bytes);
}

const parts = new Map<string, Executions>();

/** Runs a parser over mutated seeds: success or a typed error, nothing else. */
function fuzz(what: string, seeds: () => Uint8Array[], parse: (bytes: Uint8Array) => void): void {
  test(what, () => {
    const files = seeds();
    // Whole files first: tables of curves are made on their first use and belong to no single run.
    for (const bytes of files) new Executions().run(() => parse(bytes));
    const executions = new Executions();
    parts.set(what, executions);
    const changes = fc.array(change, { maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(files.length - 1), changes, (index, list) => {
        const bytes = mutate(files[index], list);
        executions.run(() => parse(bytes));
      }),
      { numRuns: RUNS },
    );
  }, 4 * 3600_000);
}

function sods(): Uint8Array[] {
  return ['AT', 'AU', 'DE', 'FI', 'FR', 'GB', 'PH', 'SG', 'US'].map((s) => file(`sod/${s}.bin`));
}

function certificates(): Uint8Array[] {
  const text = readFileSync(sharedPath('emrtd/masterlist/csca-collection.pem'), 'utf8');
  return parsePem(text).filter((_, index) => index % 12 === 0).map(({ bytes }) => bytes);
}

function crls(): Uint8Array[] {
  const folder = sharedPath('pkits/crls');
  return readdirSync(folder).map((name) => new Uint8Array(readFileSync(`${folder}/${name}`)));
}

/** The content of a published master list, shortened to some certificates. */
function listContents(): Uint8Array[] {
  const { content } = parseSignedData(file('masterlist/NL-2021-12-07.ml'));
  const { certificates } = parseMasterListContent(content ?? new Uint8Array());
  return [0, 100, 200].map((from) => setOf(certificates.slice(from, from + 8)));
}

function setOf(parts: Uint8Array[]): Uint8Array {
  const body = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [
    0x30,
    0x82,
    (body + 7) >> 8,
    (body + 7) & 255,
    2,
    1,
    0,
    0x31,
    0x82,
    body >> 8,
    body & 255,
  ];
  const out = new Uint8Array(head.length + body);
  out.set(head);
  let offset = head.length;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

function ldif(): Uint8Array[] {
  const line = (attribute: string, bytes: Uint8Array) =>
    `${attribute}:: ${bytes.toBase64()}`.match(/.{1,76}/g)?.join('\n ') ?? '';
  const objects = [
    line('userCertificate;binary', file('dsc/AT.cer')),
    line('cACertificate;binary', file('csca/AT.cer')),
    line('certificateRevocationList;binary', crls()[0]),
    line('pkdMasterListContent', file('sod/AT.bin').subarray(4)),
  ];
  const text = objects.map((object, index) => `dn: cn=${index},c=AT\n${object}\n`).join('\n');
  return [new TextEncoder().encode(`version: 1\n\n${text}`)];
}

/** Small master and deviation lists with their own CSCA inside, so that every layer is reached. */
function signedLists(): Uint8Array[] {
  const [key, signer] = ['fuzz csca', 'fuzz list signer'].map(freshSigner);
  const subject = name('UT', 'CSCA');
  const csca = mintCertificate({ subject, issuer: subject, key, issuerKey: key, ca: {} });
  const list = mintCertificate({
    subject: name('UT', 'L'),
    issuer: subject,
    key: signer,
    issuerKey: key,
  });
  return ['2.23.136.1.1.2', '2.23.136.1.1.7'].map((contentType) =>
    mintSignedData({
      contentType,
      content: setOf([csca, list]),
      key: signer,
      certificates: [list],
      sid: issuerAndSerial(subject, 1),
    })
  );
}

const PATHS = ['emrtd/sod', 'emrtd/masterlist', 'emrtd/csca', 'pkits/crls'];

describeWithData('fuzzing', PATHS, () => {
  fuzz('certificates', certificates, (bytes) => {
    const parsed = parseCertificate(bytes);
    deviationsOf(parsed, 'anchor');
    parsed.subject.toString();
    validatePath({ certificate: parsed, anchors: new CertificateIndex([parsed]), at: AT });
    parsed.publicKey;
  });

  const trust = new Map<string, TrustStore>();
  const store = () => {
    const made = trust.get('store') ?? storeOf('csca/AT.cer', 'csca/DE.cer', 'csca/FR.cer');
    trust.set('store', made);
    return made;
  };
  fuzz('security objects', sods, (sod) => {
    const groups = new Map([[1, Uint8Array.of(0x61, 0)]]);
    const result = passiveAuthentication({ sod, groups, trust: store(), at: AT });
    expect(result.authentic).toBe(false);
  });

  fuzz('CRLs', crls, (bytes) => {
    const crl = parseCrl(bytes);
    crl.revocationDate(1n);
    crl.unknownCriticalExtension;
    importInto(store(), [{ name: 'x.crl', bytes }], { at: AT });
  });

  fuzz('master list contents', listContents, (bytes) => {
    for (const raw of parseMasterListContent(bytes).certificates) parseCertificate(raw);
  });

  fuzz('deviation list contents', () => [...listContents(), ...sods()], (bytes) => {
    parseDeviationListContent(bytes);
  });

  fuzz('LDIF', ldif, (bytes) => {
    parseLdif(new TextDecoder().decode(bytes));
    importInto(store(), [{ name: 'x.ldif', bytes }], { at: AT });
  });

  const anything = () => [...certificates(), ...crls(), ...sods(), ...ldif(), ...signedLists()];
  fuzz('imports of any file', anything, (bytes) => {
    const { report } = importInto(store(), [{ name: 'x', bytes }], { at: AT });
    expect(report.accepted === (report.failure === undefined)).toBe(true);
  });

  fuzz('stored trust stores', () => [serialiseTrustStore(store())], (bytes) => {
    const parsed = parseTrustStore(bytes);
    expect(serialiseTrustStore(parsed).length).toBeGreaterThan(0);
  });

  test('a certificate with any one bit changed does not pass', () => {
    const anchors = new CertificateIndex([certificate('csca/FR.cer')]);
    const original = file('dsc/FR.cer');
    const at = new Date('2020-06-01');
    const passes = (bytes: Uint8Array): boolean => {
      let valid = false;
      new Executions().run(() => {
        valid = validatePath({ certificate: parseCertificate(bytes), anchors, at }).valid;
      });
      return valid;
    };
    expect(passes(original)).toBe(true);
    const passed: string[] = [];
    for (let bit = 0; bit < original.length * 8; bit++) {
      const bytes = original.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      if (passes(bytes)) passed.push(`byte ${bit >> 3} bit ${bit & 7}`);
    }
    expect(passed).toEqual([]);
  }, 60_000);

  testExecutions(parts, MAX_ARRAY);
});
