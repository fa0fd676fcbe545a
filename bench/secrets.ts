/**
 * `npm run bench -- secrets`: what a dump of the server's memory, its log, its temp folder and its data folder
 * hold of the secrets and persons it has worked with, while it does so and some time after. From the sources
 * (`--binary sources`) a snapshot of its JavaScript heap is searched as well.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { decryptKey } from '../server/core/keys/encrypted-key.ts';
import { administrator } from './appliance/console.ts';
import { install, type Installation } from './appliance/installation.ts';
import { check, madeOn, markdownTable, programOf, writeSection } from './appliance/page.ts';
import { BILLED_KINDS, FREE_KINDS } from './appliance/requests.ts';
import { type Server, startServer } from './appliance/server.ts';
import { Traffic } from './appliance/traffic.ts';
import { memoryOf } from './secrets/memory.ts';
import {
  fileNeedles,
  type Found,
  keyNeedles,
  type Needle,
  pictureNeedles,
  search,
  textNeedles,
} from './secrets/needles.ts';
import { benchmarkSelfies, selfieOf } from './selfies.ts';

const USE_MS = 8000;
/** Kept by the server as long as it runs: what keys are opened with, and settings. */
const LASTING = ['passphrase', 'client id'];
/** Starts a program that may leave core files of any size. */
const UNLIMITED = ['sh', '-c', 'ulimit -c unlimited && exec "$@"', 'sh'];
const HOLDER = {
  format: 'TD3',
  documentCode: 'P',
  issuingState: 'UTO',
  documentNumber: 'QX7731KLM',
  nationality: 'UTO',
  dateOfBirth: '810917',
  sex: 'F',
  dateOfExpiry: '331104',
  primaryIdentifier: 'ZWARTENBERGX',
  secondaryIdentifier: 'WILHELMINAQ',
} as const;

/** `--after N` seconds (60), `--binary FILE | sources`, `--write`: the table into docs/robustness.md. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      after: { type: 'string', default: '60' },
      binary: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (process.getuid?.() !== 0) {
    console.log('the search is skipped: it needs root, to read the memory of another process');
    return;
  }
  const afterS = Number(values.after);
  const passphrase = `phrase-${crypto.randomUUID()}`;
  const photo = await selfieOf('Aaron_Guiel_0001');
  const fromSources = values.binary === 'sources';
  const program = programOf(values.binary);
  if (fromSources) program.splice(1, 0, '--preload', `${import.meta.dir}/secrets/heap-snapshot.ts`);
  const installation = await install(program, {
    holder: HOLDER,
    photo,
    passphrase,
  });
  const { folder } = installation;
  let server: Server | undefined;
  try {
    // the first start makes the keys; this is about one that has them
    await (await startServer(installation)).stop();
    const snapshot = join(folder, 'server.heapsnapshot');
    server = await startServer(installation, {
      wrapper: UNLIMITED,
      env: fromSources ? { HEAP_SNAPSHOT: snapshot } : {},
    });
    const needles = await needlesOf(installation, passphrase, photo);
    const { url } = server;
    const traffic = await Traffic.start({
      installation,
      url: () => url,
      clients: 4,
      kinds: [...BILLED_KINDS, administrator()],
    });
    await Bun.sleep(USE_MS);
    const during = searchMemory(server, needles);
    await traffic.stop();
    const calm = await Traffic.start({
      // without a key: nothing that is searched for is used any more
      installation: { ...installation, headers: {} },
      url: () => url,
      clients: 1,
      perSecond: 2,
      kinds: FREE_KINDS.filter(({ name }) => name !== 'a wrong key' && name !== 'metrics'),
    });
    await Bun.sleep(afterS * 1000);
    await calm.stop();
    const after = searchMemory(server, needles);
    const heap = fromSources ? await searchHeap(server, snapshot, needles) : undefined;
    const files = {
      log: searchFiles([server.logFile], needles),
      temp: searchFiles(filesIn(installation.env.TMPDIR), needles),
      data: searchFiles(filesIn(installation.data), needles),
    };
    const dumped = await crash(server);
    const secrets = [...new Set(needles.map(({ secret }) => secret))];
    const rows = secrets.map((secret) => [
      secret,
      ...[during, after, files.log, files.temp, files.data].map((found) =>
        shown(found.get(secret))
      ),
    ]);
    for (const [secret, ...cells] of rows) console.log(`${secret}: ${cells.join(' | ')}`);
    if (heap !== undefined) checkHeap(heap, secrets);
    for (const secret of secrets) {
      for (const [place, found] of Object.entries(files)) {
        check(`${secret} in ${place}`, !found.has(secret), shown(found.get(secret)));
      }
    }
    check('core file of a crash', dumped === 0, `${dumped} files`);
    const control = Bun.spawnSync([...UNLIMITED, 'sh', '-c', 'kill -SEGV $$'], { cwd: folder });
    const cores = coresIn(folder);
    check('control: a shell leaves one', cores === 1, `${cores} files, ${control.signalCode}`);
    const head = ['', 'memory, in use', `memory, ${afterS} s after`, 'log', 'temp', 'data'];
    if (values.write) {
      await writeSection('secrets', `${madeOn()}\n\n${markdownTable([head, ...rows])}`);
    }
  } finally {
    if (server?.alive) await server.stop();
    await installation.remove();
  }
}

/** Lets the server crash as native code would. @returns how many core files that left */
async function crash(server: Server): Promise<number> {
  server.kill('SIGSEGV');
  await server.ended;
  return coresIn(dirname(server.logFile));
}

function coresIn(folder: string): number {
  return readdirSync(folder).filter((name) => name.startsWith('core')).length;
}

async function needlesOf(
  installation: Installation,
  passphrase: string,
  photo: Uint8Array,
): Promise<Needle[]> {
  const { apiKey, clientId, admin, data } = installation;
  const keys = join(data, 'keys');
  const pem = async (name: string) =>
    await decryptKey(readFileSync(join(keys, name), 'utf8'), passphrase, name);
  const [selfie, reference] = await benchmarkSelfies();
  return [
    ...keyNeedles('signing key', await pem('verdict-signing.pem')),
    ...keyNeedles('capture key', await pem('capture-1.pem')),
    ...textNeedles('passphrase', passphrase),
    ...textNeedles('API key', apiKey),
    ...textNeedles('client id', clientId),
    ...textNeedles('password', admin.password),
    ...textNeedles('TOTP secret', admin.totpSecret),
    ...await pictureNeedles('selfie', selfie),
    ...await pictureNeedles('reference picture', reference),
    ...fileNeedles('portrait of the chip', photo),
    ...textNeedles('name of the holder', HOLDER.primaryIdentifier),
    ...textNeedles('document number', HOLDER.documentNumber),
  ];
}

function searchMemory(server: Server, needles: readonly Needle[]): Found {
  const found: Found = new Map();
  server.kill('SIGSTOP');
  try {
    for (const { bytes } of memoryOf(server.pid)) search(bytes, needles, found);
  } finally {
    server.kill('SIGCONT');
  }
  return found;
}

async function searchHeap(
  server: Server,
  snapshot: string,
  needles: readonly Needle[],
): Promise<Found> {
  server.kill('SIGUSR2');
  while (!existsSync(snapshot)) await Bun.sleep(100);
  return searchFiles([snapshot], needles);
}

/** What stays for as long as the server runs is there, which shows that the search finds texts; nothing else is. */
function checkHeap(heap: Found, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const stays = LASTING.includes(secret);
    check(
      `${stays ? 'control: ' : ''}${secret} in the heap snapshot`,
      heap.has(secret) === stays,
      shown(heap.get(secret)),
    );
  }
}

function searchFiles(paths: readonly string[], needles: readonly Needle[]): Found {
  const found: Found = new Map();
  for (const path of paths) search(readFileSync(path), needles, found);
  return found;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

function shown(forms: ReadonlyMap<string, number> | undefined): string {
  return [...forms ?? []].map(([form, times]) => `${times} x ${form}`).join(', ') || '-';
}
