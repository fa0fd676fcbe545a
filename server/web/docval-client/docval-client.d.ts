/**
 * Relays a passport chip to a DocVal server from JavaScript: `/ws1/validate` as a module without
 * dependencies, for browsers and for programs beside a card reader.
 */
import type { EmrtdPassport } from '../../docval/passport-types.ts';

/** What opens the chip: the number printed on the document, or three fields of its machine readable zone. */
export type AccessKey =
  | { can: string }
  | {
    documentNumber: string;
    /** `yyMMdd`, as in the zone. */
    dateOfBirth: string;
    /** `yyMMdd`, as in the zone. */
    dateOfExpiry: string;
  };

/** Steps of the server in the order in which they come; those that a document has no use for are left out. */
export type DocvalStatus =
  | 'READ_ATR_INFO'
  | 'ACCESS_CONTROL'
  | 'READ_SOD'
  | 'READ_DG14'
  | 'CHIP_AUTHENTICATION'
  | 'READ_DG15'
  | 'ACTIVE_AUTHENTICATION'
  | 'READ_DG1'
  | 'READ_DG2'
  | 'READ_DG7'
  | 'READ_DG11'
  | 'READ_DG12'
  | 'PASSIVE_AUTHENTICATION'
  | 'DONE';

/** The part of a WebSocket that the client uses. */
export type DocvalSocket = Pick<
  WebSocket,
  'binaryType' | 'readyState' | 'send' | 'close' | 'onopen' | 'onmessage' | 'onerror' | 'onclose'
>;

export interface ValidateOptions {
  /** The endpoint, such as `wss://docval.example/ws1/validate`. */
  url: string | URL;
  clientId: string;
  /** Names the verification; comes back with the result. 1 to 256 characters. */
  validationId: string;
  accessKey: AccessKey;
  /**
   * Passes one command APDU to the chip and gives the response APDU, data and status word. Called strictly in
   * turn. `signal` aborts when the session is over. What it throws ends the session with the reason
   * NFC_CHIP_COMMUNICATION_FAILED.
   */
  transceive(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** Whether reader and line take APDUs of extended length. */
  extendedLength: boolean;
  /** Longest command APDU in bytes, where it is known. */
  maxCommandBytes?: number;
  /** Longest response APDU in bytes, where it is known. */
  maxResponseBytes?: number;
  /** Asks for the result; the server gives it to clients that are configured to get it. Default false. */
  returnResult?: boolean;
  /** Asks for `signedResult`, a statement of every check that can be kept as evidence. Default false. */
  signedResult?: boolean;
  /** Short name of the platform for the server. Default `web`. */
  platform?: string;
  /** Called at the beginning of each step. A server may know more steps than this version of the client. */
  onStatus?(status: DocvalStatus | (string & Record<never, never>)): void;
  /**
   * Ends the session from this side with the reason CANCELLED_BY_USER. The client has no clock of its own:
   * `AbortSignal.timeout(ms)` limits the wait for a server that has gone silent.
   */
  signal?: AbortSignal;
  /** Opens the socket; default `new WebSocket(url)`. For runtimes without it, and for proxies. */
  openSocket?(url: string): DocvalSocket;
}

/** How a session ended. A result is there only when it was asked for and the session ran to its end. */
export interface ValidateOutcome {
  /** 1000: the session ran to its end. That says nothing about the document: look at `passport`. */
  closeCode: number;
  /** Close reason as documented, empty with 1000. */
  closeReason: string;
  passport: EmrtdPassport | null;
  /** The signed verdict, a JWS in compact form, from servers that sign. */
  signedResult: string | null;
  /** What `transceive` threw, with the reason NFC_CHIP_COMMUNICATION_FAILED given on this side. */
  cause?: unknown;
}

/**
 * `INVALID_OPTIONS`: nothing was sent. `CONNECTION_FAILED`: the socket did not open. `CONNECTION_LOST`: it
 * ended without a close message. `PROTOCOL_ERROR`: the server sent what the protocol does not allow.
 */
export type DocvalClientErrorCode =
  | 'INVALID_OPTIONS'
  | 'CONNECTION_FAILED'
  | 'CONNECTION_LOST'
  | 'PROTOCOL_ERROR';

/** A session that had no documented end. Messages never repeat the access key or what the chip said. */
export declare class DocvalClientError extends Error {
  readonly name: 'DocvalClientError';
  readonly code: DocvalClientErrorCode;
  constructor(code: DocvalClientErrorCode, message: string);
}

/**
 * Runs one session and resolves when it has ended, whichever side ended it. Rejects with a
 * DocvalClientError, or with what `onStatus` threw.
 */
export declare function validateDocument(options: ValidateOptions): Promise<ValidateOutcome>;
