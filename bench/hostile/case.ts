/** What the hostile run sends, and what it is made of. */
import type { SealKey } from '../../server/web/face-sdk/seal.ts';
import type { Expected } from './expected.ts';
import type { Gallery } from './pictures.ts';
import type { Random } from './random.ts';
import type { WirePart } from './wire.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Sent by an HTTP client. */
export interface ClientRequest {
  readonly path: string;
  /** Default POST. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Bytes | FormData;
}

/** Sent by hand on bare sockets, for what no HTTP client would send. */
export interface WireRequest {
  readonly wire: readonly WirePart[];
  /** How many sockets do the same at a time; default 1. */
  readonly connections?: number;
  /** How many answers are due on each; default 1. */
  readonly answers?: number;
}

/** One request and the answers that the specification allows. */
export interface Case {
  readonly send: ClientRequest | WireRequest;
  /** Any of them. */
  readonly expect: readonly Expected[];
  /** Milliseconds that it may take; default: what the server allows itself. */
  readonly withinMs?: number;
}

export interface Kind {
  readonly name: string;
  make(sources: Sources): Case | Promise<Case>;
}

/** What cases are made of. */
export interface Sources {
  /** Where the server listens. */
  readonly url: string;
  /** What its `pub_key` gives. */
  readonly key: SealKey;
  readonly gallery: Gallery;
  readonly random: Random;
}

/** Stands in hostile input wherever it could come back: no refusal and no log line may hold it. */
export const MARKER = 'mArKeR9f3c71';

/** Time for a body to arrive that the server under test is given. */
export const BODY_TIMEOUT_MS = 2000;

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)];
export const textBytes = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;
