/** Which data groups to read: what the caller wants of what the document announces, in the reader's order. */
import { explicit, fields, octetString, parseTlv, TAG } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type Com, parseLdsSecurityObject, parseSod } from '../lds/mod.ts';
import type { ReaderFinding } from './finding.ts';

/** Groups of the DocVal procedure; DG14 and DG15 are read for the proofs of the chip. */
export const DEFAULT_GROUPS: readonly number[] = [1, 2, 7, 11, 12];
/** Portraits, displayed images and signatures. */
const IMAGE_GROUPS: readonly number[] = [2, 5, 6, 7];
/** Fingerprints and irises need terminal authentication and are never read. */
const PROTECTED_GROUPS: readonly number[] = [3, 4];

/**
 * The signed content of a SignedData (RFC 5652 5.1, 5.2), unverified: only to know which files to ask for.
 * The verdicts rest on `passiveAuthentication`, which reads the message anew.
 */
function unverifiedContent(contentInfo: Uint8Array): Uint8Array {
  const name = 'EF.SOD';
  const message = fields(parseTlv(contentInfo, { name, ber: true, allowTrailing: true }), name);
  message.required('contentType', TAG.oid);
  const signedData = fields(explicit(message.required('content'), 'content'), 'SignedData');
  signedData.required('version');
  signedData.required('digestAlgorithms');
  const encapsulated = fields(signedData.required('encapContentInfo'), 'encapContentInfo');
  encapsulated.required('eContentType');
  return octetString(explicit(encapsulated.required('eContent'), 'eContent'));
}

/** Group numbers that EF.SOD lists, before its signature is verified; undefined when it cannot be read. */
function signedGroups(sod: Uint8Array | undefined): ReadonlySet<number> | undefined {
  if (sod === undefined) return undefined;
  try {
    const content = unverifiedContent(parseSod(sod).data.contentInfo);
    return new Set(parseLdsSecurityObject(content).data.hashes.keys());
  } catch (error) {
    if (error instanceof EmrtdError) return undefined;
    throw error;
  }
}

/**
 * Groups that EF.COM or EF.SOD announces. Where they disagree there is a finding; a document that gives
 * neither is asked for everything.
 */
export function announcedGroups(
  com: Com | undefined,
  sod: Uint8Array | undefined,
  findings: ReaderFinding[],
): ReadonlySet<number> {
  const listed = com?.dataGroups;
  const signed = signedGroups(sod);
  if (listed === undefined && signed === undefined) {
    return new Set(Array.from({ length: 16 }, (_, index) => index + 1));
  }
  for (const group of listed ?? []) {
    if (signed === undefined || signed.has(group)) continue;
    const message = 'EF.COM lists it, EF.SOD has no hash of it: it is not authentic';
    findings.push({ file: `DG${group}`, code: 'unsigned', message });
  }
  for (const group of signed ?? []) {
    if (listed === undefined || listed.includes(group)) continue;
    const message = 'EF.SOD has a hash of it, EF.COM does not list it';
    findings.push({ file: `DG${group}`, code: 'unlisted', message });
  }
  return new Set([...(listed ?? []), ...(signed ?? [])]);
}

/** The wanted groups in ascending order, without those that are never read or that are left out. */
export function chosenGroups(
  announced: ReadonlySet<number>,
  wanted: readonly number[],
  skipImages: boolean,
): number[] {
  return [...new Set(wanted)]
    .filter((group) => announced.has(group) && !PROTECTED_GROUPS.includes(group))
    .filter((group) => group !== 14 && group !== 15)
    .filter((group) => !skipImages || !IMAGE_GROUPS.includes(group))
    .sort((a, b) => a - b);
}
