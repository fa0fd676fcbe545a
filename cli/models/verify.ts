/** `gatehouse models verify`: every file of a pack against its manifest, and the signature. */
import { type FileStatus, openPack, PackError, verifyPack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { readTrust, TRUST_HELP, TRUST_OPTIONS } from '../pack-trust.ts';
import { reportProgress } from '../progress.ts';

export const help = `Usage: gatehouse models verify [PACK] [options]

Checks a pack folder or .gpack file, by default the pack in use: every hash, the signature, and that
the networks are what the manifest says.

${TRUST_HELP}
Exit code 0 when all is well, 1 when not.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { ...TRUST_OPTIONS, json: FLAG });
  if (positionals.length > 1) throw new UsageError('verify takes one pack');
  const trust = await readTrust(values);
  const { path } = await choosePack(positionals[0], reportProgress(io));
  let files: FileStatus[] = [];
  let verdict: { ok: boolean; code: string; message: string };
  try {
    files = await verifyPack(path);
    const pack = await openPack(path, trust);
    verdict = {
      ok: true,
      code: 'OK',
      message: pack.signed ? 'signed by a trusted key' : 'not signed',
    };
  } catch (error) {
    if (!(error instanceof PackError) || error.code === 'PACK_NOT_FOUND') throw error;
    verdict = { ok: false, code: error.code, message: error.message };
  }
  if (values.json) io.stdout(JSON.stringify({ path, ...verdict, files }) + '\n');
  else {
    if (files.length > 0) io.stdout(table(files.map(({ file, status }) => [status, file])) + '\n');
    io.stdout(`${verdict.ok ? 'valid' : verdict.code}: ${verdict.message}\n`);
  }
  return verdict.ok ? EXIT.ok : EXIT.negative;
}
