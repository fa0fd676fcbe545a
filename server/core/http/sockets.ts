/**
 * WebSockets of the port: one set of transport limits, and each socket kept with the object that its frames
 * go to, so that API families with sockets do not know of each other.
 */
import { currentTrace, type Trace, withTrace } from '../tracing/current.ts';

/** The socket as far as its owner needs it; Bun's ServerWebSocket is one. */
export interface Wire {
  /** @returns bytes written, -1 when they wait for the client, 0 when they were dropped */
  send(data: string | Uint8Array<ArrayBuffer>): number;
  close(code: number, reason?: string): void;
  terminate(): void;
}

/** What becomes of one socket. */
export interface SocketOwner {
  open(wire: Wire): void;
  text(text: string): void;
  binary(bytes: Uint8Array): void;
  /** The socket is gone. */
  closed(code: number, reason: string): void;
}

/** What is kept with a socket: who owns it, and the trace of the request that it was made of. */
export interface SocketData {
  readonly owner: SocketOwner;
  readonly trace: Trace | undefined;
}

/** The server that a request came to, for upgrades. */
export type UpgradeServer = Pick<Bun.Server<SocketData>, 'upgrade'>;

/**
 * What a family says to a request: a Response when it is refused, `upgraded` when there is nothing to answer
 * any more, undefined when the path is not its own.
 */
export type Upgrade = Response | 'upgraded' | undefined;

/** Frames above this are refused by the transport with 1009; the largest honest one is a file of DocVal v2. */
const MAX_FRAME_BYTES = 4 * 2 ** 20 + 512;
/** Bytes waiting for a client that does not read, before it is given up. */
const MAX_UNSENT_BYTES = 16 * 2 ** 20;

/** Handlers for Bun.serve. */
export const socketHandlers: Bun.WebSocketHandler<SocketData> = {
  // the owners' own clocks end silent sockets
  idleTimeout: 0,
  sendPings: false,
  perMessageDeflate: false,
  maxPayloadLength: MAX_FRAME_BYTES,
  backpressureLimit: MAX_UNSENT_BYTES,
  data: {} as SocketData,
  open: (socket) => {
    socket.binaryType = 'uint8array';
    withTrace(socket.data.trace, () => socket.data.owner.open(socket));
  },
  message: ({ data: { owner, trace } }, message) =>
    withTrace(
      trace,
      () => typeof message === 'string' ? owner.text(message) : owner.binary(message),
    ),
  close: ({ data: { owner, trace } }, code, reason) =>
    withTrace(trace, () => owner.closed(code, reason)),
};

/** Makes a socket of a request, or says why not. */
export function upgradeTo(owner: SocketOwner, request: Request, server: UpgradeServer): Upgrade {
  return server.upgrade(request, { data: { owner, trace: currentTrace() } })
    ? 'upgraded'
    : refuseUpgrade(400, 'the WebSocket handshake is not complete', {});
}

/** Whether a request asks for a socket at all. */
export function asksForSocket(request: Request): boolean {
  return request.method === 'GET' && request.headers.get('upgrade')?.toLowerCase() === 'websocket';
}

export function refuseUpgrade(
  status: number,
  message: string,
  headers: Record<string, string>,
): Response {
  return new Response(JSON.stringify({ error: message }), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}
