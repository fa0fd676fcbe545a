/**
 * The documents of the emrtd benchmark, each with the recording of one reading: with the same randomness
 * the reader sends the same commands, so that the answers can be played back and the chip costs nothing.
 */
import {
  type ChipDescription,
  personalise,
  seededRandom,
  SoftwareChip,
  specimenHolder,
} from '../../emrtd/chip/mod.ts';
import {
  type DocumentResult,
  importInto,
  mrzPassword,
  type Random,
  readDocument,
  type ReadOptions,
  type Transceiver,
  TrustStore,
} from '../../emrtd/mod.ts';

interface Exchange {
  command: Uint8Array;
  response: Uint8Array;
}

export interface RecordedDocument {
  name: string;
  description: ChipDescription;
  exchanges: readonly Exchange[];
  result: DocumentResult;
  /** Certificate that the chip's signer is under. */
  csca: Uint8Array;
  trust: TrustStore;
  /** What was drawn for the recorded reading. */
  randoms: readonly Uint8Array[];
  /** Reads the document once more against the recording, each answer given at once or after a delay. */
  read(answerMs?: number): Promise<DocumentResult>;
}

const ISSUED_AT = new Date('2025-01-01T00:00:00Z');
const READ_AT = new Date('2025-06-01T00:00:00Z');
/** A portrait of the usual size; the reader does not decode it. */
const PHOTO_BYTES = 18_000;

function photo(): Uint8Array {
  const bytes = seededRandom('portrait')(PHOTO_BYTES);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
}

const COMMON = {
  holder: specimenHolder('TD3'),
  photoWidthPixels: 413,
  photoHeightPixels: 531,
  bac: true,
  issuedAt: ISSUED_AT,
} as const;

const PROFILES: readonly [string, Omit<ChipDescription, keyof typeof COMMON | 'photo' | 'seed'>][] =
  [
    ['BAC 3DES, RSA-2048', { signature: { kind: 'rsa-pkcs1', bits: 2048, hash: 'SHA-256' } }],
    ['PACE-GM P-256 AES-128, CA P-256', {
      pace: [{ mapping: 'GM', parameterId: 12, cipher: 'AES-128' }],
      chipAuthentication: [{ parameterId: 12, cipher: 'AES-128' }],
      signature: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' },
    }],
    ['PACE-CAM brainpoolP256r1 AES-128', {
      pace: [{ mapping: 'CAM', parameterId: 13, cipher: 'AES-128' }],
      signature: { kind: 'ecdsa', curve: 'brainpoolP256r1', hash: 'SHA-256' },
    }],
  ];

function optionsFor(
  { extendedLength }: ChipDescription,
  transceiver: Transceiver,
  trust: TrustStore,
  random: Random,
): ReadOptions {
  return {
    transceiver,
    trust,
    random,
    extendedLength: extendedLength !== undefined,
    password: mrzPassword(COMMON.holder),
    clock: () => READ_AT,
  };
}

/** Gives what another source gave, at no cost. */
function repeated(values: readonly Uint8Array[]): Random {
  let position = 0;
  return () => values[position++];
}

/** Plays a recording back; a command that is not the recorded one is an error of the benchmark. */
function playback(exchanges: readonly Exchange[], answerMs: number | undefined): Transceiver {
  let position = 0;
  return {
    async transceive(command) {
      const next = exchanges[position++];
      if (next === undefined || next.command.length !== command.length) {
        throw new Error('the reader left the recording');
      }
      if (answerMs !== undefined) await Bun.sleep(answerMs);
      return next.response;
    },
  };
}

/** A store of these root certificates. */
export function trusting(cscas: readonly Uint8Array[]): TrustStore {
  const files = cscas.map((bytes, i) => ({ name: `CSCA ${i}`, bytes, root: true }));
  return importInto(TrustStore.empty, files, { at: READ_AT }).store;
}

async function record(
  name: string,
  description: ChipDescription,
): Promise<RecordedDocument> {
  const { document, csca } = personalise(description);
  const trust = trusting([csca]);
  const chip = new SoftwareChip(document, { random: seededRandom('chip') });
  const exchanges: Exchange[] = [];
  const recorder: Transceiver = {
    async transceive(command) {
      const response = await chip.transceive(command);
      exchanges.push({ command: command.slice(), response: response.slice() });
      return response;
    },
  };
  const seeded = seededRandom('terminal');
  const randoms: Uint8Array[] = [];
  const random: Random = (length) => {
    const value = seeded(length);
    randoms.push(value);
    return value;
  };
  const result = await readDocument(optionsFor(description, recorder, trust, random));
  if (!result.passiveAuthentication.authentic || !result.complete) {
    throw new Error(`${name}: the document does not read well`);
  }
  const read = (answerMs?: number) =>
    readDocument(
      optionsFor(description, playback(exchanges, answerMs), trust, repeated(randoms)),
    );
  return { name, description, exchanges, result, csca, trust, randoms, read };
}

/** Lengths of APDUs between phone and chip. */
export type Lengths = 'short' | 'extended';

/** What a chip takes and gives in one APDU of extended length. */
const EXTENDED_BYTES = 2000;

/** All documents, personalised and read once. */
export async function recordedDocuments(lengths: Lengths = 'short'): Promise<RecordedDocument[]> {
  const more = lengths === 'extended' ? { extendedLength: EXTENDED_BYTES } : {};
  const documents: RecordedDocument[] = [];
  for (const [name, profile] of PROFILES) {
    documents.push(
      await record(name, { ...COMMON, ...profile, ...more, photo: photo(), seed: name }),
    );
  }
  return documents;
}

/** @throws Error for anything but the name of a kind of lengths */
export function lengthsNamed(name: string | undefined): Lengths {
  if (name === 'short' || name === 'extended') return name;
  throw new Error('lengths of APDUs are short or extended');
}
