/** The WebSocket endpoints: which requests become sockets, and which session a frame belongs to. */
import type { DocvalDeps } from './service.ts';
import { Readings } from './service.ts';
import { CLOSE_TIMEOUT_MS, MAX_FRAME_BYTES, MAX_UNSENT_BYTES } from './limits.ts';
import { SocketSession, type Wire } from './socket-session.ts';
import { closeTextV1, V1Session } from './v1-session.ts';
import { closeTextV2, V2Session } from './v2-session.ts';

/** What a session of either version takes from its client. */
interface FrameHandler {
  text(text: string): void;
  binary(bytes: Uint8Array): void;
}

/** Kept with each socket. */
export interface SocketData {
  readonly protocol: 'v1' | 'v2';
  readonly returnResult: boolean;
  session?: SocketSession;
  frames?: FrameHandler;
}

const PATHS: Readonly<Record<string, 'v1' | 'v2'>> = {
  '/ws1/validate': 'v1',
  '/ws2/validate': 'v2',
};

function refusal(status: number, message: string, headers: Record<string, string>): Response {
  return new Response(JSON.stringify({ error: message }), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

export class DocvalSockets {
  readonly #deps: DocvalDeps;
  readonly #readings: Readings;
  readonly #sessions = new Set<SocketSession>();

  constructor(deps: DocvalDeps) {
    this.#deps = deps;
    this.#readings = new Readings(deps.gate, deps.limits.maxReadings);
  }

  /**
   * Makes a socket of a request to one of our paths. Gives a Response when the request is refused,
   * `upgraded` when there is nothing to answer any more, and undefined when the path is not ours.
   */
  upgrade(
    request: Request,
    server: Bun.Server<SocketData>,
  ): Response | 'upgraded' | undefined {
    const url = new URL(request.url);
    const protocol = Object.hasOwn(PATHS, url.pathname) ? PATHS[url.pathname] : undefined;
    if (protocol === undefined) return undefined;
    if (request.method !== 'GET' || request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
      return refusal(426, 'this is a WebSocket endpoint', { Upgrade: 'websocket' });
    }
    if (!this.#deps.gate.open || this.#sessions.size >= this.#deps.limits.maxConnections) {
      return refusal(503, 'busy', { 'Retry-After': '1' });
    }
    const returnResult = url.searchParams.get('return_result')?.toLowerCase() === 'true';
    const data: SocketData = { protocol, returnResult };
    return server.upgrade(request, { data })
      ? 'upgraded'
      : refusal(400, 'the WebSocket handshake is not complete', {});
  }

  /** Handlers for Bun.serve. */
  handlers(): Bun.WebSocketHandler<SocketData> {
    return {
      // our own clocks end silent sessions
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
      maxPayloadLength: MAX_FRAME_BYTES,
      backpressureLimit: MAX_UNSENT_BYTES,
      data: {} as SocketData,
      open: (socket) => {
        socket.binaryType = 'uint8array';
        this.#open(socket.data, socket);
      },
      message: ({ data }, message) => {
        // what was on its way when the session ended is of no interest
        if (data.session?.over !== false) return;
        if (typeof message === 'string') data.frames?.text(message);
        else data.frames?.binary(message);
      },
      close: ({ data }, code, reason) => {
        if (data.session === undefined) return;
        data.session.closed(code, reason);
        this.#sessions.delete(data.session);
        data.session = undefined;
        data.frames = undefined;
      },
    };
  }

  #open(data: SocketData, wire: Wire): void {
    const { log, limits } = this.#deps;
    const { protocol, returnResult } = data;
    const closeText = protocol === 'v1' ? closeTextV1 : closeTextV2;
    const session = new SocketSession({ wire, log, limits, protocol, closeText });
    this.#sessions.add(session);
    data.session = session;
    data.frames = protocol === 'v1'
      ? new V1Session(session, this.#deps, this.#readings, returnResult)
      : new V2Session(session, this.#deps, this.#readings);
  }

  /** Ends all sessions that are still there; for the end of the server. */
  async close(): Promise<void> {
    for (const session of this.#sessions) session.end('SERVER_ERROR');
    const lastMs = performance.now() + CLOSE_TIMEOUT_MS;
    while (this.#sessions.size > 0 && performance.now() < lastMs) await Bun.sleep(5);
  }
}
