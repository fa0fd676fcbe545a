/** The WebSocket endpoints: which requests become sockets, and which session a frame belongs to. */
import {
  asksForSocket,
  refuseUpgrade,
  type SocketOwner,
  type Upgrade,
  type UpgradeServer,
  upgradeTo,
  type Wire,
} from '../core/http/sockets.ts';
import type { DocvalDeps } from './service.ts';
import { Readings } from './service.ts';
import { CLOSE_TIMEOUT_MS } from './limits.ts';
import { SocketSession } from './socket-session.ts';
import { closeTextV1, V1Session } from './v1-session.ts';
import { closeTextV2, V2Session } from './v2-session.ts';

/** What a session of either version takes from its client. */
interface FrameHandler {
  text(text: string): void;
  binary(bytes: Uint8Array): void;
}

interface OpenedSession {
  readonly session: SocketSession;
  readonly frames: FrameHandler;
}

/** One socket with its session, from the opening to the end. */
class DocvalSocket implements SocketOwner {
  readonly #begin: (wire: Wire) => OpenedSession;
  readonly #ended: (session: SocketSession) => void;
  #opened: OpenedSession | undefined;

  constructor(begin: (wire: Wire) => OpenedSession, ended: (session: SocketSession) => void) {
    this.#begin = begin;
    this.#ended = ended;
  }

  open(wire: Wire): void {
    this.#opened = this.#begin(wire);
  }

  text(text: string): void {
    this.#frames?.text(text);
  }

  binary(bytes: Uint8Array): void {
    this.#frames?.binary(bytes);
  }

  /** What was on its way when the session ended is of no interest. */
  get #frames(): FrameHandler | undefined {
    return this.#opened?.session.over === false ? this.#opened.frames : undefined;
  }

  closed(code: number, reason: string): void {
    if (this.#opened === undefined) return;
    const { session } = this.#opened;
    this.#opened = undefined;
    session.closed(code, reason);
    this.#ended(session);
  }
}

/** Path -> version spoken there. */
export type DocvalPaths = Readonly<Record<string, 'v1' | 'v2'>>;

const PATHS: DocvalPaths = {
  '/ws1/validate': 'v1',
  '/ws2/validate': 'v2',
};

export class DocvalSockets {
  readonly #deps: DocvalDeps;
  readonly #paths: DocvalPaths;
  readonly #readings: Readings;
  readonly #sessions = new Set<SocketSession>();

  /** @param paths default the documented ones */
  constructor(deps: DocvalDeps, paths: DocvalPaths = PATHS) {
    this.#deps = deps;
    this.#paths = paths;
    this.#readings = new Readings(deps.gate, deps.limits.maxReadings);
  }

  /** Makes a socket of a request to one of our paths. */
  upgrade(request: Request, server: UpgradeServer): Upgrade {
    const url = new URL(request.url);
    const protocol = Object.hasOwn(this.#paths, url.pathname)
      ? this.#paths[url.pathname]
      : undefined;
    if (protocol === undefined) return undefined;
    if (!asksForSocket(request)) {
      return refuseUpgrade(426, 'this is a WebSocket endpoint', { Upgrade: 'websocket' });
    }
    if (!this.#deps.gate.open || this.#sessions.size >= this.#deps.limits.maxConnections) {
      return refuseUpgrade(503, 'busy', { 'Retry-After': '1' });
    }
    const returnResult = url.searchParams.get('return_result')?.toLowerCase() === 'true';
    const owner = new DocvalSocket(
      (wire) => this.#open(wire, protocol, returnResult),
      (session) => this.#sessions.delete(session),
    );
    return upgradeTo(owner, request, server);
  }

  #open(wire: Wire, protocol: 'v1' | 'v2', returnResult: boolean): OpenedSession {
    const { log, limits } = this.#deps;
    const closeText = protocol === 'v1' ? closeTextV1 : closeTextV2;
    const session = new SocketSession({ wire, log, limits, protocol, closeText });
    this.#sessions.add(session);
    const frames = protocol === 'v1'
      ? new V1Session(session, this.#deps, this.#readings, returnResult)
      : new V2Session(session, this.#deps, this.#readings);
    return { session, frames };
  }

  /** Ends all sessions that are still there; for the end of the server. */
  async close(): Promise<void> {
    for (const session of this.#sessions) session.end('SERVER_ERROR');
    const lastMs = performance.now() + CLOSE_TIMEOUT_MS;
    while (this.#sessions.size > 0 && performance.now() < lastMs) await Bun.sleep(5);
  }
}
