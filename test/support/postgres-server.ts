/**
 * A real PostgreSQL for tests: a cluster of its own in a temp folder, on a free port of this machine. PostgreSQL
 * refuses to run as root, so root lends it the user of Debian's package, or `nobody`.
 */
import { describe, test } from 'bun:test';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USER = 'gatehouse';
export const PASSWORD = 'correct horse';
const DEBIAN = '/usr/lib/postgresql';

/** The folder with the programs of the newest PostgreSQL that is installed. */
const programs = programFolder();

export const hasPostgres: boolean = programs !== undefined;

/** `describe` where PostgreSQL is installed; elsewhere one skipped test says what is missing. */
export function describeWithPostgres(name: string, body: () => void): void {
  if (hasPostgres) describe(name, body);
  else test.skip(`${name} [skipped: no PostgreSQL here; apt-get install postgresql]`, () => {});
}

export class PostgresServer {
  readonly #folder: string;
  readonly #port: number;
  readonly #settings: readonly string[];
  #process: Bun.Subprocess;
  #databases = 0;

  private constructor(folder: string, port: number, settings: readonly string[]) {
    this.#folder = folder;
    this.#port = port;
    this.#settings = settings;
    this.#process = this.#spawn();
  }

  /**
   * @param settings as in `postgresql.conf`
   * @param tls PEM files; without it the server does not speak TLS
   */
  static async start(
    settings: readonly string[] = [],
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-postgres-'));
    const secret = join(folder, 'password');
    writeFileSync(secret, PASSWORD);
    for (const path of [folder, secret]) give(path);
    const made = Bun.spawnSync([
      ...asUser(),
      join(programs!, 'initdb'),
      `--username=${USER}`,
      '--auth=scram-sha-256',
      `--pwfile=${secret}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      join(folder, 'data'),
    ], { cwd: folder });
    if (made.exitCode !== 0) throw new Error(made.stderr.toString());
    if (tls !== undefined) {
      for (const [from, name] of [[tls.cert, 'server.crt'], [tls.key, 'server.key']]) {
        const path = join(folder, 'data', name);
        writeFileSync(path, readFileSync(from), { mode: 0o600 });
        give(path);
      }
    }
    const server = new PostgresServer(folder, freePort(), [
      ...settings,
      ...(tls === undefined ? [] : ['ssl=on']),
    ]);
    await server.#answers();
    return server;
  }

  /** The address of a new, empty database. */
  async newDatabase(parameters = ''): Promise<string> {
    const database = `test${this.#databases++}`;
    await this.run(`CREATE DATABASE ${database}`);
    return this.url(database) + parameters;
  }

  /** A new database made of a dump of another. */
  async copyOf(url: string): Promise<string> {
    const into = await this.newDatabase();
    const dump = join(this.#folder, 'dump');
    const run = (program: string, ...args: string[]): void => {
      const { exitCode, stderr } = Bun.spawnSync([join(programs!, program), ...args]);
      if (exitCode !== 0) throw new Error(stderr.toString());
    };
    run('pg_dump', '--format=custom', `--file=${dump}`, url);
    run('pg_restore', `--dbname=${into}`, dump);
    return into;
  }

  url(database: string, password: string = PASSWORD): string {
    return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${this.#port}/${database}`;
  }

  get socketFolder(): string {
    return this.#folder;
  }

  /** Runs statements as whoever owns the server. */
  async run(statements: string, database = 'postgres'): Promise<void> {
    const sql = new Bun.SQL(this.url(database));
    try {
      await sql.unsafe(statements);
    } finally {
      await sql.close();
    }
  }

  /** Ends it at once; the next start has to recover what was committed from the log. */
  async crash(): Promise<void> {
    this.#process.kill('SIGQUIT');
    await this.#process.exited;
  }

  async restart(): Promise<void> {
    if (this.#process.exitCode === null) await this.crash();
    this.#process = this.#spawn();
    await this.#answers();
  }

  /** The processes stand still and the connections stay open. */
  freeze(): void {
    this.#signalAll('-STOP');
  }

  thaw(): void {
    this.#signalAll('-CONT');
  }

  async stop(): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true });
  }

  #signalAll(signal: string): void {
    const listed = Bun.spawnSync(['ps', '-o', 'pid=', '--ppid', String(this.#process.pid)]);
    const children = listed.stdout.toString().trim().split(/\s+/);
    Bun.spawnSync(['kill', signal, String(this.#process.pid), ...children]);
  }

  #spawn(): Bun.Subprocess {
    const settings = [
      `port=${this.#port}`,
      `unix_socket_directories=${this.#folder}`,
      'listen_addresses=127.0.0.1',
      ...this.#settings,
    ];
    return Bun.spawn([
      ...asUser(),
      join(programs!, 'postgres'),
      '-D',
      join(this.#folder, 'data'),
      ...settings.flatMap((setting) => ['-c', setting]),
    ], { cwd: this.#folder, stdout: 'ignore', stderr: Bun.file(join(this.#folder, 'log')) });
  }

  async #answers(): Promise<void> {
    for (;;) {
      try {
        return await this.run('SELECT 1');
      } catch (error) {
        if (this.#process.exitCode !== null) {
          throw new Error(readFileSync(join(this.#folder, 'log'), 'utf8'), { cause: error });
        }
        await Bun.sleep(20);
      }
    }
  }
}

function programFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a)).map((version) =>
    join(DEBIAN, version, 'bin')
  );
  const folders = [...newest, ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))
  );
}

/** Whom PostgreSQL runs as, where we are root. */
function lentUser(): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  return ['postgres', 'nobody'].flatMap((name) => users.filter(([user]) => user === name))[0];
}

/** Ends with us, whatever ends us. */
function asUser(): string[] {
  const user = lentUser();
  if (user === undefined) return ['setpriv', '--pdeathsig=QUIT'];
  const [, , uid, gid] = user;
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig=QUIT'];
}

function give(path: string): void {
  const [, , uid, gid] = lentUser() ?? [];
  if (uid !== undefined) chownSync(path, Number(uid), Number(gid));
}

/** A port of this machine that nobody listens on now. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  listener.stop(true);
  return listener.port;
}
