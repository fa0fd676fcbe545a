/** Whole v1 sessions through the real socket, one per access protocol and proof of the chip. */
import { afterAll, describe, expect, test } from 'bun:test';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import type { Holder } from '../../../emrtd/chip/mod.ts';
import { ERIKSSON, PHOTO } from '../../emrtd/chip/support.ts';
import { ascii, CODESTREAM, hex, JPEG } from '../../emrtd/lds/support.ts';
import { passportOf, relay, startMessage, statuses } from './support/client.ts';
import { CAN, makeSpecimen, PROFILES, type Specimen } from './support/documents.ts';
import { type DocvalServer, startDocval } from './support/server.ts';

const TD3_INFO = {
  document_type: 'TD3',
  document_code: 'P',
  issuing_state: 'UTO',
  primary_identifier: 'ERIKSSON',
  secondary_identifier: ['ANNA', 'MARIA'],
  nationality: 'UTO',
  document_number: ERIKSSON.documentNumber,
  date_of_birth: '740812',
  date_of_expiry: '320415',
  gender: 'FEMALE',
  optional_data1: 'ZE184226B',
  optional_data2: null,
};

/** The zones of the same holder; TD2 has room for seven further characters, TD1 for fifteen and eleven. */
const MRZ_INFO = {
  TD1: { ...TD3_INFO, document_type: 'TD1', document_code: 'I', optional_data2: '' },
  TD2: { ...TD3_INFO, document_type: 'TD2', document_code: 'I', optional_data1: 'ZE18422' },
  TD3: TD3_INFO,
};
const OPTIONAL_DATA = { TD1: 'ZE184226B', TD2: 'ZE18422', TD3: 'ZE184226B' };

function holderOf(format: keyof typeof MRZ_INFO): Holder {
  const { document_code: documentCode } = MRZ_INFO[format];
  return { ...ERIKSSON, format, documentCode, optionalData: OPTIONAL_DATA[format] };
}

interface Expected {
  readonly chip: string;
  readonly active: string;
  readonly groups: number[];
  readonly access: string;
  readonly errors?: string[];
}

const EXPECTED: Record<keyof typeof PROFILES, Expected> = {
  'open': {
    access: 'none',
    chip: 'UNAVAILABLE',
    active: 'UNAVAILABLE',
    groups: [1, 2],
    errors: ['ACCESS_CONTROL: access: the chip gives its files without access control'],
  },
  'BAC': { access: 'BAC', chip: 'UNAVAILABLE', active: 'UNAVAILABLE', groups: [1, 2] },
  'PACE-GM and CA': {
    access: 'PACE-GM',
    chip: 'SUCCESS',
    active: 'UNAVAILABLE',
    groups: [1, 2, 14],
  },
  'PACE-IM': {
    access: 'PACE-IM',
    chip: 'UNAVAILABLE',
    active: 'UNAVAILABLE',
    groups: [1, 2, 14],
  },
  'PACE-CAM': { access: 'PACE-CAM', chip: 'SUCCESS', active: 'UNAVAILABLE', groups: [1, 2, 14] },
  'BAC and CA with 3DES': {
    access: 'BAC',
    chip: 'SUCCESS',
    active: 'UNAVAILABLE',
    groups: [1, 2, 14],
  },
  'BAC and AA': { access: 'BAC', chip: 'UNAVAILABLE', active: 'SUCCESS', groups: [1, 2, 14, 15] },
  'BAC, CA and AA': { access: 'BAC', chip: 'SUCCESS', active: 'SUCCESS', groups: [1, 2, 14, 15] },
};

const servers: DocvalServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

function serve(specimen: Specimen): DocvalServer {
  const server = startDocval({ trust: specimen.trust });
  servers.push(server);
  return server;
}

const DOCUMENTS = Object.entries(PROFILES).flatMap(([name, profile]) =>
  (['TD1', 'TD2', 'TD3'] as const).map((format) => ({ name, profile, format }))
);

describe('a session returns the result of', () => {
  for (const { name, profile, format } of DOCUMENTS) {
    const expected = EXPECTED[name as keyof typeof PROFILES];
    test(`a ${format} document with ${name}`, async () => {
      const specimen = makeSpecimen({ ...profile, holder: holderOf(format) });
      const server = serve(specimen);
      const transcript = await relay(server.v1, specimen.insert());
      expect(transcript.texts.at(-1)).toEqual({ close_code: 1000 });
      expect([transcript.code, transcript.reason]).toEqual([1000, '']);
      const passport = passportOf(transcript);
      expect(passport).toEqual({
        sod_info: {
          hash_algorithm: 'SHA-256',
          hash_for_data_group: Object.fromEntries(
            expected.groups.map((group) => [String(group), expect.stringMatching(/^.{43}=$/)]),
          ),
        },
        mrz_info: MRZ_INFO[format],
        face_photo: PHOTO.toBase64(),
        signature_photos: null,
        additional_personal_details: null,
        additional_document_details: null,
        passive_authentication: true,
        passive_authentication_details: {
          sod_signature_valid: true,
          document_certificate_valid: true,
          all_hashes_valid: true,
          data_groups_checked: expected.groups,
          data_groups_with_valid_hash: expected.groups,
          error: null,
          trust_anchor: {
            subject: expect.stringContaining('C=UT'),
            serial_number: expect.stringMatching(/^[0-9A-F]+$/),
            fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
            sources: [{ kind: 'file', file: 'csca.cer', vouched_for_by: '' }],
          },
        },
        chip_authentication_result: expected.chip,
        active_authentication_result: expected.active,
        errors: expected.errors ?? [],
      });
      expect(server.sessions()).toMatchObject([
        { outcome: 'DONE', close_code: 1000, access: expected.access, client: 'device' },
      ]);
    });
  }
});

test('what DG7, DG11 and DG12 say of holder and document is in the result', async () => {
  const text = (tag: number, value: string) => tlv(tag, ascii(value));
  const listed = (file: number, fields: Uint8Array[], tags: string) =>
    tlv(file, tlv(0x5c, hex(tags)), ...fields);
  const dg7 = tlv(0x67, tlv(0x02, hex('02')), tlv(0x5f43, JPEG), tlv(0x5f43, CODESTREAM));
  const dg11 = listed(0x6b, [
    text(0x5f0e, 'ERIKSSON<<ANNA<MARIA'),
    tlv(0xa0, tlv(0x02, hex('02')), text(0x5f0f, 'SMITH<<ANNA'), text(0x5f0f, 'ANNIE')),
    text(0x5f10, '19740812-0046'),
    text(0x5f2b, '19740812'),
    text(0x5f11, 'SPRINGFIELD<<UTOPIA'),
    text(0x5f42, '1 MAIN STREET<<SPRINGFIELD'),
    text(0x5f12, '+99 555 0100'),
    text(0x5f13, 'PILOT'),
    text(0x5f14, 'DR'),
    text(0x5f15, 'NOTHING ELSE'),
    tlv(0x5f16, JPEG),
    text(0x5f17, 'C1234567<<C7654321'),
    text(0x5f18, 'NONE'),
  ], '5f0e5f0f5f105f2b5f115f425f125f135f145f155f165f175f18');
  const dg12 = listed(0x6c, [
    text(0x5f19, 'UTOPIA PASSPORT OFFICE'),
    text(0x5f26, '20240301'),
    tlv(0xa0, tlv(0x02, hex('01')), text(0x5f1a, 'ERIKSSON<<NILS')),
    text(0x5f1b, 'WEARS GLASSES'),
    text(0x5f1c, 'NO TAX'),
    tlv(0x5f1d, JPEG),
    tlv(0x5f1e, CODESTREAM),
    text(0x5f55, '20240301123000'),
    text(0x5f56, 'PRINTER 7'),
  ], '5f195f265f1a5f1b5f1c5f1d5f1e5f555f56');
  const specimen = makeSpecimen({ groups: new Map([[7, dg7], [11, dg11], [12, dg12]]) });
  const transcript = await relay(serve(specimen).v1, specimen.insert());
  expect(passportOf(transcript)).toMatchObject({
    signature_photos: [JPEG.toBase64(), CODESTREAM.toBase64()],
    additional_personal_details: {
      full_name_of_holder: 'ERIKSSON<<ANNA<MARIA',
      other_names: ['SMITH<<ANNA', 'ANNIE'],
      personal_number: '19740812-0046',
      full_date_of_birth: '19740812',
      place_of_birth: 'SPRINGFIELD, UTOPIA',
      permanent_address: ['1 MAIN STREET', 'SPRINGFIELD'],
      telephone: '+99 555 0100',
      profession: 'PILOT',
      title: 'DR',
      personal_summary: 'NOTHING ELSE',
      proof_of_citizenship_image: JPEG.toBase64(),
      other_valid_travel_document_numbers: ['C1234567', 'C7654321'],
      custody_information: 'NONE',
    },
    additional_document_details: {
      issuing_authority: 'UTOPIA PASSPORT OFFICE',
      date_of_issue: '20240301',
      names_of_other_persons: 'ERIKSSON<<NILS',
      endorsements_and_observations: 'WEARS GLASSES',
      tax_or_exit_requirements: 'NO TAX',
      image_of_front: JPEG.toBase64(),
      image_of_rear: CODESTREAM.toBase64(),
      date_and_time_of_personalization: '20240301123000',
      personalization_system_serial_number: 'PRINTER 7',
    },
    passive_authentication: true,
    passive_authentication_details: { data_groups_checked: [1, 2, 7, 11, 12] },
    errors: [],
  });
  expect(statuses(transcript).slice(-5)).toEqual([
    'READ_DG7',
    'READ_DG11',
    'READ_DG12',
    'PASSIVE_AUTHENTICATION',
    'DONE',
  ]);
});

test('a document without EF.COM, which nothing of the result is taken from, has no error', async () => {
  const specimen = makeSpecimen({ ...PROFILES['PACE-GM and CA'], faults: ['com-missing'] });
  const transcript = await relay(serve(specimen).v1, specimen.insert());
  expect(passportOf(transcript)).toMatchObject({
    mrz_info: TD3_INFO,
    passive_authentication: true,
    chip_authentication_result: 'SUCCESS',
    errors: [],
  });
});

test('a document opened with its CAN gives the same', async () => {
  const specimen = makeSpecimen(PROFILES['PACE-GM and CA']);
  const server = serve(specimen);
  const start = startMessage({ access_key: { can: CAN }, platform: 'ios' });
  const transcript = await relay(server.v1, specimen.insert(), start);
  expect(passportOf(transcript)).toMatchObject({
    mrz_info: TD3_INFO,
    passive_authentication: true,
  });
});

describe('statuses come in the documented order', () => {
  const specimen = makeSpecimen({ ...PROFILES['BAC, CA and AA'], extendedLength: 2048 });
  const files = [
    'READ_SOD',
    'READ_DG14',
    'CHIP_AUTHENTICATION',
    'READ_DG15',
    'ACTIVE_AUTHENTICATION',
    'READ_DG1',
    'READ_DG2',
    'PASSIVE_AUTHENTICATION',
    'DONE',
  ];
  const cases: [string, object, string[]][] = [
    ['short length', {}, []],
    ['extended length', { nfc_adapter_supports_extended_length: true }, ['READ_ATR_INFO']],
    ['lengths that are null', {
      nfc_adapter_supports_extended_length: true,
      max_command_bytes: null,
      max_response_bytes: null,
    }, ['READ_ATR_INFO']],
    ['lengths that are known', {
      nfc_adapter_supports_extended_length: true,
      max_command_bytes: 1024,
      max_response_bytes: 1024,
      platform: 'ios',
    }, []],
    ['one length that is known', {
      nfc_adapter_supports_extended_length: true,
      max_command_bytes: 1024,
    }, []],
  ];
  for (const [name, lengths, before] of cases) {
    test(`with ${name}`, async () => {
      const server = serve(specimen);
      const transcript = await relay(server.v1, specimen.insert(), startMessage(lengths));
      expect(statuses(transcript)).toEqual([...before, 'ACCESS_CONTROL', ...files]);
      const keys = transcript.texts.map((text) => Object.keys(text)[0]);
      expect(keys.slice(-2)).toEqual(['emrtd_passport', 'close_code']);
    });
  }
});

test('lengths beyond any APDU and a long validation id are taken', async () => {
  const specimen = makeSpecimen({ ...PROFILES.BAC, extendedLength: 2048 });
  const start = startMessage({
    nfc_adapter_supports_extended_length: true,
    max_command_bytes: 65_546,
    max_response_bytes: 2_147_483_647,
    validation_id: 'v'.repeat(1000),
  });
  const transcript = await relay(serve(specimen).v1, specimen.insert(), start);
  expect(transcript.code).toBe(1000);
  expect(passportOf(transcript)).toMatchObject({ passive_authentication: true, errors: [] });
});

test('responses are no longer than the client allows', async () => {
  const specimen = makeSpecimen({ ...PROFILES.BAC, extendedLength: 2048 });
  const server = serve(specimen);
  const answers: number[] = [];
  const chip = specimen.insert();
  const measuring = {
    transceive: async (command: Uint8Array) => {
      const answer = await chip.transceive(command);
      answers.push(answer.length);
      return answer;
    },
  };
  const start = startMessage({
    nfc_adapter_supports_extended_length: true,
    max_command_bytes: 600,
    max_response_bytes: 600,
  });
  await relay(server.v1, measuring, start);
  expect(Math.max(...answers)).toBeGreaterThan(300);
  expect(Math.max(...answers)).toBeLessThanOrEqual(600);
});
