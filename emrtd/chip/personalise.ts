/**
 * Personalisation of the software chip (ICAO 9303-10 3 and 4, 9303-11 9.2.11): from a small description to
 * keys, signed files and the trust anchors that a reader needs.
 */
import { der, tlv } from '../asn1/mod.ts';
import { curveByName, type Domain, randomScalar, standardizedDomain } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import type { ActiveAuthenticationKey } from './active-authentication.ts';
import type { ChipAuthenticationKey } from './chip-authentication.ts';
import type { ChipDescription, PaceChoice } from './description.ts';
import type { ChipDocument } from './document.ts';
import { bytesFile, type ChipFile, FILE, groupFile } from './file.ts';
import { mrzInformation, writeMrz } from './holder.ts';
import { type Authority, createAuthority } from './issue-authority.ts';
import { signContent } from './issue-cms.ts';
import type { IssueFault } from './issue-fault.ts';
import {
  writeAtrInfo,
  writeCom,
  writeDg1,
  writeDg15,
  writeDg2,
  writeDir,
  writeSecurityObject,
} from './issue-files.ts';
import {
  chipAuthenticationOid,
  paceOid,
  writeActiveAuthenticationInfo,
  writeChipAuthenticationInfo,
  writeChipAuthenticationKey,
  writePaceDomain,
  writePaceInfo,
  writeStandardizedKey,
} from './issue-security-infos.ts';
import type { PaceVariant } from './pace.ts';
import { seededRandom } from './seeded-random.ts';
import { seededRsaKey } from './seeded-rsa.ts';

/** ldsSecurityObject, 9303-10 4.6.2.2. */
const ID_LDS_SECURITY_OBJECT = '2.23.136.1.1.1';
/** id-SecurityObject, BSI TR-03110-3 A.1.2.5. */
const ID_SECURITY_OBJECT = '0.4.0.127.0.7.3.2.1';

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

  const cardAccess = pace.flatMap(({ variant, infos }) => infos(variant));
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

interface PreparedPace {
  variant: PaceVariant;
  infos: (variant: PaceVariant) => Uint8Array[];
}

function paceVariant(choice: PaceChoice, random: Random): PreparedPace {
  const domain = standardizedDomain(choice.parameterId);
  const { mapping, cipher, explicitId } = choice;
  if (mapping === 'CAM' && (domain.kind === 'dh' || cipher === '3DES')) {
    throw new EmrtdError('CHIP_DESCRIPTION', 'chip authentication mapping needs a curve and AES');
  }
  const oid = paceOid(domain.kind, mapping, cipher);
  const parameterId = explicitId ?? choice.parameterId;
  const camKey = mapping === 'CAM' && domain.kind === 'ec'
    ? { curve: domain.curve, privateKey: randomScalar(domain.curve.n, random) }
    : undefined;
  return {
    variant: {
      oid,
      mapping,
      cipher,
      parameterId,
      domain,
      ...(camKey === undefined ? {} : { camKey }),
    },
    infos: () => [
      writePaceInfo(oid, parameterId),
      ...(explicitId === undefined ? [] : [writePaceDomain(domain, mapping, explicitId)]),
    ],
  };
}

function chipAuthenticationKeys(
  { chipAuthentication = [] }: ChipDescription,
  random: Random,
): ChipAuthenticationKey[] {
  return chipAuthentication.map(({ parameterId, cipher, keyId }) => {
    const domain = standardizedDomain(parameterId);
    return {
      oid: chipAuthenticationOid(domain.kind, cipher),
      cipher,
      domain,
      privateKey: randomScalar(orderOf(domain), random),
      ...(keyId === undefined ? {} : { keyId }),
    };
  });
}

function orderOf(domain: Domain): bigint {
  return domain.kind === 'ec' ? domain.curve.n : domain.group.q ?? domain.group.p >> 1n;
}

function activeAuthenticationKey(
  { activeAuthentication: choice }: ChipDescription,
  random: Random,
): ActiveAuthenticationKey | undefined {
  if (choice === undefined) return undefined;
  if (choice.kind === 'rsa') {
    return {
      kind: 'rsa',
      key: 'key' in choice ? choice.key : seededRsaKey(choice.bits, random),
      hash: choice.hash,
      ...(choice.form === undefined ? {} : { form: choice.form }),
    };
  }
  const curve = curveByName(choice.curve);
  return {
    kind: 'ec',
    curve,
    privateKey: randomScalar(curve.n, random),
    hash: choice.hash,
    encoding: choice.encoding ?? 'plain',
  };
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

function masterFiles(
  description: ChipDescription,
  authority: Authority,
  pace: readonly PaceVariant[],
  infos: readonly Uint8Array[],
): ChipFile[] {
  const files = [
    bytesFile(FILE.atrInfo, 'always', writeAtrInfo(description.extendedLength)),
    bytesFile(FILE.dir, 'always', writeDir()),
  ];
  if (pace.length === 0) return files;
  const announced = [...infos];
  if (description.faults?.includes('card-access-stripped')) announced.shift();
  if (description.faults?.includes('card-access-changed')) {
    announced.push(writePaceInfo(paceOid('dh', 'GM', '3DES'), 0));
  }
  files.push(bytesFile(FILE.cardAccess, 'always', der.set(...announced)));
  const keys = pace.flatMap(({ camKey, parameterId }) =>
    camKey === undefined ? [] : [writeStandardizedKey(camKey.curve, parameterId, camKey.privateKey)]
  );
  if (keys.length > 0) {
    const forged = description.faults?.includes('card-security-forged') ?? false;
    const signer = forged ? authority.stranger().signer : authority.signer;
    const content = der.set(...infos, ...keys);
    const signed = signContent(ID_SECURITY_OBJECT, content, signer, description.issuedAt);
    files.push(bytesFile(FILE.cardSecurity, 'pace', signed));
  }
  return files;
}

function applicationFiles(
  groups: ReadonlyMap<number, Uint8Array>,
  sod: Uint8Array | undefined,
  faulty: (fault: IssueFault) => boolean,
): ChipFile[] {
  const numbers = [...groups.keys()].toSorted((a, b) => a - b);
  const listed = faulty('com-hides-dg14') ? numbers.filter((number) => number !== 14) : numbers;
  const files: ChipFile[] = [];
  if (!faulty('com-missing')) files.push(bytesFile(FILE.com, 'protected', writeCom(listed)));
  if (sod !== undefined) files.push(bytesFile(FILE.sod, 'protected', sod));
  for (const [number, bytes] of groups) {
    // fingerprints and irises stay behind extended access control (9303-11 7)
    const access = number === 3 || number === 4 ? 'extended' : 'protected';
    files.push(bytesFile(groupFile(number), access, bytes));
  }
  return files;
}

function tampered(bytes: Uint8Array | undefined, offset: number): Uint8Array {
  const copy = (bytes ?? new Uint8Array(offset + 1)).slice();
  copy[offset] ^= 0x01;
  return copy;
}
