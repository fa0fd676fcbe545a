/**
 * The nodes that run on one database, each with the ids of its keys: what one of them gives out another has to
 * be able to open and to check, so a node with keys of its own is not let in.
 */
import type { Postgres } from '../database/postgres.ts';
import { ServerError } from '../errors.ts';
import type { Logger } from '../logging.ts';

/** How often a node says that it is there. */
const BEAT_MS = 5000;
/** A node that was not heard of for so long is gone. */
const GONE = "interval '30 seconds'";

/** Ids of the keys of a node. */
export interface NodeKeys {
  readonly signing: { readonly keyId: string };
  readonly capture: { readonly ids: readonly string[] };
}

export interface NodesOptions {
  /** Of this node, for logs and the audit trail. */
  readonly name: string;
  readonly keys: NodeKeys;
  readonly log: Logger;
}

interface Row {
  name: string;
  signing_key: string;
  capture_keys: string;
}

export class Nodes {
  readonly #database: Pick<Postgres, 'query'>;
  readonly #options: NodesOptions;
  readonly #id = crypto.randomUUID();
  /** The other nodes whose keys are not ours, as the log has them. */
  #said = '';
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(database: Pick<Postgres, 'query'>, options: NodesOptions) {
    this.#database = database;
    this.#options = options;
    // a database that is gone is told of elsewhere
    this.#timer = setInterval(() => void this.beat().catch(() => {}), BEAT_MS);
    this.#timer.unref();
  }

  /**
   * Joins the others.
   * @throws ServerError CONFIG_INVALID when one of them has no key in common with this node; STORAGE_FAILED
   */
  static async join(database: Pick<Postgres, 'query'>, options: NodesOptions): Promise<Nodes> {
    for (const other of await others(database, '00000000-0000-0000-0000-000000000000')) {
      if (!haveNothingInCommon(other, options.keys)) continue;
      throw new ServerError(
        'CONFIG_INVALID',
        `database.url: the node ${other.name} runs on this database with other keys: ` +
          'give all nodes the same keys folder (docs/storage.md)',
      );
    }
    const nodes = new Nodes(database, options);
    await nodes.beat();
    return nodes;
  }

  /** Says that this node is there, and with which keys. @throws ServerError STORAGE_FAILED */
  async beat(): Promise<void> {
    const { name, keys } = this.#options;
    await this.#database.query(
      `INSERT INTO node VALUES ($1::text::uuid, $2, $3, $4, now()) ON CONFLICT (id) DO UPDATE SET
        signing_key = excluded.signing_key, capture_keys = excluded.capture_keys, seen = now()`,
      [this.#id, name, keys.signing.keyId, keys.capture.ids.join()],
    );
    await this.#database.query(`DELETE FROM node WHERE seen < now() - ${GONE}`);
    this.#warn(await others(this.#database, this.#id));
  }

  /** During a rotation keys differ for a while; when they stay so, half of all captures do not open. */
  #warn(rows: readonly Row[]): void {
    const { keys, log } = this.#options;
    const different = rows.filter((other) => !haveAll(other, keys)).map(({ name }) => name);
    const said = different.toSorted().join();
    if (said === this.#said) return;
    this.#said = said;
    if (different.length > 0) log.warn('nodes-keys-differ', { nodes: different });
    else log.info('nodes-keys-same');
  }

  /** Leaves the others. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.#database.query('DELETE FROM node WHERE id = $1::text::uuid', [this.#id])
      // the others find out by themselves
      .catch(() => {});
  }
}

async function others(database: Pick<Postgres, 'query'>, id: string): Promise<readonly Row[]> {
  return await database.query<Row>(
    `SELECT name, signing_key, capture_keys FROM node
      WHERE id <> $1::text::uuid AND seen >= now() - ${GONE} ORDER BY name`,
    [id],
  );
}

function haveNothingInCommon(other: Row, { signing, capture }: NodeKeys): boolean {
  const theirs = other.capture_keys.split(',');
  return other.signing_key !== signing.keyId && !capture.ids.some((id) => theirs.includes(id));
}

function haveAll(other: Row, { signing, capture }: NodeKeys): boolean {
  return other.signing_key === signing.keyId && other.capture_keys === capture.ids.join();
}
