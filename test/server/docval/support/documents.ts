/** Specimen documents for sessions, one per access protocol and proof, with the trust they rest on. */
import {
  type ChipDescription,
  type FaultSettings,
  personalise,
  type Personalised,
  seededRandom,
  SoftwareChip,
} from '../../../../emrtd/chip/mod.ts';
import { importInto, mrzPassword, readDocument, TrustStore } from '../../../../emrtd/mod.ts';
import { CHECKED_AT, ERIKSSON, specimen } from '../../../emrtd/chip/support.ts';

export const CAN = '482913';

/** Name -> what the document can do besides BAC. */
export const PROFILES = {
  'open': { bac: false },
  'BAC': {},
  'PACE-GM and CA': {
    pace: [{ mapping: 'GM', parameterId: 12, cipher: 'AES-128' }],
    can: CAN,
    chipAuthentication: [{ parameterId: 12, cipher: 'AES-128' }],
  },
  'PACE-IM': { pace: [{ mapping: 'IM', parameterId: 12, cipher: 'AES-256' }], can: CAN },
  'PACE-CAM': { pace: [{ mapping: 'CAM', parameterId: 12, cipher: 'AES-128' }], can: CAN },
  'BAC and CA with 3DES': { chipAuthentication: [{ parameterId: 12, cipher: '3DES' }] },
  'BAC and AA': { activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' } },
  'BAC, CA and AA': {
    chipAuthentication: [{ parameterId: 12, cipher: 'AES-128' }],
    activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' },
  },
} satisfies Record<string, Partial<ChipDescription>>;

export interface Specimen {
  readonly description: ChipDescription;
  readonly personalised: Personalised;
  readonly trust: TrustStore;
  /** A chip as newly put on a reader. */
  insert(faults?: FaultSettings): SoftwareChip;
}

let chips = 0;

/** Personalises a document; `changes` go over the description with BAC only. */
export function makeSpecimen(changes: Partial<ChipDescription> = {}): Specimen {
  const description = specimen({ ...changes, seed: JSON.stringify(changes) });
  const personalised = personalise(description);
  const files = [
    { name: 'csca.cer', bytes: personalised.csca },
    { name: 'ds.crl', bytes: personalised.crl },
  ];
  const { store } = importInto(TrustStore.empty, files, { at: CHECKED_AT });
  return {
    description,
    personalised,
    trust: store,
    insert: (faults = {}) =>
      new SoftwareChip(personalised.document, {
        random: seededRandom(`chip ${chips++}`),
        ...faults,
      }),
  };
}

/** The files of a document as a client of the library reads them. */
export async function filesOf(document: Specimen): Promise<Record<string, Uint8Array>> {
  const { files } = await readDocument({
    transceiver: document.insert(),
    password: mrzPassword(ERIKSSON),
    trust: document.trust,
    clock: () => CHECKED_AT,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const groups = [...files.groups].map(([group, bytes]) => [`dg${group}`, bytes]);
  return Object.fromEntries([['sod', files.sod], ...groups]);
}
