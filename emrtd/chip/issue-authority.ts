/** The specimen issuing authority: CSCA, document signer and CRL made on the fly from the description. */
import type { ChipDescription } from './description.ts';
import {
  issueCrl,
  issueCsca,
  type IssuedCertificate,
  issueDocumentSigner,
  type NameParts,
} from './issue-certificate.ts';
import { DAY_MS } from './issue-day.ts';
import { createSigner, type SignatureChoice } from './issue-key.ts';
import { seededRandom } from './seeded-random.ts';

export interface Authority {
  /** The CSCA that issued the document signer. */
  csca: IssuedCertificate;
  /** Another CSCA of the same name and its document signer. */
  stranger: () => { csca: IssuedCertificate; signer: IssuedCertificate };
  signer: IssuedCertificate;
  crl: Uint8Array;
}

const DEFAULT_SIGNATURE: SignatureChoice = { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' };

/** Creates the authority. Keys are new for every description; equal descriptions give equal keys. */
export function createAuthority(description: ChipDescription): Authority {
  const random = seededRandom(`authority of ${description.seed}`);
  const { issuedAt, country = 'UT', faults = [], holder } = description;
  const choice = description.signature ?? DEFAULT_SIGNATURE;
  const name = (commonName: string): NameParts => {
    return { country, organization: 'Specimen', commonName };
  };
  const at = (days: number) => new Date(issuedAt.getTime() + days * DAY_MS);
  const pair = (serial: bigint) => {
    const csca = issueCsca({
      name: name('CSCA'),
      key: createSigner(choice, random),
      serial,
      notBefore: at(-5 * 365),
      notAfter: at(15 * 365),
    });
    const expired = faults.includes('expired-ds');
    const signer = issueDocumentSigner({
      name: name('Document Signer'),
      key: createSigner(choice, random),
      serial: serial + 1n,
      notBefore: expired ? at(-3 * 365) : at(0),
      notAfter: expired ? at(-1) : at(10 * 365),
      issuer: csca,
      documentTypes: [holder.documentCode.slice(0, 2)],
    });
    return { csca, signer };
  };
  const { csca, signer } = pair(0x1001n);
  const revoked = faults.includes('revoked-ds') ? [signer.serial] : [];
  return {
    csca,
    signer,
    crl: issueCrl(csca, revoked, at(0), at(90)),
    stranger: () => pair(0x2001n),
  };
}
