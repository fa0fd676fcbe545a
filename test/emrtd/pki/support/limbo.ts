/**
 * x509-limbo through `validatePath`. Limbo asks for the whole certificate profile of RFC 5280, so a
 * path with a deviation from RFC 5280 counts as refused here; for documents it is only reported.
 */
import { readFileSync } from 'node:fs';
import {
  CertificateIndex,
  CrlIndex,
  parseCertificate,
  parseCrl,
  parsePem,
  validatePath,
} from '../../../../emrtd/pki/mod.ts';
import { EmrtdError } from '../../../../emrtd/errors.ts';
import type { VectorOutcome } from './vector-case.ts';

interface LimboCase {
  id: string;
  features: string[] | null;
  validation_kind: 'SERVER' | 'CLIENT';
  trusted_certs: string[];
  untrusted_intermediates: string[];
  peer_certificate: string;
  validation_time: string | null;
  key_usage: string[] | null;
  expected_result: 'SUCCESS' | 'FAILURE';
  max_chain_depth: number | null;
  crls?: string[];
}

const PURPOSE = { SERVER: '1.3.6.1.5.5.7.3.1', CLIENT: '1.3.6.1.5.5.7.3.2' };

/** Why cases are out of scope, by the start of their id; anything else is in. */
const OUT_OF_SCOPE: [RegExp, string][] = [
  [/^webpki::/, 'browser rules: host names, key sizes, extended key usage of CAs'],
  [/^rfc5280::san::|-wrong-san$/, 'host names: documents have none'],
  [
    /^cve::cve-2024-0567$/,
    'profile that contradicts rfc5280::aki::cross-signed-root-missing-aki; the path itself is valid',
  ],
  [/^rfc5280::nc::/, 'name constraints: forbidden by 9303-12 7.1.1, refused where they occur'],
];

/** Runs every case of a limbo file. */
export function runLimbo(file: string): VectorOutcome[] {
  const { testcases } = JSON.parse(readFileSync(file, 'utf8')) as { testcases: LimboCase[] };
  return testcases.map((testcase) => {
    const start = performance.now();
    const reason = refusal(testcase);
    return {
      id: testcase.id,
      group: testcase.id.split('::').slice(0, testcase.id.split('::').length - 1).join('::'),
      scope: OUT_OF_SCOPE.find(([ids]) => ids.test(testcase.id))?.[1] ?? 'in',
      expected: testcase.expected_result === 'SUCCESS' ? 'valid' : 'invalid',
      actual: reason === undefined ? 'valid' : 'invalid',
      durationMs: performance.now() - start,
      reason: reason ?? '',
    };
  });
}

/** Why the peer certificate is refused; undefined when it is accepted. */
function refusal(testcase: LimboCase): string | undefined {
  try {
    const peer = certificate(testcase.peer_certificate);
    const trusted = testcase.trusted_certs.map(certificate);
    const intermediates = testcase.untrusted_intermediates.map(certificate);
    const crls = (testcase.crls ?? []).map((pem) => parseCrl(parsePem(pem)[0].bytes));
    const start = Math.max(...[peer, ...trusted].map(({ notBefore }) => notBefore.getTime()));
    const result = validatePath({
      certificate: peer,
      anchors: new CertificateIndex(trusted),
      intermediates: new CertificateIndex(intermediates),
      crls: new CrlIndex(crls),
      at: testcase.validation_time === null
        ? new Date(start > peer.notAfter.getTime() ? peer.notBefore : start)
        : new Date(`${testcase.validation_time.replace(/(Z|\+00:00)$/, '')}Z`),
      use: {
        signsContent: testcase.key_usage?.includes('digitalSignature') === true,
        purpose: PURPOSE[testcase.validation_kind],
      },
      revocation: crls.length > 0 ? 'required' : 'when-available',
      ...(testcase.max_chain_depth !== null && { maxIntermediates: testcase.max_chain_depth }),
    });
    const failed = result.checks.find((check) => check.status === 'failed');
    if (!result.valid) return `${failed?.check}: ${failed?.reason}`;
    const deviation = result.deviations.find(({ rule }) => rule.startsWith('RFC 5280'));
    return deviation && `${deviation.subject}: ${deviation.rule}: ${deviation.detail}`;
  } catch (error) {
    if (error instanceof EmrtdError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function certificate(pem: string) {
  return parseCertificate(parsePem(pem)[0].bytes);
}
