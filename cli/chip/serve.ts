/** `gatehouse chip serve`: the software chip on a TCP line, hexadecimal in and out. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  personalise,
  type Personalised,
  seededRandom,
  SoftwareChip,
  SPECIMEN_PHOTO,
  specimenHolder,
  usualIssueDay,
} from '../../emrtd/chip/mod.ts';
import { serveChip } from './line.ts';
import {
  activeAuthenticationOption,
  chipAuthenticationOption,
  faultOptions,
  formatOption,
  paceOption,
  USUAL,
  wholeNumber,
} from './options.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, TEXTS, UsageError } from '../command.ts';
import { readTime } from '../read-time.ts';

export const help = `Usage: gatehouse chip serve [options]

Offers the chip of a specimen document on a TCP line: one command APDU per line in hexadecimal, one
answer per line back. A new connection is a card newly put on a reader. Read it with
"gatehouse emrtd read --chip tcp:HOST:PORT". The document is invented and signed by a specimen
authority whose certificate goes into --trust-out; it opens no door of a real issuer.

  --host ADDRESS      address to listen on; default 127.0.0.1
  --port NUMBER       port to listen on; default 8703, 0 for a free one
  --format TD1|TD2|TD3  size of the document; default TD3
  --photo FILE        JPEG or JPEG 2000 of the holder
  --pace M,ID,CIPHER  PACE: mapping GM, IM or CAM, standardised parameters, cipher; may be repeated;
                      default GM,13,AES-128
  --no-pace           without PACE
  --no-bac            without basic access control
  --can DIGITS        card access number; default 123456
  --ca ID,CIPHER[,KEY-ID]  chip authentication; may be repeated; default 13,AES-128
  --no-ca             without chip authentication
  --aa KIND,KEY,HASH  active authentication: rsa,2048,SHA-256 or ecdsa,P-256,SHA-256
  --short             short APDUs only
  --fault NAME        misbehave; may be repeated; "gatehouse chip faults" lists the names
  --fault-after N     good answers before the fault shows, where that applies
  --delay-ms N        for the fault "slow"
  --issued DATE       day of issue; default 30 days ago
  --trust-out DIR     write csca.cer and ds.crl there
  --seed TEXT         other text, other keys
`;

const DEFAULT_PORT = 8703;
/** Extended APDUs of common chips carry a little more than 2 KiB. */
const EXTENDED_BYTES = 2048;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    'host': { type: 'string', default: '127.0.0.1' },
    'port': { type: 'string', default: String(DEFAULT_PORT) },
    'format': { type: 'string', default: 'TD3' },
    'photo': TEXT,
    'pace': { type: 'string', multiple: true },
    'no-pace': FLAG,
    'no-bac': FLAG,
    'can': { type: 'string', default: '123456' },
    'ca': { type: 'string', multiple: true },
    'no-ca': FLAG,
    'aa': TEXT,
    'short': FLAG,
    'fault': TEXTS,
    'fault-after': { type: 'string', default: '0' },
    'delay-ms': { type: 'string', default: '1000' },
    'issued': TEXT,
    'trust-out': TEXT,
    'seed': { type: 'string', default: 'gatehouse specimen' },
  }, 0);
  if (!/^\d{6}$/.test(values.can)) throw new UsageError('--can: six digits');
  const faults = faultOptions(values.fault);
  const holder = specimenHolder(formatOption(values.format));
  const document = personalise({
    seed: values.seed,
    holder,
    photo: values.photo === undefined ? SPECIMEN_PHOTO : await Bun.file(values.photo).bytes(),
    bac: !values['no-bac'],
    pace: values['no-pace'] ? [] : values.pace?.map(paceOption) ?? USUAL.pace,
    can: values.can,
    chipAuthentication: values['no-ca']
      ? []
      : values.ca?.map(chipAuthenticationOption) ?? USUAL.chipAuthentication,
    ...(values.aa === undefined
      ? {}
      : { activeAuthentication: activeAuthenticationOption(values.aa) }),
    issuedAt: values.issued === undefined ? usualIssueDay(new Date()) : readTime(values.issued),
    ...(values.short ? {} : { extendedLength: EXTENDED_BYTES }),
    faults: faults.issue,
  });
  if (values['trust-out'] !== undefined) await writeTrust(values['trust-out'], document);
  let session = 0;
  const server = serveChip(
    () =>
      new SoftwareChip(document.document, {
        random: seededRandom(`${values.seed} session ${session++}`),
        faults: faults.line,
        faultAfter: wholeNumber('--fault-after', values['fault-after']),
        delayMs: wholeNumber('--delay-ms', values['delay-ms']),
      }),
    { host: values.host, port: wholeNumber('--port', values.port) },
  );
  const { documentNumber, dateOfBirth, dateOfExpiry } = holder;
  io.stderr(
    `Chip at tcp:${server.host}:${server.port}, --mrz ${documentNumber},${dateOfBirth},${dateOfExpiry}` +
      ` or --can ${values.can}\n`,
  );
  const { promise: told, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  await told;
  server.stop();
  return EXIT.ok;
}

/** Writes what the specimen documents are checked against. */
export async function writeTrust(folder: string, { csca, crl }: Personalised): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Bun.write(join(folder, 'csca.cer'), csca);
  await Bun.write(join(folder, 'ds.crl'), crl);
}
