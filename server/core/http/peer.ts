/** The other end of the connection that a request came over; routes find it among Hono's bindings. */
import type { Context } from 'hono';

export interface Peer {
  /** IP address; undefined where it is not known. */
  readonly address: string | undefined;
  /** Of its verified client certificate: the name of the client. */
  readonly certificateName?: string | undefined;
}

/** Type of the applications and contexts that ask for it. */
export type WithPeer = { Bindings: { readonly peer?: Peer } };

const UNKNOWN: Peer = { address: undefined };

export function peerOf({ env }: Context<WithPeer>): Peer {
  // requests that were made up in a test have no connection
  return env?.peer ?? UNKNOWN;
}
