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

/** What a socket was asked to be. */
interface Asked {
  readonly protocol: 'v1' | 'v2';
  readonly returnResult: boolean;
}

/** Where sockets get their sessions; one for all of them, as idle sockets are many. */
interface SessionKeeper {
  begin(wire: Wire, asked: Asked): { session: SocketSession; frames: FrameHandler };
  ended(session: SocketSession): void;
}

/** One socket with its session, from the opening to the end. */
class DocvalSocket implements SocketOwner {
  readonly #keeper: SessionKeeper;
  readonly #asked: Asked;
  #session: SocketSession | undefined;
  #frames: FrameHandler | undefined;

  constructor(keeper: SessionKeeper, asked: Asked) {
    this.#keeper = keeper;
    this.#asked = asked;
  }

  open(wire: Wire): void {
    const { session, frames } = this.#keeper.begin(wire, this.#asked);
    this.#session = session;
    this.#frames = frames;
  }

  // what was on its way when the session ended is of no interest
  text(text: string): void {
    if (this.#session?.over === false) this.#frames?.text(text);
  }

  binary(bytes: Uint8Array): void {
    if (this.#session?.over === false) this.#frames?.binary(bytes);
  }

  closed(code: number, reason: string): void {
    const session = this.#session;
    if (session === undefined) return;
    session.closed(code, reason);
    this.#keeper.ended(session);
    this.#session = undefined;
    this.#frames = undefined;
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
  readonly #keeper: SessionKeeper = {
    begin: (wire, asked) => this.#begin(wire, asked),
    ended: (session) => this.#sessions.delete(session),
  };

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
      this.#deps.observer?.refused();
      return refuseUpgrade(503, 'busy', { 'Retry-After': '1' });
    }
    const returnResult = url.searchParams.get('return_result')?.toLowerCase() === 'true';
    return upgradeTo(new DocvalSocket(this.#keeper, { protocol, returnResult }), request, server);
  }

  #begin(wire: Wire, { protocol, returnResult }: Asked): ReturnType<SessionKeeper['begin']> {
    const { log, limits, observer } = this.#deps;
    const closeText = protocol === 'v1' ? closeTextV1 : closeTextV2;
    const session = new SocketSession({ wire, log, limits, protocol, closeText, observer });
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
