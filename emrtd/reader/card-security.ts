/**
 * The proof by chip authentication mapping (9303-11 4.4.3.5.2): EF.CardSecurity is signed by a document
 * signer, and one of its keys is linked to the key that the chip used in PACE.
 */
import { type CamEvidence, verifyChipAuthenticationMapping } from '../access/mod.ts';
import { EmrtdError } from '../errors.ts';
import { parseSecurityInfos, type SecurityInfos } from '../lds/mod.ts';
import { type TrustStore, type Verdict, verifyTrustedContent } from '../pki/mod.ts';
import { checked, type ChipProof, proofOf } from './proof.ts';

/** id-SecurityObject (BSI TR-03110-3 A.1.2.5; 9303-11 9.2.9). */
const SECURITY_OBJECT = '0.4.0.127.0.7.3.2.1';
const FILE = 'EF.CardSecurity';

/** The verdict in one check: its first failed check, or that it holds. */
function summary(check: string, verdict: Verdict, passed: string) {
  const failed = verdict.checks.find(({ status }) => status === 'failed');
  const reason = failed === undefined
    ? 'nothing was verified'
    : `${failed.check}: ${failed.reason}`;
  return checked(check, verdict.valid, passed, reason);
}

function parsed(content: Uint8Array | undefined): SecurityInfos | undefined {
  try {
    return content === undefined ? undefined : parseSecurityInfos(content, FILE).data;
  } catch (error) {
    if (error instanceof EmrtdError) return undefined;
    throw error;
  }
}

/**
 * Judges the mapping. The chain of the signer is part of the proof: a copy could carry an EF.CardSecurity
 * that it signed itself, with a key of its own. Never throws for what the file holds.
 */
export function mappingProof(
  evidence: CamEvidence,
  cardSecurity: Uint8Array | undefined,
  trust: TrustStore,
  at: Date,
): ChipProof {
  const name = 'chip-authentication-mapping';
  if (cardSecurity === undefined) {
    return proofOf([checked(`${name}.card-security`, false, '', `${FILE} could not be read`)]);
  }
  const options = { name: FILE, contentType: SECURITY_OBJECT, trust, at };
  const file = verifyTrustedContent(cardSecurity, options);
  const infos = parsed(file.content);
  return proofOf([
    summary(`${name}.signature`, file.signature, `${FILE} is signed`),
    summary(`${name}.chain`, file.chain, 'its signer is trusted'),
    checked(
      `${name}.link`,
      infos !== undefined && verifyChipAuthenticationMapping(evidence, infos),
      `the chip holds the private key of ${FILE}`,
      `the chip did not show the private key of ${FILE}`,
    ),
  ]);
}
