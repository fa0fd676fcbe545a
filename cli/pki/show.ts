/** `gatehouse pki show`: one certificate of the trust store in full. */
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { describeCertificate, sourceName } from './describe.ts';
import { readTrustStore, trustFolder } from '../trust-folder.ts';

export const help = `Usage: gatehouse pki show ID [--trust DIR] [--json]

Shows the certificates whose SHA-256 or subject key identifier begins with ID (at least 6 hex digits).

  --trust DIR  the trust folder; default "trust" in the data folder
  --data DIR   the data folder; default data.folder of the configuration
  --json       one JSON array instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { trust: TEXT, data: TEXT, json: FLAG });
  const id = (positionals[0] ?? '').replaceAll(':', '').toLowerCase();
  if (positionals.length !== 1 || !/^[0-9a-f]{6,64}$/.test(id)) {
    throw new UsageError('pki show needs the first digits of a SHA-256 or key identifier');
  }
  const { anchors, documentSigners } = (await readTrustStore(trustFolder(values))).contents;
  const found = [...anchors.values(), ...documentSigners.values()]
    .map(({ object, sources }) => describeCertificate(object, sources))
    .filter(({ fingerprint, subjectKeyIdentifier }) =>
      fingerprint.startsWith(id) || subjectKeyIdentifier?.startsWith(id) === true
    );
  if (values.json) io.stdout(JSON.stringify(found) + '\n');
  else {
    io.stdout(
      found.map((one) =>
        table([
          ['subject', one.subject],
          ['issuer', one.issuer],
          ['serial', one.serial],
          ['valid', `${one.notBefore} to ${one.notAfter}`],
          ['key', one.key],
          ['SHA-256', one.fingerprint],
          ['subject key identifier', one.subjectKeyIdentifier ?? 'none'],
          ['authority key identifier', one.authorityKeyIdentifier ?? 'none'],
          ...one.deviations.map((deviation) => ['deviation', deviation]),
          ...one.sources.map((source) => ['from', sourceName(source)]),
        ])
      ).join('\n'),
    );
    if (found.length === 0) io.stderr(`no certificate whose identifier begins with ${id}\n`);
  }
  return found.length > 0 ? EXIT.ok : EXIT.negative;
}
