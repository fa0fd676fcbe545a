/** Whole v1 sessions through the real socket, one per access protocol and proof of the chip. */
import { afterAll, describe, expect, test } from 'bun:test';
import { ERIKSSON, PHOTO } from '../../emrtd/chip/support.ts';
import { passportOf, relay, startMessage, statuses } from './support/client.ts';
import { CAN, makeSpecimen, PROFILES, type Specimen } from './support/documents.ts';
import { type DocvalServer, startDocval } from './support/server.ts';

const MRZ_INFO = {
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

describe('a session returns the result of', () => {
  for (const [name, profile] of Object.entries(PROFILES)) {
    const expected = EXPECTED[name as keyof typeof PROFILES];
    test(`a document with ${name}`, async () => {
      const specimen = makeSpecimen(profile);
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
        mrz_info: MRZ_INFO,
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

test('a document opened with its CAN gives the same', async () => {
  const specimen = makeSpecimen(PROFILES['PACE-GM and CA']);
  const server = serve(specimen);
  const start = startMessage({ access_key: { can: CAN }, platform: 'ios' });
  const transcript = await relay(server.v1, specimen.insert(), start);
  expect(passportOf(transcript)).toMatchObject({
    mrz_info: MRZ_INFO,
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
