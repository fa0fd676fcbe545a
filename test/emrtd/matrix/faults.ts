/** Every fault switch of the chip and what the reader must make of it. */
import type {
  ChipDescription,
  FaultSettings,
  IssueFault,
  LineFault,
  PaceChoice,
} from '../../../emrtd/chip/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import type { ReaderLimits } from '../../../emrtd/reader/mod.ts';
import { specimen } from '../chip/support.ts';
import { readSpecimen } from './read-cell.ts';

/** What must come out. */
export interface Verdict {
  /** Code and step of the error that ends the reading. */
  error?: string;
  /** Passive authentication. */
  authentic?: boolean;
  complete?: boolean;
  /** Names of all failed checks. */
  failed?: string[];
  /** File and code of all findings. */
  findings?: string[];
}

export interface FaultCase {
  fault: IssueFault | LineFault;
  description: Partial<ChipDescription>;
  line: FaultSettings;
  limits?: Partial<ReaderLimits>;
  expected: Verdict;
}

const GM: PaceChoice = { mapping: 'GM', parameterId: 13, cipher: 'AES-128' };
const CAM: PaceChoice = { mapping: 'CAM', parameterId: 13, cipher: 'AES-128' };
const WEAK: PaceChoice = { mapping: 'GM', parameterId: 0, cipher: '3DES' };
/** A document with everything: both proofs of the chip. */
const PROOFS: Partial<ChipDescription> = {
  chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }],
  activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' },
};
const GOOD: Verdict = { authentic: true, complete: true, failed: [], findings: [] };

function issue(
  fault: IssueFault,
  expected: Verdict,
  description: Partial<ChipDescription> = {},
): FaultCase {
  return {
    fault,
    description: { ...PROOFS, ...description, faults: [fault] },
    line: {},
    expected: { ...GOOD, ...expected },
  };
}

function line(
  fault: LineFault,
  expected: Verdict,
  more:
    & { description?: Partial<ChipDescription>; line?: FaultSettings }
    & Pick<
      FaultCase,
      'limits'
    > = {},
): FaultCase {
  return {
    fault,
    description: { ...PROOFS, ...more.description },
    line: { faults: [fault], ...more.line },
    ...(more.limits === undefined ? {} : { limits: more.limits }),
    expected: expected.error === undefined ? { ...GOOD, ...expected } : expected,
  };
}

/** After so many good answers the document is open and EF.SOD is read. */
const MIDWAY = { line: { faultAfter: 12 } };
/** A session lost again and again: files behind EF.SOD stay unread, nothing is proven. */
const LOST_MIDWAY: Verdict = {
  authentic: false,
  complete: false,
  failed: ['active-authentication', 'chip-authentication'],
  findings: [
    'EF.DG1 unreadable',
    'EF.DG14 unreadable',
    'EF.DG15 unreadable',
    'EF.DG2 unreadable',
    'chip reconnected',
  ],
};
/** Not one file could be read: groups that the chip may have are tried all the same. */
const NO_FILE_READ: Verdict = {
  authentic: false,
  complete: false,
  failed: ['signed-data'],
  findings: [
    'EF.COM unreadable',
    'EF.DG1 unreadable',
    'EF.DG11 absent',
    'EF.DG12 absent',
    'EF.DG14 unreadable',
    'EF.DG15 unreadable',
    'EF.DG2 unreadable',
    'EF.DG7 absent',
    'EF.SOD unreadable',
  ],
};
const KEYS_UNSIGNED = ['active-authentication.key', 'chip-authentication.key'];

export const FAULT_CASES: readonly FaultCase[] = [
  issue('tampered-dg1', { authentic: false, failed: ['DG1.hash'] }),
  issue('tampered-dg2', { authentic: false, failed: ['DG2.hash'] }),
  issue('broken-dg11', { complete: false, findings: ['DG11 malformed'] }),
  issue('expired-ds', { authentic: false, failed: ['signer.validity-period'] }),
  issue('revoked-ds', { authentic: false, failed: ['signer.revocation'] }),
  issue('wrong-csca', { authentic: false, failed: ['anchor.found'] }),
  issue('sod-bad-signature', { authentic: false, failed: [...KEYS_UNSIGNED, 'signature'] }),
  issue('sod-missing', {
    authentic: false,
    complete: false,
    failed: [...KEYS_UNSIGNED, 'signed-data'],
    findings: ['EF.SOD absent'],
  }),
  issue('sod-nonsense', { authentic: false, failed: [...KEYS_UNSIGNED, 'signed-data'] }),
  issue('com-missing', { findings: ['EF.COM absent'] }),
  issue('com-hides-dg14', { findings: ['DG14 unlisted'] }),
  issue('dg2-not-in-sod', {
    authentic: false,
    failed: ['DG2.hash'],
    findings: ['DG2 unsigned'],
  }),
  issue('dg14-not-in-sod', {
    authentic: false,
    failed: ['DG14.hash', 'chip-authentication.key'],
    findings: ['DG14 unsigned'],
  }),
  issue('dg15-not-in-sod', {
    authentic: false,
    failed: ['DG15.hash', 'active-authentication.key'],
    findings: ['DG15 unsigned'],
  }),
  issue('dg2-missing', {
    complete: false,
    findings: ['DG2 unlisted', 'EF.DG2 absent'],
  }),
  issue('card-access-changed', { findings: ['EF.CardAccess unconfirmed'] }, { pace: [CAM] }),
  issue(
    'card-access-stripped',
    { findings: ['EF.CardAccess unconfirmed'] },
    { pace: [GM, WEAK] },
  ),
  issue(
    'card-security-forged',
    { failed: ['chip-authentication-mapping.chain'] },
    { pace: [CAM] },
  ),
  // the key without its info is taken for 3DES, which this chip does not have
  issue('no-ca-info', { failed: ['chip-authentication.proof'] }),

  line('sm-wrong-mac', LOST_MIDWAY, MIDWAY),
  line('sm-wrong-padding', {
    ...LOST_MIDWAY,
    authentic: true,
    failed: ['active-authentication', 'chip-authentication.proof'],
    findings: ['EF.DG1 unreadable', 'EF.DG15 unreadable', 'EF.DG2 unreadable', 'chip reconnected'],
  }, MIDWAY),
  line('sm-no-mac', LOST_MIDWAY, MIDWAY),
  line('sm-no-status', LOST_MIDWAY, MIDWAY),
  // only the protected status word counts
  line('sm-other-status', {}, MIDWAY),
  line('sm-plain-answer', LOST_MIDWAY, MIDWAY),
  line('sm-lost', LOST_MIDWAY, MIDWAY),
  line('security-status-midway', {
    complete: false,
    failed: ['active-authentication'],
    findings: ['EF.DG1 unreadable', 'EF.DG15 unreadable', 'EF.DG2 unreadable', 'chip reconnected'],
  }, MIDWAY),
  line('hang', { error: 'TIMEOUT READ_SOD' }, { ...MIDWAY, limits: { stepTimeoutMs: 40 } }),
  line('slow', { error: 'TIMEOUT ACCESS_CONTROL' }, {
    line: { delayMs: 40 },
    limits: { stepTimeoutMs: 30 },
  }),
  line('endless-61', { error: 'LIMIT_EXCEEDED READ_SOD' }, MIDWAY),
  line('endless-6c', NO_FILE_READ),
  line('nonsense', { error: 'RESPONSE_MALFORMED ACCESS_CONTROL' }),
  line('empty-answer', { error: 'RESPONSE_MALFORMED ACCESS_CONTROL' }),
  line('file-4gib', { complete: false, findings: ['EF.DG2 unreadable'] }),
  line('file-truncated', { complete: false, findings: ['EF.DG2 unreadable'] }),
  line('read-nothing', NO_FILE_READ),
  line('read-one-byte', {}),
  line('read-short-only', {}),
  line('long-read-loses-session', { findings: ['chip reconnected'] }),
  line('long-read-loses-session', { findings: ['chip reconnected'] }, {
    description: { pace: [GM] },
  }),
  line('wrong-le', {}, { description: { extendedLength: 2048 } }),
  line('select-mf-refused', {}),
  line('select-le-refused', {}, { description: { pace: [GM] } }),
  line('select-once', {}),
  line('select-once', {}, { description: { pace: [GM] } }),
  line('no-application', { error: 'ACCESS_UNSUPPORTED ACCESS_CONTROL' }),
  line('extended-refused', {}, {
    description: {
      extendedLength: 2048,
      pace: [{ mapping: 'GM', parameterId: 2, cipher: 'AES-128' }],
      activeAuthentication: { kind: 'rsa', bits: 2048, hash: 'SHA-256' },
    },
  }),
  line('mse-needs-84', {}, { description: { pace: [GM] } }),
  line('pace-refused', { findings: ['EF.CardAccess fallback'] }, { description: { pace: [GM] } }),
  line('pace-wrong-nonce', { error: 'ACCESS_DENIED PACE 4' }, { description: { pace: [GM] } }),
  line('pace-wrong-token', { error: 'ACCESS_FAILED PACE 4' }, { description: { pace: [GM] } }),
  line('pace-reflected-key', { error: 'ACCESS_FAILED PACE 3' }, { description: { pace: [GM] } }),
  line('pace-bad-key', { error: 'ACCESS_FAILED PACE 2' }, { description: { pace: [GM] } }),
  line('pace-bad-key', { error: 'ACCESS_FAILED PACE 2' }, { description: { pace: [WEAK] } }),
  line('pace-cam-mismatch', { failed: ['chip-authentication-mapping.link'] }, {
    description: { pace: [CAM] },
  }),
  line('pace-cam-missing', { failed: ['chip-authentication-mapping.link'] }, {
    description: { pace: [CAM] },
  }),
  line('bac-wrong-mac', { error: 'ACCESS_FAILED BAC 2' }),
  line('bac-wrong-challenge', { error: 'ACCESS_FAILED BAC 2' }),
  line('ca-refused', { failed: ['chip-authentication.proof'] }),
  line('ca-cloned', {
    failed: ['chip-authentication.proof'],
    findings: ['chip reconnected'],
  }),
  line('ca-old-keys', {
    failed: ['chip-authentication.proof'],
    findings: ['chip reconnected'],
  }),
  line('aa-refused', { failed: ['active-authentication.signature'] }),
  line('aa-cloned', { failed: ['active-authentication.signature'] }),
  line('aa-cloned', { failed: ['active-authentication.signature'] }, {
    description: { activeAuthentication: { kind: 'rsa', bits: 1024, hash: 'SHA-1' } },
  }),
  line('aa-replayed', { failed: ['active-authentication.signature'] }),
  line('aa-truncated', { failed: ['active-authentication.signature'] }),
  line('aa-cut-short', {}, {
    description: {
      extendedLength: 2048,
      activeAuthentication: { kind: 'rsa', bits: 2048, hash: 'SHA-256' },
    },
  }),
];

/** Reads the document of a case and gives what came out, in the form of `expected`. */
export async function readFaulty(one: FaultCase): Promise<Verdict> {
  try {
    const result = await readSpecimen(specimen(one.description), one.line, {
      limits: one.limits ?? {},
      ...(one.fault === 'broken-dg11' ? { groups: [1, 2, 11] } : {}),
    });
    const failed = result.checks.filter(({ status }) => status === 'failed');
    return {
      authentic: result.passiveAuthentication.authentic,
      complete: result.complete,
      failed: failed.map(({ check }) => check).toSorted(),
      findings: result.findings.map(({ file, code }) => `${file} ${code}`).toSorted(),
    };
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    return { error: `${error.code} ${error.step}` };
  }
}
