/** `gatehouse bundle`: makes a release bundle of this program, and with "verify" checks one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { signingKeyId } from '../../models/mod.ts';
import { IS_COMPILED } from '../../server/core/model-pack.ts';
import {
  type CommandIo,
  EXIT,
  FLAG,
  readArgs,
  runOrExplain,
  TEXT,
  TEXTS,
  UsageError,
} from '../command.ts';
import { readSigningKey } from '../models/signing-key.ts';
import { VERSION } from '../../server/core/version.ts';
import { collectFiles } from './collect.ts';
import * as verify from './verify.ts';
import { BUNDLE_FORMAT, writeBundle } from './write.ts';

export const help = `Usage: gatehouse bundle FILE --sign KEY [options]
       gatehouse bundle verify FILE --key PUBLIC-KEY

Makes one signed archive that brings this program to a site without a network: the program, its model
pack, what is named below, licence texts, a bill of materials (CycloneDX 1.6), files for deployment and
documentation, and the SHA-256 of every file. Equal inputs give equal archives.

  --sign KEY    the Ed25519 private key (PEM) to sign it and its packs with, as "openssl genpkey
                -algorithm ed25519" makes it
  --deb FILE    the Debian package
  --image FILE  an image archive, with its bill of materials (FILE, .cdx.json instead of .tar) beside it;
                may be repeated
  --pack PATH   a further model pack, folder or .gpack file; may be repeated
  --trust FILE  a master list, certificate or CRL for "gatehouse pki import"; may be repeated
  --json        one JSON object instead of text

"gatehouse bundle verify --help" explains the other side.
`;

export const subcommands = ['verify'];

const INFO = {
  format: BUNDLE_FORMAT,
  product: 'gatehouse',
  version: VERSION,
  platform: 'linux-x64',
} as const;

export async function run(args: string[], io: CommandIo): Promise<number> {
  if (args[0] === 'verify') return await runOrExplain(verify, args.slice(1), io);
  const { values, positionals } = readArgs(args, {
    sign: TEXT,
    deb: TEXT,
    image: TEXTS,
    pack: TEXTS,
    trust: TEXTS,
    json: FLAG,
  });
  if (positionals.length !== 1) throw new UsageError('bundle needs one file to write');
  if (values.sign === undefined) throw new UsageError('bundle needs --sign KEY');
  if (!IS_COMPILED) {
    throw new UsageError('a bundle is made of and by the built program: npm run build');
  }
  const key = await readSigningKey(values.sign);
  const work = await mkdtemp(join(tmpdir(), 'gatehouse-bundle-'));
  try {
    const files = await collectFiles(values, key, work);
    const file = resolve(positionals[0]);
    await writeBundle(file, INFO, files, key);
    const { size: bytes } = Bun.file(file);
    const signedBy = signingKeyId(key);
    if (values.json) io.stdout(JSON.stringify({ file, version: VERSION, bytes, signedBy }) + '\n');
    else io.stdout(`${file}: ${Math.round(bytes / 1e6)} MB, signed by ${signedBy}\n`);
    return EXIT.ok;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
