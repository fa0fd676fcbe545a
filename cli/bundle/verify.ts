/** `gatehouse bundle verify`: checks a release bundle before anything of it is used. */
import { type CommandIo, EXIT, FLAG, readArgs, TEXTS, UsageError } from '../command.ts';
import { readPublicKey } from '../pack-trust.ts';
import { checkBundle } from './check.ts';
import { BundleError } from './error.ts';

export const help = `Usage: gatehouse bundle verify FILE --key PUBLIC-KEY [--key ...] [--json]

Checks that a bundle was signed with a key you trust and that every byte of it is what was signed. Exit
code 1 when it is not; then use nothing of it.

  --key FILE  an Ed25519 public key (PEM) that may sign; may be repeated. Get it another way than the bundle
  --json      one JSON object instead of text, with the files
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { key: TEXTS, json: FLAG });
  if (positionals.length !== 1) throw new UsageError('bundle verify needs one bundle');
  if (values.key.length === 0) throw new UsageError('bundle verify needs --key PUBLIC-KEY');
  const keys = await Promise.all(values.key.map((path) => readPublicKey('--key', path)));
  const bundle = Bun.file(positionals[0]);
  await bundle.stat();
  try {
    const { info, keyId, files } = await checkBundle(bundle, keys);
    if (values.json) io.stdout(JSON.stringify({ valid: true, ...info, keyId, files }) + '\n');
    else {
      io.stdout(
        `valid: Gatehouse ${info.version} for ${info.platform}, ${files.length} files, signed by ${keyId}\n`,
      );
    }
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const { code, message } = error;
    if (values.json) io.stdout(JSON.stringify({ valid: false, code, reason: message }) + '\n');
    else io.stderr(`refused: ${message} (${code})\n`);
    return EXIT.negative;
  }
}
