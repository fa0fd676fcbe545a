/**
 * Personalisation of the software chip (ICAO 9303-10 3 and 4, 9303-11 9.2.11): from a small description to
 * keys, signed files and the trust anchors that a reader needs.
 */
import { der, tlv } from '../asn1/mod.ts';
import type { ActiveAuthenticationKey } from './active-authentication.ts';
import type { ChipAuthenticationKey } from './chip-authentication.ts';
import type { ChipDescription } from './description.ts';
import type { ChipDocument } from './document.ts';
import { mrzInformation, writeMrz } from './holder.ts';
import { type Authority, createAuthority } from './issue-authority.ts';
import { activeAuthenticationKey, chipAuthenticationKeys, paceVariant } from './issue-chip-keys.ts';
import { signContent } from './issue-cms.ts';
import type { IssueFault } from './issue-fault.ts';
import { applicationFiles, masterFiles } from './issue-file-system.ts';
import { writeDg1, writeDg15, writeDg2, writeSecurityObject } from './issue-files.ts';
import {
  writeActiveAuthenticationInfo,
  writeChipAuthenticationInfo,
  writeChipAuthenticationKey,
} from './issue-security-infos.ts';
import { seededRandom } from './seeded-random.ts';

/** ldsSecurityObject, 9303-10 4.6.2.2. */
const ID_LDS_SECURITY_OBJECT = '2.23.136.1.1.1';

/** A chip ready to be read, and what a reader may trust. */
export interface Personalised {
  document: ChipDocument;
  /** The zone as printed on the document. */
  mrz: string;
  /** CSCA certificate to trust, DER; with the fault `wrong-csca` that of a stranger. */
  csca: Uint8Array;
  /** CRL of the CSCA, DER. */
  crl: Uint8Array;
  /** Data groups as signed, before any tampering, by number. */
  groups: ReadonlyMap<number, Uint8Array>;
  /** EF.SOD, DER; undefined with the fault `sod-missing`. */
  sod?: Uint8Array;
}

/**
 * Personalises a chip. Equal descriptions give equal chips. `authority` lets many documents share one
 * issuing authority; faults of the authority itself are then those it was created with.
 * Throws CHIP_DESCRIPTION when the description contradicts itself, CRYPTO_UNSUPPORTED for unknown ids.
 */
export function personalise(
  description: ChipDescription,
  authority: Authority = createAuthority(description),
): Personalised {
  const random = seededRandom(description.seed);
  const faulty = (fault: IssueFault) => description.faults?.includes(fault) ?? false;
  const pace = (description.pace ?? []).map((choice) => paceVariant(choice, random));
  const chipKeys = chipAuthenticationKeys(description, random);
  const activeKey = activeAuthenticationKey(description, random);
  const mrz = writeMrz(description.holder);

  const cardAccess = pace.flatMap(({ infos }) => infos);
  const groups = new Map<number, Uint8Array>();
  groups.set(1, writeDg1(mrz));
  groups.set(
    2,
    writeDg2(
      description.photo,
      description.photoWidthPixels ?? 0,
      description.photoHeightPixels ?? 0,
    ),
  );
  const options = [...cardAccess, ...dg14Infos(chipKeys, activeKey, faulty('no-ca-info'))];
  if (options.length > 0) groups.set(14, tlv(0x6e, der.set(...options)));
  if (activeKey !== undefined) groups.set(15, writeDg15(activeKey));
  for (const [number, bytes] of description.groups ?? []) groups.set(number, bytes);
  if (faulty('broken-dg11')) groups.set(11, Uint8Array.of(0x6b, 0x03, 0x5f, 0x0e, 0x7f));

  const sod = writeSod(description, authority, groups, faulty);
  const stored = new Map(groups);
  if (faulty('tampered-dg1')) stored.set(1, tampered(groups.get(1), 10));
  if (faulty('tampered-dg2')) stored.set(2, tampered(groups.get(2), 120));
  if (faulty('dg2-missing')) stored.delete(2);

  return {
    document: {
      mrzInformation: mrzInformation(description.holder),
      ...passwords(description),
      bac: description.bac,
      pace: pace.map(({ variant }) => variant),
      masterFiles: masterFiles(
        description,
        authority,
        pace.map(({ variant }) => variant),
        cardAccess,
      ),
      applicationFiles: applicationFiles(stored, sod, faulty),
      chipAuthentication: chipKeys,
      ...(activeKey === undefined ? {} : { activeAuthentication: activeKey }),
      ...(description.extendedLength === undefined
        ? {}
        : { extendedLength: description.extendedLength }),
    },
    mrz,
    csca: (faulty('wrong-csca') ? authority.stranger().csca : authority.csca).bytes,
    crl: authority.crl,
    groups,
    ...(sod === undefined ? {} : { sod }),
  };
}

function passwords({ can, pin, puk }: ChipDescription): Pick<ChipDocument, 'can' | 'pin' | 'puk'> {
  return {
    ...(can === undefined ? {} : { can }),
    ...(pin === undefined ? {} : { pin }),
    ...(puk === undefined ? {} : { puk }),
  };
}

function writeSod(
  description: ChipDescription,
  { signer }: Authority,
  groups: ReadonlyMap<number, Uint8Array>,
  faulty: (fault: IssueFault) => boolean,
): Uint8Array | undefined {
  if (faulty('sod-missing')) return undefined;
  if (faulty('sod-nonsense')) return tlv(0x77, der.sequence(der.oid('1.2.3'), der.nul()));
  const signed = new Map(groups);
  if (faulty('dg2-not-in-sod')) signed.delete(2);
  if (faulty('dg14-not-in-sod')) signed.delete(14);
  if (faulty('dg15-not-in-sod')) signed.delete(15);
  const { issuedAt, securityObjectVersion = 0 } = description;
  const content = writeSecurityObject(signer.key.hash, signed, securityObjectVersion);
  const sod = tlv(0x77, signContent(ID_LDS_SECURITY_OBJECT, content, signer, issuedAt));
  if (faulty('sod-bad-signature')) sod[sod.length - 1] ^= 0x01;
  return sod;
}

function dg14Infos(
  keys: readonly ChipAuthenticationKey[],
  active: ActiveAuthenticationKey | undefined,
  withoutInfo: boolean,
): Uint8Array[] {
  const infos = keys.flatMap(({ oid, domain, privateKey, keyId }) => [
    ...(withoutInfo ? [] : [writeChipAuthenticationInfo(oid, keyId)]),
    writeChipAuthenticationKey(domain, privateKey, keyId),
  ]);
  if (active?.kind === 'ec') infos.push(writeActiveAuthenticationInfo(active.hash));
  return infos;
}

function tampered(bytes: Uint8Array | undefined, offset: number): Uint8Array {
  const copy = (bytes ?? new Uint8Array(offset + 1)).slice();
  copy[offset] ^= 0x01;
  return copy;
}
