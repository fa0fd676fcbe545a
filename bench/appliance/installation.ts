/**
 * An installation as a site has one, made by the program's own commands in a folder of its own: licence, API
 * key, administrator, DocVal client, trust store. Everything secret in it is known to the caller.
 */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChipDocument,
  type Holder,
  personalise,
  SoftwareChip,
  SPECIMEN_PHOTO,
  specimenHolder,
  usualIssueDay,
} from '../../emrtd/chip/mod.ts';
import { mrzPassword, readDocument, TrustStore } from '../../emrtd/mod.ts';

const DOMAIN = 'app.example.org';
const CLIENT_ID = `client-${crypto.randomUUID()}`;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export interface Installation {
  /** How to start `gatehouse`, without its arguments. */
  readonly command: readonly string[];
  /** Everything below is in it. */
  readonly folder: string;
  /** The data folder of the server. */
  readonly data: string;
  /** What the server and the commands are started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly apiKey: string;
  readonly clientId: string;
  readonly admin: Admin;
  /** Of the passport that phones relay; its issuer is trusted. */
  readonly document: ChipDocument;
  readonly holder: Holder;
  /** What a client reads from it: `sod`, `dg1` and so on. */
  readonly files: Promise<Readonly<Record<string, Uint8Array<ArrayBuffer>>>>;
  /** Headers of a client that is let in. */
  readonly headers: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

interface Admin {
  readonly name: string;
  readonly password: string;
  /** For one-time passwords, in Base32. */
  readonly totpSecret: string;
}

export interface InstallOptions {
  /** Default: the specimen holder. */
  readonly holder?: Holder;
  /** JPEG on the chip; default the specimen portrait. */
  readonly photo?: Uint8Array;
  /** Of the private keys; default none. */
  readonly passphrase?: string;
  /** Where the data folder is to be; default in the folder of the installation. */
  readonly data?: string;
}

/** @param command how to start `gatehouse` */
export async function install(
  command: readonly string[],
  { holder = specimenHolder('TD3'), photo = SPECIMEN_PHOTO, passphrase, ...options }:
    InstallOptions = {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-site-'));
  const at = (name: string): string => join(folder, name);
  const data = options.data ?? at('data');
  await mkdir(data, { recursive: true, mode: FOLDER_MODE });
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: at('home'),
    TMPDIR: at('tmp'),
    GATEHOUSE_DATA: data,
    GATEHOUSE_API_KEYS: 'required',
    GATEHOUSE_DOCVAL_CLIENTS: at('clients.json'),
    SERVER_CONFIG_PATH: at('lic_config.json'),
    GATEHOUSE_LICENCE_KEY: at('vendor.pub'),
  };
  await Promise.all([mkdir(env.HOME), mkdir(env.TMPDIR)]);
  if (passphrase !== undefined) {
    env.GATEHOUSE_KEYS_PASSPHRASE_FILE = at('passphrase');
    await writeSecret(at('passphrase'), passphrase);
  }
  const clients = [{ name: 'phones', client_id: CLIENT_ID, return_result: true }];
  await writeSecret(at('clients.json'), JSON.stringify({ clients }));
  await Bun.write(join(data, 'gatehouse.toml'), '[log]\nlevel = "info"\n');

  const run = (...args: string[]) => runCommand(command, env, args);
  const { document, csca, crl } = personalise({
    seed: 'gatehouse site',
    holder,
    photo,
    bac: true,
    pace: [{ mapping: 'GM', parameterId: 13, cipher: 'AES-128' }],
    chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }],
    issuedAt: usualIssueDay(new Date()),
  });
  await Promise.all([Bun.write(at('csca.cer'), csca), Bun.write(at('ds.crl'), crl)]);
  await run('license', 'keygen', at('vendor'));
  await run(
    ...['license', 'issue', '--key', at('vendor'), '--customer', 'Bank of Utopia'],
    ...[
      '--begins',
      '2020-01-01',
      '--expires',
      '2099-12-31',
      '--domain',
      DOMAIN,
      '--out',
      at('lic_config.json'),
    ],
  );
  await run('pki', 'import', at('csca.cer'), at('ds.crl'));
  const scopes = 'match,liveness,templates,docval,metrics';
  const key = await run('key', 'create', '--name', 'teller', '--scopes', scopes, '--json');
  const admin = JSON.parse(await run('admin', 'create', 'ops', '--json'));
  const apiKey: string = JSON.parse(key).key;
  return {
    command,
    folder,
    data,
    env,
    apiKey,
    clientId: CLIENT_ID,
    admin: { name: 'ops', password: admin.password, totpSecret: admin.totp_secret },
    document,
    holder,
    files: filesOf(document, holder),
    headers: { 'Authorization': `Bearer ${apiKey}`, 'Referer': `https://${DOMAIN}/` },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function filesOf(document: ChipDocument, holder: Holder) {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const { files } = await readDocument({
    transceiver: new SoftwareChip(document, { random }),
    password: mrzPassword(holder),
    trust: TrustStore.empty,
    clock: () => new Date(),
    random,
  });
  const groups = [...files.groups].map(([group, bytes]) => [`dg${group}`, bytes]);
  return Object.fromEntries([['sod', files.sod], ...groups]);
}

async function writeSecret(path: string, text: string): Promise<void> {
  await Bun.write(path, text);
  await chmod(path, FILE_MODE);
}

/** @returns what a command wrote @throws Error when it failed */
async function runCommand(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const { code, output, errors } = await tryCommand({ command, env }, args);
  if (code !== 0) throw new Error(`gatehouse ${args.join(' ')}: ${errors}`);
  return output;
}

/** What became of a command. */
export interface CommandEnd {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command of the program in an installation. */
export async function tryCommand(
  { command, env }: Pick<Installation, 'command' | 'env'>,
  args: readonly string[],
): Promise<CommandEnd> {
  const child = Bun.spawn([...command, ...args], { env, stdout: 'pipe', stderr: 'pipe' });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output, errors: errors.trim() };
}
