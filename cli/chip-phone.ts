/** A phone as DocVal v1 expects it: sends the start message, passes APDUs on, notes what it is told. */
import type { Transceiver } from '../emrtd/types.ts';

interface PhonePassport {
  readonly passive_authentication: boolean;
  readonly chip_authentication_result: string;
  readonly active_authentication_result: string;
  readonly errors: readonly string[];
}

export interface PhoneTranscript {
  readonly statuses: string[];
  /** Close code; 0 when the server could not be reached. */
  code: number;
  reason: string;
  passport?: PhonePassport;
}

/** Runs one session to its end; a server that cannot be reached gives code 0. */
export function relayChip(
  url: string,
  chip: Transceiver,
  start: object,
  onStatus: (status: string) => void = () => {},
): Promise<PhoneTranscript> {
  const transcript: PhoneTranscript = { statuses: [], code: 0, reason: '' };
  const gone = new AbortController();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let opened = false;
  const answer = async (command: Uint8Array): Promise<void> => {
    try {
      socket.send((await chip.transceive(command, gone.signal)) as Uint8Array<ArrayBuffer>);
    } catch {
      socket.close(1001, 'NFC_CHIP_COMMUNICATION_FAILED');
    }
  };
  return new Promise((resolve) => {
    socket.onopen = () => {
      opened = true;
      socket.send(JSON.stringify(start));
    };
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return void answer(new Uint8Array(data as ArrayBuffer));
      const { status, emrtd_passport: passport } = JSON.parse(data);
      if (passport !== undefined) transcript.passport = passport;
      if (status === undefined) return;
      transcript.statuses.push(status);
      onStatus(status);
    };
    socket.onclose = ({ code, reason }) => {
      gone.abort();
      transcript.code = opened ? code : 0;
      transcript.reason = opened ? reason : 'no connection';
      resolve(transcript);
    };
  });
}
