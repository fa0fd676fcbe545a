/** A phone that speaks v1: relays a chip and writes down what it was told. */
import type { Transceiver } from '../../../../emrtd/mod.ts';
import { ERIKSSON } from '../../../emrtd/chip/support.ts';
import { CLIENT_ID } from './server.ts';

export const MRZ_KEY = {
  document_number: ERIKSSON.documentNumber,
  date_of_birth: ERIKSSON.dateOfBirth,
  date_of_expiry: ERIKSSON.dateOfExpiry,
};

/** A start message as an Android phone sends it, with changes. */
export function startMessage(changes: object = {}): string {
  return JSON.stringify({
    client_id: CLIENT_ID,
    validation_id: 'cf847daa-a548-4509-bdeb-4edd51aee448',
    access_key: MRZ_KEY,
    platform: 'android',
    nfc_adapter_supports_extended_length: false,
    ...changes,
  });
}

export interface Transcript {
  /** Texts in order, parsed; the close message is the last one. */
  readonly texts: Record<string, unknown>[];
  readonly commands: Uint8Array[];
  code: number;
  reason: string;
}

/** A socket that records, for tests that send what no client would. */
export interface OpenSocket {
  readonly transcript: Transcript;
  readonly closed: Promise<Transcript>;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export interface SocketOptions {
  /** Answers commands; without it they stay unanswered. */
  readonly onCommand?: (command: Uint8Array, socket: OpenSocket) => void;
  readonly onText?: (text: Record<string, unknown>, socket: OpenSocket) => void;
  /** Of the request for the socket. */
  readonly headers?: Record<string, string>;
}

export function openSocket(url: string, options: SocketOptions = {}): Promise<OpenSocket> {
  const transcript: Transcript = { texts: [], commands: [], code: 0, reason: '' };
  // headers are an addition of Bun that the type of browsers lacks
  const socket = new WebSocket(url, { headers: options.headers ?? {} } as unknown as string[]);
  socket.binaryType = 'arraybuffer';
  const closed = Promise.withResolvers<Transcript>();
  const opened = Promise.withResolvers<OpenSocket>();
  const open: OpenSocket = {
    transcript,
    closed: closed.promise,
    send: (data) => socket.send(data as string | Uint8Array<ArrayBuffer>),
    close: (code, reason) => socket.close(code, reason),
  };
  socket.onopen = () => opened.resolve(open);
  socket.onerror = () => opened.reject(new Error('the socket did not open'));
  socket.onclose = ({ code, reason }) => {
    transcript.code = code;
    transcript.reason = reason;
    closed.resolve(transcript);
  };
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      const text = JSON.parse(data);
      transcript.texts.push(text);
      options.onText?.(text, open);
      return;
    }
    const command = new Uint8Array(data as ArrayBuffer);
    transcript.commands.push(command);
    options.onCommand?.(command, open);
  };
  return opened.promise;
}

/** Runs a whole session with a chip and gives what the phone saw. */
export async function relay(
  url: string,
  chip: Transceiver,
  start: string = startMessage(),
  headers: Record<string, string> = {},
): Promise<Transcript> {
  const socket = await openSocket(url, {
    headers,
    onCommand: (command, open) =>
      void chip.transceive(command).then((answer) => {
        if (open.transcript.code === 0) open.send(answer);
      }),
  });
  socket.send(start);
  return await socket.closed;
}

/** Statuses of a transcript, in order. */
export function statuses({ texts }: Transcript): unknown[] {
  return texts.flatMap(({ status }) => status === undefined ? [] : [status]);
}

/** The passport of a transcript, if it was sent. */
export function passportOf({ texts }: Transcript): Record<string, unknown> | undefined {
  return texts.map(({ emrtd_passport: passport }) => passport).find((passport) =>
    passport !== undefined
  ) as Record<string, unknown> | undefined;
}
