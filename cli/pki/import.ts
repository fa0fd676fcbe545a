/** `gatehouse pki import`: adds files to the trust store, all of them or none. */
import { basename, resolve } from 'node:path';
import {
  type ImportFile,
  importInto,
  type ImportReport,
  serialiseTrustStore,
} from '../../emrtd/pki/mod.ts';
import { trustStoreDigest } from '../../server/core/trust-store-file.ts';
import {
  type CommandIo,
  EXIT,
  FLAG,
  readArgs,
  table,
  TEXT,
  TEXTS,
  UsageError,
} from '../command.ts';
import { dataFolder } from '../settings.ts';
import { readTime } from '../read-time.ts';
import { auditOperator } from '../records.ts';
import { readTrustStore, trustFolder, writeTrustStore } from '../trust-folder.ts';

export const help = `Usage: gatehouse pki import [--root FILE] FILE... [--trust DIR] [--json]

Adds CSCA certificates (DER, PEM, PEM bundles), CSCA master lists, LDIF files of the ICAO PKD, CRLs and
deviation lists to the trust store. If one file cannot be read or verified, nothing is changed.

  --root FILE  CSCA certificate that may vouch for master lists and deviation lists, now and later;
               may be repeated. It is added as well. Get it from the state itself, not from the list.
  --trust DIR  the trust folder; default "trust" in the data folder
  --data DIR   the data folder; default data.folder of the configuration
  --at TIME    judge as of this time (2024-06-01) instead of now
  --json       one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    root: TEXTS,
    trust: TEXT,
    data: TEXT,
    at: TEXT,
    json: FLAG,
  });
  const roots = values.root;
  if (positionals.length + roots.length === 0) {
    throw new UsageError('pki import needs files: gatehouse pki import FILE...');
  }
  const files: ImportFile[] = [];
  for (const path of roots) files.push({ ...await open(path), root: true });
  for (const path of positionals) files.push(await open(path));
  const folder = trustFolder(values);
  const { store, report } = importInto(await readTrustStore(folder), files, {
    at: readTime(values.at),
  });
  if (report.accepted) {
    const bytes = serialiseTrustStore(store);
    // a trust folder elsewhere is no part of an installation
    if (resolve(folder) === resolve(trustFolder({ data: values.data }))) {
      await auditOperator(dataFolder(values.data), {
        kind: 'trust-store-imported',
        sha256: trustStoreDigest(bytes),
        files: files.map(({ name }) => name),
        added: report.added.length + report.expired.length,
      });
    }
    await writeTrustStore(folder, bytes);
  }
  if (values.json) io.stdout(JSON.stringify(report) + '\n');
  else print(report, io);
  return report.accepted ? EXIT.ok : EXIT.negative;
}

async function open(path: string): Promise<ImportFile> {
  return { name: basename(path), bytes: await Bun.file(path).bytes() };
}

function print(report: ImportReport, io: CommandIo): void {
  if (report.failure !== undefined) {
    io.stderr(`Nothing was imported: ${report.failure.reason}\n`);
    if (report.failure.code === 'PKI_UNTRUSTED') {
      io.stderr('Pass the CSCA certificate that vouches for the list with --root.\n');
    }
    return;
  }
  io.stdout(table([
    ['added', String(report.added.length), 'new and within their period'],
    ['expired', String(report.expired.length), 'added although their period has ended'],
    ['known', String(report.known.length), 'were there already'],
    ['refused', String(report.refused.length), 'left out'],
  ]));
  if (report.refused.length > 0) {
    io.stdout(
      '\n' + table([
        ['refused', 'subject', 'reason'],
        ...report.refused.map(({ from, subject, reason }) => [from, subject, reason]),
      ]),
    );
  }
}
