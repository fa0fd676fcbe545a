/** The object `emrtd_passport` as its clients read it. Keys that are null here are present as null. */

export type ChipResult = 'SUCCESS' | 'FAILED' | 'UNAVAILABLE';

export interface SodInfo {
  /** `SHA-256`; the object identifier where the name is not known. */
  hash_algorithm: string;
  /** Hash in Base64 by number of the data group. */
  hash_for_data_group: { [group: string]: string };
}

export interface MrzInfo {
  document_type: 'TD1' | 'TD2' | 'TD3';
  document_code: string;
  issuing_state: string;
  primary_identifier: string;
  secondary_identifier: string[];
  nationality: string;
  document_number: string;
  /** `yyMMdd`, as in the zone. */
  date_of_birth: string;
  date_of_expiry: string;
  gender: 'MALE' | 'FEMALE' | 'UNSPECIFIED' | 'UNKNOWN';
  optional_data1: string;
  /** TD1 only. */
  optional_data2: string | null;
}

export interface PersonalDetails {
  full_name_of_holder: string | null;
  other_names: string[];
  personal_number: string | null;
  /** `yyyyMMdd`. */
  full_date_of_birth: string | null;
  place_of_birth: string | null;
  permanent_address: string[] | null;
  telephone: string | null;
  profession: string | null;
  title: string | null;
  personal_summary: string | null;
  /** Base64. */
  proof_of_citizenship_image: string | null;
  other_valid_travel_document_numbers: string[] | null;
  custody_information: string | null;
}

export interface DocumentDetails {
  issuing_authority: string | null;
  /** `yyyyMMdd`. */
  date_of_issue: string | null;
  names_of_other_persons: string | null;
  endorsements_and_observations: string | null;
  tax_or_exit_requirements: string | null;
  /** Base64. */
  image_of_front: string | null;
  image_of_rear: string | null;
  /** `yyyyMMddHHmmss`. */
  date_and_time_of_personalization: string | null;
  personalization_system_serial_number: string | null;
}

/** The CSCA certificate that the verdict rests on. Ours; clients of the documented API skip it. */
export interface TrustAnchor {
  subject: string;
  serial_number: string;
  /** SHA-256 of the certificate, hexadecimal. */
  fingerprint: string;
  /** Files and lists it was imported from. */
  sources: { kind: string; file: string; vouched_for_by: string }[];
}

/** All keys are always there and never null but `error`: older clients stop at a null boolean or list. */
export interface PassiveAuthenticationDetails {
  sod_signature_valid: boolean;
  document_certificate_valid: boolean;
  all_hashes_valid: boolean;
  data_groups_checked: number[];
  data_groups_with_valid_hash: number[];
  /** What failed first; null when nothing did. */
  error: string | null;
  /** Only when a chain to a CSCA certificate was found. */
  trust_anchor?: TrustAnchor;
}

export interface EmrtdPassport {
  sod_info: SodInfo | null;
  mrz_info: MrzInfo | null;
  /** Base64, in the format that the chip has: JPEG or JPEG 2000. */
  face_photo: string | null;
  signature_photos: string[] | null;
  additional_personal_details: PersonalDetails | null;
  additional_document_details: DocumentDetails | null;
  passive_authentication: boolean;
  passive_authentication_details: PassiveAuthenticationDetails | null;
  chip_authentication_result: ChipResult;
  active_authentication_result: ChipResult;
  /** `CODE: plain words`; empty when nothing went wrong. */
  errors: string[];
  /** Base64 by name (`sod`, `dg1`), for clients that are configured to get it. */
  files_binary?: { [name: string]: string };
}

/** The procedures of Doc 9303-11 that checks are made for. */
export type Procedure =
  | 'access_control'
  | 'chip_authentication'
  | 'chip_authentication_mapping'
  | 'active_authentication'
  | 'sod_signature'
  | 'document_certificate'
  | 'data_group_hashes';

/** One check behind a verdict, in a signed result. */
export interface NamedCheck {
  procedure: Procedure;
  check: string;
  status: 'passed' | 'failed' | 'skipped';
  reason: string;
}
