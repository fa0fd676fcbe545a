/**
 * The demonstration of DocVal: specimen chips for the page at `/docval`, a client id that is good for this
 * process only, and a trust store of its own. Sessions run where `server/mod.ts` puts them: in the code of
 * every other session, apart from the clients and the trust store of the installation.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { TrustStore } from '../../emrtd/mod.ts';
import { isLocalRequest, isLoopback } from '../core/http/loopback.ts';
import {
  asksForSocket,
  refuseUpgrade,
  type Upgrade,
  type UpgradeServer,
  upgradeTo,
} from '../core/http/sockets.ts';
import { SigningKey } from '../core/keys/signing-key.ts';
import { type DemoAnswer, SPECIMEN_IDS, type SpecimenId } from './answer.ts';
import { ChipSocket } from './chip-socket.ts';
import { Specimens } from './specimens.ts';

/** Where the demonstration tells of itself, offers its chips and takes sessions. */
export const DEMO_PATHS = {
  info: '/docval/demo',
  chip: '/docval/chip',
  session: '/docval/session',
} as const;

/** Chips on readers at one time. */
const MAX_CHIPS = 32;

export interface DemoOptions {
  /** Address that the server listens on. */
  readonly host: string;
  /** `auto`: where the server and the request stay on this machine. */
  readonly mode: 'auto' | 'on' | 'off';
  readonly now: () => Date;
}

/** The sessions of the demonstration, as the server set them up. */
interface SessionSockets {
  upgrade(request: Request, server: UpgradeServer): Upgrade;
}

/** The demonstration, or undefined where it has to be off: on any other address unless it is switched on. */
export function openDemo({ host, mode, now }: DemoOptions): DocvalDemo | undefined {
  if (mode === 'off' || (mode === 'auto' && !isLoopback(host))) return undefined;
  return new DocvalDemo(now, mode === 'auto');
}

function digestOf(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}

export class DocvalDemo {
  /** The access key of the page, drawn anew for each process. */
  readonly clientId: string = `demo-${crypto.getRandomValues(new Uint8Array(32)).toHex()}`;
  readonly #clientDigest = digestOf(this.clientId);
  readonly #specimens: Specimens;
  readonly #localOnly: boolean;
  readonly #chips = new Set<ChipSocket>();
  #key: Promise<SigningKey> | undefined;

  constructor(now: () => Date, localOnly: boolean) {
    this.#specimens = new Specimens(now);
    this.#localOnly = localOnly;
  }

  /** What sessions of the demonstration rest on: the specimen authorities and nothing else. */
  get trust(): { current(): Promise<TrustStore> } {
    return { current: async () => this.#specimens.trust };
  }

  /** Signs what it says of specimens, with a key of its own that nobody publishes or keeps. */
  get signer(): Pick<SigningKey, 'sign' | 'keyId'> {
    return {
      keyId: 'demonstration',
      sign: async (payload, type) =>
        await (await (this.#key ??= SigningKey.generate())).sign(payload, type),
    };
  }

  /** Whether a request may have anything of the demonstration. */
  admits(request: Request): boolean {
    return !this.#localOnly || isLocalRequest(request);
  }

  answer(): DemoAnswer {
    return { enabled: true, clientId: this.clientId, specimens: this.#specimens.list };
  }

  /** Makes a session of a request to the one path, a chip on a reader of a request to the other. */
  upgrade(request: Request, server: UpgradeServer, sessions: SessionSockets): Upgrade {
    const { pathname, searchParams } = new URL(request.url);
    const isSession = pathname === DEMO_PATHS.session;
    if (!(isSession || pathname === DEMO_PATHS.chip) || !this.admits(request)) return undefined;
    return isSession
      ? sessions.upgrade(request, server)
      : this.#insert(searchParams, request, server);
  }

  /** `?specimen=ID&client_id=ID` */
  #insert(searchParams: URLSearchParams, request: Request, server: UpgradeServer): Upgrade {
    if (!asksForSocket(request)) {
      return refuseUpgrade(426, 'this is a WebSocket endpoint', { Upgrade: 'websocket' });
    }
    const id = searchParams.get('specimen');
    const key = digestOf(searchParams.get('client_id') ?? '');
    if (!timingSafeEqual(key, this.#clientDigest) || !isSpecimen(id)) {
      return refuseUpgrade(403, 'no such specimen for this client', {});
    }
    if (this.#chips.size >= MAX_CHIPS) return refuseUpgrade(503, 'busy', { 'Retry-After': '1' });
    const owner = new ChipSocket(
      this.#specimens.insert(id),
      (socket) => this.#chips.delete(socket),
    );
    const upgrade = upgradeTo(owner, request, server);
    if (upgrade === 'upgraded') this.#chips.add(owner);
    return upgrade;
  }

  /** Takes all chips off their readers; for the end of the server. */
  close(): void {
    for (const socket of this.#chips) socket.end();
  }
}

function isSpecimen(id: string | null): id is SpecimenId {
  return SPECIMEN_IDS.some((known) => known === id);
}

/** `GET /docval/demo`, which also answers where the demonstration is off. */
export function docvalDemoRoutes(demo: DocvalDemo | undefined): Hono {
  const app = new Hono();
  app.get(DEMO_PATHS.info, (c) => {
    const answer: DemoAnswer = demo?.admits(c.req.raw) ? demo.answer() : { enabled: false };
    return c.json(answer);
  });
  return app;
}
