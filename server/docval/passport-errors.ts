/**
 * The `errors` of a result: `CODE: check: reason`. The codes are stable; the words name the check or the
 * file and what was wrong with it, never what it holds.
 */
import type { CheckResult, DocumentResult, Finding, Mrz, PassiveResult } from '../../emrtd/mod.ts';
import type { AllowedDocuments } from './clients.ts';

/** Everything that may stand before the colon. */
type ResultErrorCode =
  | 'ACCESS_CONTROL' // the chip gives its files to anybody
  | 'CHIP_AUTHENTICATION' // the chip did not prove its key of DG14, or the key is not vouched for
  | 'ACTIVE_AUTHENTICATION' // the same for DG15
  | 'SOD_SIGNATURE' // the security object is not signed as it should be
  | 'DOCUMENT_CERTIFICATE' // its signer has no chain to a trusted CSCA certificate
  | 'DATA_GROUP_HASH' // a data group is not the one that was signed
  | 'FILE_ABSENT' // announced but not on the chip
  | 'FILE_UNREADABLE' // the chip refuses it or ends it early
  | 'FILE_MALFORMED' // it breaks its format
  | 'FILE_UNSIGNED' // announced without a hash in EF.SOD
  | 'PORTRAIT_NOT_CONVERTED' // it is not the JPEG that the client's configuration asks for
  | 'DOCUMENT_NOT_ALLOWED' // the client does not accept documents of this kind
  | 'ACCESS_UNCONFIRMED'; // the unsigned EF.CardAccess announces other protocols than DG14

function failures(code: ResultErrorCode, checks: readonly CheckResult[]): string[] {
  return checks.filter(({ status }) => status === 'failed')
    .map(({ check, reason }) => `${code}: ${check}: ${reason}`);
}

/** What passive authentication found wrong, in the order signature, chain, hashes. */
export function passiveProblems({ signature, chain, hashes }: PassiveResult): string[] {
  return [
    ...failures('SOD_SIGNATURE', signature.checks),
    ...failures('DOCUMENT_CERTIFICATE', chain.checks),
    ...failures('DATA_GROUP_HASH', hashes.checks),
  ];
}

/** Proofs of the chip that failed. */
function chipProblems(
  chip: readonly CheckResult[],
  active: readonly CheckResult[],
): string[] {
  return [...failures('CHIP_AUTHENTICATION', chip), ...failures('ACTIVE_AUTHENTICATION', active)];
}

/** Findings that take something from the result; the others are peculiarities of issuers. */
const FINDING_CODES: Readonly<Record<string, ResultErrorCode>> = {
  absent: 'FILE_ABSENT',
  unreadable: 'FILE_UNREADABLE',
  malformed: 'FILE_MALFORMED',
  unsigned: 'FILE_UNSIGNED',
  unconfirmed: 'ACCESS_UNCONFIRMED',
};

/** EF.COM repeats, unsigned, what EF.SOD lists: without it nothing is missing from the result. */
function takesNothing({ file, code }: { file: Finding['file']; code: string }): boolean {
  return file === 'EF.COM' && code === 'absent';
}

/** Findings of reading and parsing as errors. */
export function fileProblems(
  findings: readonly { file: Finding['file']; code: string; message: string }[],
): string[] {
  return findings.flatMap(({ file, code, message }) =>
    Object.hasOwn(FINDING_CODES, code) ? [`${FINDING_CODES[code]}: ${file}: ${message}`] : []
  );
}

/** All errors of a document that the server read itself. */
export function documentProblems(result: DocumentResult): string[] {
  const { chipAuthentication, chipAuthenticationMapping, activeAuthentication } = result;
  return [
    ...failures('ACCESS_CONTROL', result.checks.filter(({ check }) => check === 'access')),
    ...chipProblems(
      [...chipAuthentication.checks, ...chipAuthenticationMapping.checks],
      activeAuthentication.checks,
    ),
    ...passiveProblems(result.passiveAuthentication),
    ...fileProblems(result.findings.filter((finding) => !takesNothing(finding))),
  ];
}

export const UNCONVERTED_PORTRAIT =
  'PORTRAIT_NOT_CONVERTED: the portrait could not be decoded and is given as the chip has it' satisfies `${ResultErrorCode}: ${string}`;

/** What the client's configuration has against a document; its zone must be readable where it has a say. */
export function policyProblems(zone: Mrz | undefined, allowed: AllowedDocuments): string[] {
  const { types, issuing_states: states } = allowed;
  const problems: string[] = [];
  if (types !== undefined && (zone === undefined || !types.includes(zone.format))) {
    problems.push('DOCUMENT_NOT_ALLOWED: the document is of another type');
  }
  if (states !== undefined && (zone === undefined || !states.includes(zone.issuingState))) {
    problems.push('DOCUMENT_NOT_ALLOWED: the document is of another state');
  }
  return problems;
}
