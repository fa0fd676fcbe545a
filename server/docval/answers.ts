/** Shapes of the answers of `POST /v4/validate`, for `/openapi.json`; the types are those of passport-types.ts. */
import { z } from 'zod';
import type { EmrtdPassport } from './passport-types.ts';

const Text = z.string().nullable();
const Picture = z.base64().nullable();
const ChipResult = z.enum(['SUCCESS', 'FAILED', 'UNAVAILABLE']);

const SodInfo = z.object({
  hash_algorithm: z.string().describe('`SHA-256`; the object identifier if its name is not known.'),
  hash_for_data_group: z.record(z.string(), z.base64()).describe('By number of the data group.'),
});

const MrzInfo = z.object({
  document_type: z.enum(['TD1', 'TD2', 'TD3']),
  document_code: z.string(),
  issuing_state: z.string(),
  primary_identifier: z.string(),
  secondary_identifier: z.array(z.string()),
  nationality: z.string(),
  document_number: z.string(),
  date_of_birth: z.string().describe('yyMMdd.'),
  date_of_expiry: z.string().describe('yyMMdd.'),
  gender: z.enum(['MALE', 'FEMALE', 'UNSPECIFIED', 'UNKNOWN']),
  optional_data1: z.string(),
  optional_data2: Text.describe('TD1 only.'),
});

const PersonalDetails = z.object({
  full_name_of_holder: Text,
  other_names: z.array(z.string()),
  personal_number: Text,
  full_date_of_birth: Text.describe('yyyyMMdd.'),
  place_of_birth: Text,
  permanent_address: z.array(z.string()).nullable(),
  telephone: Text,
  profession: Text,
  title: Text,
  personal_summary: Text,
  proof_of_citizenship_image: Picture,
  other_valid_travel_document_numbers: z.array(z.string()).nullable(),
  custody_information: Text,
});

const DocumentDetails = z.object({
  issuing_authority: Text,
  date_of_issue: Text.describe('yyyyMMdd.'),
  names_of_other_persons: Text,
  endorsements_and_observations: Text,
  tax_or_exit_requirements: Text,
  image_of_front: Picture,
  image_of_rear: Picture,
  date_and_time_of_personalization: Text.describe('yyyyMMddHHmmss.'),
  personalization_system_serial_number: Text,
});

const PassiveAuthenticationDetails = z.object({
  sod_signature_valid: z.boolean(),
  document_certificate_valid: z.boolean(),
  all_hashes_valid: z.boolean(),
  data_groups_checked: z.array(z.int()),
  data_groups_with_valid_hash: z.array(z.int()),
  error: Text.describe('What failed first.'),
  trust_anchor: z.object({
    subject: z.string(),
    serial_number: z.string(),
    fingerprint: z.string().describe('SHA-256 of the certificate, hexadecimal.'),
    sources: z.array(z.object({
      kind: z.string(),
      file: z.string(),
      vouched_for_by: z.string(),
    })).describe('Files and lists that it was imported from.'),
  }).optional().describe('The CSCA certificate that the verdict rests on.'),
});

const Passport: z.ZodType<EmrtdPassport> = z.object({
  sod_info: SodInfo.nullable(),
  mrz_info: MrzInfo.nullable().describe('DG1.'),
  face_photo: Picture.describe('DG2, as the chip has it: JPEG or JPEG 2000.'),
  signature_photos: z.array(z.base64()).nullable().describe('DG7.'),
  additional_personal_details: PersonalDetails.nullable().describe('DG11.'),
  additional_document_details: DocumentDetails.nullable().describe('DG12.'),
  passive_authentication: z.boolean().describe('The data is what a trusted issuer has signed.'),
  passive_authentication_details: PassiveAuthenticationDetails.nullable(),
  chip_authentication_result: ChipResult.describe('UNAVAILABLE without a chip.'),
  active_authentication_result: ChipResult.describe('UNAVAILABLE without a chip.'),
  errors: z.array(z.string()).describe('`CODE: plain words`; empty when nothing went wrong.'),
  files_binary: z.record(z.string(), z.base64()).optional()
    .describe('The files by name, for clients that are configured to get them.'),
}).meta({ id: 'EmrtdPassport' });

export const PassiveAnswer = z.object({
  emrtd_passport: Passport,
  client_validation_id: z.string().optional().describe('`validation_id` of the request.'),
  signed_result: z.string().optional()
    .describe('The result as a JWS; keys at `/.well-known/jwks.json`.'),
}).meta({ id: 'PassiveAnswer' });

/** @param codes that the HTTP status goes with */
export function passiveError(codes: readonly string[]) {
  return z.object({ error: z.object({ code: z.enum(codes), message: z.string() }) });
}
