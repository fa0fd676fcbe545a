/**
 * NIST PKITS 1.0.1 through `validatePath`: trust anchor, all CA certificates as candidates, all CRLs at
 * hand and required, at the time that expected.json states.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmrtdError } from '../../../../emrtd/errors.ts';
import {
  Certificate,
  CertificateIndex,
  Crl,
  CrlIndex,
  parseCertificate,
  parseCrl,
  validatePath,
} from '../../../../emrtd/pki/mod.ts';
import type { VectorOutcome } from './vector-case.ts';

interface Section {
  name: string;
  /** Leaves of the section, by name without EE. */
  leaves: RegExp;
  scope: 'in' | string;
}

const NO_POLICIES = 'certificate policies: 9303-12 forbids policy mappings and constraints';

/** The sections of PKITS clause 4; the first match counts. */
const SECTIONS: Section[] = [
  {
    name: '4.1 DSA',
    leaves: /DSA/,
    scope: 'DSA: not a signature algorithm of 9303-12',
  },
  {
    name: '4.1 signature verification',
    leaves: /^(ValidCertificatePathTest1|InvalidCASignatureTest2|InvalidEESignatureTest3)$/,
    scope: 'in',
  },
  { name: '4.2 validity periods', leaves: /not(Before|After)DateTest/, scope: 'in' },
  {
    name: '4.3 name chaining',
    leaves:
      /NameChaining|NameUIDs|RFC3280|UTF8StringEncoded|RolloverfromPrintable|UTF8StringCaseInsensitive/,
    scope: 'in',
  },
  {
    name: '4.4 basic revocation',
    leaves:
      /MissingCRL|RevokedCA|RevokedEE|BadCRL|WrongCRL|TwoCRLs|UnknownCRL|CRLnextUpdate|NegativeSerial|LongSerial|SeparateCertificateandCRL/,
    scope: 'in',
  },
  { name: '4.5 self-issued certificates', leaves: /BasicSelfIssued/, scope: 'in' },
  {
    name: '4.6 basic constraints',
    leaves: /asicConstraints|cAFalse|pathLenConstraint/,
    scope: 'in',
  },
  { name: '4.7 key usage', leaves: /keyUsage/, scope: 'in' },
  {
    name: '4.8 to 4.12 policies',
    leaves: /olic|CPSPointer|UserNotice|Mapping(From|To)|inhibitAny/,
    scope: NO_POLICIES,
  },
  {
    name: '4.13 name constraints',
    leaves: /nameConstraints/,
    scope: 'name constraints: forbidden by 9303-12 7.1.1, refused where they occur',
  },
  {
    name: '4.14 distribution points',
    leaves: /istributionPoint|onlyContains|onlySome|IDPwith|cRLIssuer/,
    scope: 'partitioned and indirect CRLs: 9303-12 7.2 has one complete CRL for each CSCA',
  },
  { name: '4.15 delta CRLs', leaves: /deltaCRL/, scope: 'delta CRLs: forbidden by 9303-12 7.2' },
  { name: '4.16 private extensions', leaves: /CertificateExtension/, scope: 'in' },
];

/** Runs every leaf of the folder. */
export function runPkits(folder: string): VectorOutcome[] {
  const { conditions, expected } = JSON.parse(
    readFileSync(join(folder, 'expected.json'), 'utf8'),
  ) as { conditions: string; expected: Record<string, 'valid' | 'invalid'> };
  const at = new Date(/time (\S+);/.exec(conditions)?.[1] ?? '');
  const read = (sub: string, ending: string) =>
    readdirSync(join(folder, sub)).sort()
      .filter((file) => file.endsWith(ending))
      .map((file) => ({
        name: file.slice(0, -ending.length),
        bytes: new Uint8Array(readFileSync(join(folder, sub, file))),
      }));
  const certificates = read('certs', '.crt')
    .map(({ name, bytes }) => ({ name, certificate: parsed(bytes, name, parseCertificate) }));
  const index = (chosen: (name: string) => boolean) =>
    new CertificateIndex(
      certificates.flatMap(({ name, certificate }) =>
        chosen(name) && certificate instanceof Certificate ? [certificate] : []
      ),
    );
  const anchors = index((name) => name.startsWith('TrustAnchor'));
  const intermediates = index((name) => expected[name] === undefined);
  const crls = new CrlIndex(
    read('crls', '.crl')
      .map(({ name, bytes }) => parsed(bytes, name, parseCrl))
      .filter((crl) => crl instanceof Crl),
  );
  return certificates.filter(({ name }) => expected[name] !== undefined).map((leaf) => {
    const section = SECTIONS.find(({ leaves }) => leaves.test(leaf.name.replace(/EE$/, '')));
    if (section === undefined) throw new Error(`no section for ${leaf.name}`);
    const start = performance.now();
    if (!(leaf.certificate instanceof Certificate)) {
      return outcome(leaf.name, section, expected[leaf.name], 'invalid', 0, leaf.certificate);
    }
    const result = validatePath({
      certificate: leaf.certificate,
      anchors,
      intermediates,
      crls,
      at,
      revocation: 'required',
    });
    const failed = result.checks.find((check) => check.status === 'failed');
    return outcome(
      leaf.name,
      section,
      expected[leaf.name],
      result.valid ? 'valid' : 'invalid',
      performance.now() - start,
      failed === undefined ? '' : `${failed.check}: ${failed.reason}`,
    );
  });
}

/** The object, or the message of the error that refuses it: some vectors have malformed signatures. */
function parsed<T>(
  bytes: Uint8Array,
  name: string,
  parse: (bytes: Uint8Array, name: string) => T,
): T | string {
  try {
    return parse(bytes, name);
  } catch (error) {
    if (error instanceof EmrtdError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function outcome(
  id: string,
  section: Section,
  expected: VectorOutcome['expected'],
  actual: VectorOutcome['actual'],
  durationMs: number,
  reason: string,
): VectorOutcome {
  return { id, group: section.name, scope: section.scope, expected, actual, durationMs, reason };
}
