/**
 * Renders what was read and verified as `emrtd_passport`. It only rewrites: every verdict comes from the
 * named checks of the library, and a file that could not be read is null.
 */
import type {
  ChipProof,
  DataGroups,
  Dg11,
  Dg12,
  Mrz,
  PassiveResult,
  TrustStore,
} from '../../emrtd/mod.ts';
import type { DocvalClient } from './clients.ts';
import { passiveProblems, policyProblems, UNCONVERTED_PORTRAIT } from './passport-errors.ts';
import type {
  ChipResult,
  DocumentDetails,
  EmrtdPassport,
  MrzInfo,
  NamedCheck,
  PassiveAuthenticationDetails,
  PersonalDetails,
  SodInfo,
  TrustAnchor,
} from './passport-types.ts';

/** A document as far as it was read, with its verdicts. */
export interface JudgedDocument {
  readonly groups: DataGroups;
  readonly files: { readonly sod?: Uint8Array; readonly groups: ReadonlyMap<number, Uint8Array> };
  readonly passive: PassiveResult;
  /** Proofs of the chip by chip authentication: in its own right, and by PACE with CAM. */
  readonly chip: readonly ChipProof['outcome'][];
  readonly active: ChipProof['outcome'];
  /** Every check behind the verdicts. */
  readonly checks: readonly NamedCheck[];
  readonly errors: string[];
}

export interface RenderOptions {
  readonly trust: TrustStore;
  readonly client: Pick<DocvalClient, 'include_files' | 'documents'>;
  /** Instead of the portrait as the chip has it; null when it should have been converted and could not be. */
  readonly portrait?: Uint8Array | null | undefined;
}

export function renderPassport(
  document: JudgedDocument,
  { trust, client, portrait }: RenderOptions,
): EmrtdPassport {
  const { groups, passive, files } = document;
  return {
    sod_info: sodInfo(passive),
    mrz_info: groups.dg1 === undefined ? null : mrzInfo(groups.dg1),
    face_photo: portrait?.toBase64() ?? base64(groups.dg2?.images[0]),
    signature_photos: groups.dg7 === undefined
      ? null
      : groups.dg7.images.map(({ bytes }) => bytes.toBase64()),
    additional_personal_details: groups.dg11 === undefined ? null : personalDetails(groups.dg11),
    additional_document_details: groups.dg12 === undefined ? null : documentDetails(groups.dg12),
    passive_authentication: passive.authentic,
    passive_authentication_details: passiveDetails(passive, trust),
    chip_authentication_result: combined(document.chip),
    active_authentication_result: combined([document.active]),
    errors: [
      ...document.errors,
      ...(portrait === null ? [UNCONVERTED_PORTRAIT] : []),
      ...policyProblems(groups.dg1, client.documents),
    ],
    ...(client.include_files && { files_binary: filesBinary(files) }),
  };
}

/** One failed proof is a failure; one success is enough where the others were not offered. */
function combined(outcomes: readonly ChipProof['outcome'][]): ChipResult {
  if (outcomes.includes('failed')) return 'FAILED';
  return outcomes.includes('success') ? 'SUCCESS' : 'UNAVAILABLE';
}

function base64(image: { bytes: Uint8Array } | null | undefined): string | null {
  return image?.bytes.toBase64() ?? null;
}

function sodInfo({ securityObject, hashAlgorithm }: PassiveResult): SodInfo | null {
  if (securityObject === undefined) return null;
  const hashes = [...securityObject.hashes].toSorted(([a], [b]) => a - b);
  return {
    hash_algorithm: hashAlgorithm ?? securityObject.hashAlgorithm,
    hash_for_data_group: Object.fromEntries(
      hashes.map(([group, hash]) => [String(group), hash.toBase64()]),
    ),
  };
}

function mrzInfo(mrz: Mrz): MrzInfo {
  return {
    document_type: mrz.format,
    document_code: mrz.documentCode,
    issuing_state: mrz.issuingState,
    primary_identifier: mrz.primaryIdentifier,
    secondary_identifier: mrz.secondaryIdentifier,
    nationality: mrz.nationality,
    document_number: mrz.documentNumber,
    date_of_birth: mrz.dateOfBirth.text,
    date_of_expiry: mrz.dateOfExpiry.text,
    gender: mrz.sex ?? 'UNKNOWN',
    optional_data1: mrz.optionalData1,
    optional_data2: mrz.optionalData2,
  };
}

function personalDetails(dg11: Dg11): PersonalDetails {
  return {
    full_name_of_holder: dg11.fullName,
    other_names: dg11.otherNames,
    personal_number: dg11.personalNumber,
    full_date_of_birth: dg11.dateOfBirth,
    place_of_birth: dg11.placeOfBirth?.join(', ') ?? null,
    permanent_address: dg11.permanentAddress,
    telephone: dg11.telephone,
    profession: dg11.profession,
    title: dg11.title,
    personal_summary: dg11.personalSummary,
    proof_of_citizenship_image: base64(dg11.proofOfCitizenship),
    other_valid_travel_document_numbers: dg11.otherTravelDocumentNumbers,
    custody_information: dg11.custodyInformation,
  };
}

function documentDetails(dg12: Dg12): DocumentDetails {
  const others = dg12.namesOfOtherPersons;
  return {
    issuing_authority: dg12.issuingAuthority,
    date_of_issue: dg12.dateOfIssue,
    names_of_other_persons: others.length === 0 ? null : others.join(', '),
    endorsements_and_observations: dg12.endorsementsAndObservations,
    tax_or_exit_requirements: dg12.taxOrExitRequirements,
    image_of_front: base64(dg12.imageOfFront),
    image_of_rear: base64(dg12.imageOfRear),
    date_and_time_of_personalization: dg12.personalizationTime,
    personalization_system_serial_number: dg12.personalizationSystemSerialNumber,
  };
}

function passiveDetails(passive: PassiveResult, trust: TrustStore): PassiveAuthenticationDetails {
  const { signature, chain, hashes, groups } = passive;
  const anchor = chain.valid ? trustAnchor(passive, trust) : undefined;
  return {
    sod_signature_valid: signature.valid,
    document_certificate_valid: chain.valid,
    all_hashes_valid: hashes.valid,
    data_groups_checked: groups.map(({ group }) => group),
    data_groups_with_valid_hash: groups.filter(({ status }) => status === 'matches')
      .map(({ group }) => group),
    error: passive.authentic ? null : passiveProblems(passive)[0] ?? 'nothing was verified',
    ...(anchor && { trust_anchor: anchor }),
  };
}

function trustAnchor({ path }: PassiveResult, trust: TrustStore): TrustAnchor | undefined {
  const anchor = path.at(-1);
  if (anchor === undefined) return undefined;
  const sources = trust.contents.anchors.get(anchor.fingerprint)?.sources ?? [];
  return {
    subject: String(anchor.subject),
    serial_number: anchor.serialHex,
    fingerprint: anchor.fingerprint,
    sources: sources.map(({ kind, file, voucher }) => ({ kind, file, vouched_for_by: voucher })),
  };
}

function filesBinary({ sod, groups }: JudgedDocument['files']): { [name: string]: string } {
  return Object.fromEntries([
    ...(sod === undefined ? [] : [['sod', sod.toBase64()]]),
    ...[...groups].toSorted(([a], [b]) => a - b).map(([group, bytes]) => [
      `dg${group}`,
      bytes.toBase64(),
    ]),
  ]);
}
