/** Phones at a server: relays with a software chip, and such that only send frames of the same sizes. */
import { personalise, seededRandom, SoftwareChip } from '../../emrtd/chip/mod.ts';
import { validateDocument } from '../../server/web/docval-client/client.ts';
import type { RecordedDocument } from '../emrtd/documents.ts';

export const CLIENT_ID = 'benchmark-client-id';
export const CHIP_ANSWER_MS = 20;
/** About the length of a result; the portrait is most of it. */
export const RESULT_CHARACTERS = 25_208;

/** Resolves when the session is over; false when it did not end well. */
export type Phone = (url: string, seed: string) => Promise<boolean>;

/** Holds all phones back at one command, until it is opened. */
export interface Gate {
  readonly atAnswer: number;
  /** Called by each phone that waits. */
  readonly reached: () => void;
  readonly opened: Promise<void>;
}

/** The start message of a phone with a document. */
export function startText({ description: { holder, extendedLength } }: RecordedDocument): string {
  const { documentNumber, dateOfBirth, dateOfExpiry } = holder;
  return JSON.stringify({
    client_id: CLIENT_ID,
    validation_id: 'bench',
    access_key: {
      document_number: documentNumber,
      date_of_birth: dateOfBirth,
      date_of_expiry: dateOfExpiry,
    },
    nfc_adapter_supports_extended_length: extendedLength !== undefined,
    platform: 'bench',
  });
}

/** Phones that relay a chip of their own. */
export function relayingPhone({ description, result }: RecordedDocument, gate?: Gate): Phone {
  const { document } = personalise(description);
  const { chipAuthentication, chipAuthenticationMapping } = result;
  const proofs = [chipAuthentication.outcome, chipAuthenticationMapping.outcome];
  const proof = proofs.includes('success') ? 'SUCCESS' : 'UNAVAILABLE';
  const { documentNumber, dateOfBirth, dateOfExpiry } = description.holder;
  return async (url, seed) => {
    const random = seededRandom(seed);
    const chip = new SoftwareChip(document, { random, faults: ['slow'], delayMs: CHIP_ANSWER_MS });
    let answers = 0;
    const held = {
      async transceive(command: Uint8Array): Promise<Uint8Array> {
        if (answers++ === gate?.atAnswer) {
          gate.reached();
          await gate.opened;
        }
        return chip.transceive(command);
      },
    };
    const { closeCode, passport } = await validateDocument({
      url,
      clientId: CLIENT_ID,
      validationId: 'bench',
      accessKey: { documentNumber, dateOfBirth, dateOfExpiry },
      transceive: (command) => held.transceive(command),
      extendedLength: description.extendedLength !== undefined,
      platform: 'bench',
    });
    const { passive_authentication, chip_authentication_result } = passport ?? {};
    return closeCode === 1000 && passive_authentication === true &&
      chip_authentication_result === proof;
  };
}

/** Phones that give answers of the recorded lengths to anything. */
export function barePhone({ exchanges }: RecordedDocument): Phone {
  const answers = exchanges.map(({ response }) => response as Uint8Array<ArrayBuffer>);
  return (url) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    let position = 0;
    return new Promise((resolve) => {
      socket.onopen = () => socket.send('a start message');
      socket.onmessage = ({ data }) => {
        if (typeof data === 'string') return;
        const answer = answers[position++];
        setTimeout(() => socket.send(answer), CHIP_ANSWER_MS);
      };
      socket.onclose = ({ code }) => resolve(code === 1000 && position === answers.length);
    });
  };
}

export interface Run {
  /** Duration of each session in milliseconds. */
  readonly times: number[];
  readonly good: number;
}

/** So many phones at one time, of each kind as many. */
export async function runPhones(
  phones: readonly Phone[],
  url: string,
  count: number,
): Promise<Run> {
  const times: number[] = [];
  let good = 0;
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const startMs = performance.now();
    if (await phones[i % phones.length](url, `session ${i}`)) good++;
    times.push(performance.now() - startMs);
  }));
  return { times, good };
}
