/** The audit trail: appends events to its chain. What must be recorded waits for it; what cannot be is not done. */
import { readFileSync } from 'node:fs';
import type { GroupCommit } from '../store/group-commit.ts';
import type { Draft, RecordStore } from '../store/record-store.ts';
import type { Actor, AuditEvent } from './events.ts';

const SERVER: Actor = { type: 'server' };

/** Whoever runs this program, for what is done at the command line; not by the environment, which anyone may set. */
export function operator(): Actor {
  const uid = process.getuid?.() ?? -1;
  return { type: 'operator', uid, user: userName(uid) };
}

/** Name of a local user; users of a directory and of containers have none here. */
function userName(uid: number): string | null {
  try {
    const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
    return users.find((fields) => fields[2] === String(uid))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** As far as a part of the server needs it. */
export type AuditSink = Pick<Audit, 'record' | 'recordChange'>;

/** For parts that leave no trail, such as demonstrations. */
export const NO_AUDIT: AuditSink = { record: async () => {}, recordChange: async () => {} };

export class Audit {
  readonly #store: Pick<RecordStore, 'newest'>;
  readonly #commit: Pick<GroupCommit, 'append'>;
  readonly #nowMs: () => number;
  readonly #node: string | undefined;

  /** @param node stands in every record */
  constructor(
    store: Pick<RecordStore, 'newest'>,
    commit: Pick<GroupCommit, 'append'>,
    nowMs: () => number,
    node?: string,
  ) {
    this.#store = store;
    this.#commit = commit;
    this.#nowMs = nowMs;
    this.#node = node;
  }

  /** Resolves when the event is stored. @throws ServerError STORAGE_FAILED */
  async record(event: AuditEvent, actor: Actor = SERVER): Promise<void> {
    await this.#commit.append(this.#draft(event.kind, this.#bodyOf(event, actor)));
  }

  /** Records an event unless it says what the newest one of its kind says. @throws ServerError STORAGE_FAILED */
  async recordChange(event: AuditEvent, actor: Actor = SERVER): Promise<void> {
    const body = this.#bodyOf(event, actor);
    const newest = await this.#store.newest('audit', event.kind);
    if (newest?.body !== body) await this.#commit.append(this.#draft(event.kind, body));
  }

  #draft(topic: string, body: string): Draft {
    const timeMs = this.#nowMs();
    return { chain: 'audit', topic, make: () => ({ timeMs, body }) };
  }

  #bodyOf({ kind: _, ...details }: AuditEvent, actor: Actor): string {
    return JSON.stringify({ actor, node: this.#node, ...details });
  }
}
