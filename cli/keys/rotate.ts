/** `gatehouse keys rotate`: replaces a private key while the server runs. */
import { basename } from 'node:path';
import { keyFilesIn } from '../../server/core/keys/key-files.ts';
import { rotateSigningKey } from '../../server/core/keys/signing-key.ts';
import { addCaptureKey, pruneCaptureKeys } from '../../server/identy/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import { type KeyFolder, keyFolder } from './folder.ts';

export const help = `Usage: gatehouse keys rotate signing|capture [--withdraw] [--data DIR] [--json]

signing  a new key signs results from now on; the public half of the old one stays published for
         keys.signing_publish_days, its private half is gone
capture  captures are sealed for a new key from now on; old ones open those under way for
         keys.capture_keep_days, then their files are removed

A running server takes the new key within about four seconds.

  --withdraw  signing only: does not publish the old key any more, because somebody else may have it
  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals: [which] } = readArgs(args, {
    withdraw: FLAG,
    data: TEXT,
    json: FLAG,
  }, 1);
  if (which !== 'signing' && which !== 'capture') {
    throw new UsageError('keys rotate needs one of signing, capture');
  }
  if (values.withdraw && which === 'capture') throw new UsageError('--withdraw is for signing');
  const place = await keyFolder(values.data);
  if ((await keyFilesIn(place.folder)).length === 0) {
    io.stderr(`no keys in ${place.folder} yet: the first start makes them\n`);
    return EXIT.negative;
  }
  await auditOperator(place.data, { kind: 'keys-changed', change: which });
  const done = which === 'signing'
    ? await rotateSigning(place, !values.withdraw)
    : await rotateCapture(place);
  if (values.json) io.stdout(JSON.stringify(done) + '\n');
  else io.stdout(Object.entries(done).map(([what, value]) => `${what}: ${value}\n`).join(''));
  return EXIT.ok;
}

async function rotateSigning({ folder, protection }: KeyFolder, publish: boolean) {
  return await rotateSigningKey(folder, protection, { publish, nowMs: Date.now() });
}

async function rotateCapture({ folder, protection, captureKeepMs }: KeyFolder) {
  const made = await addCaptureKey(folder, protection);
  const removed = await pruneCaptureKeys(folder, captureKeepMs, Date.now());
  return { made: basename(made), removed: removed.map((path) => basename(path)) };
}
