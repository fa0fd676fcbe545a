/** `gatehouse pki list`: what the trust store holds. */
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { day, describeCertificate, keyName } from './describe.ts';
import { readTime } from '../read-time.ts';
import { readTrustStore, trustFolder } from '../trust-folder.ts';
import type { TrustStore } from '../../emrtd/pki/mod.ts';

export const help = `Usage: gatehouse pki list [--country XX] [--trust DIR] [--json]

Lists the CSCA certificates, CRLs and deviation lists of the trust store.

  --country XX  only certificates of this state (two letters)
  --trust DIR   the trust folder; default "trust" in the data folder
  --data DIR    the data folder; default data.folder of the configuration
  --at TIME     judge as of this time instead of now
  --json        one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    country: TEXT,
    trust: TEXT,
    data: TEXT,
    at: TEXT,
    json: FLAG,
  }, 0);
  const store = await readTrustStore(trustFolder(values));
  const country = values.country?.toUpperCase();
  const anchors = [...store.contents.anchors.values()]
    .filter(({ object }) => country === undefined || object.subject.country === country)
    .sort((a, b) => order(a.object).localeCompare(order(b.object)));
  const crls = [...store.contents.crls.values()];
  if (values.json) {
    io.stdout(
      JSON.stringify({
        certificates: anchors.map(({ object, sources }) => describeCertificate(object, sources)),
        documentSigners: store.documentSigners.size,
        crls: crls.map(({ object, sources }) => ({
          issuer: object.issuer.toString(),
          thisUpdate: object.thisUpdate.toISOString(),
          nextUpdate: object.nextUpdate?.toISOString() ?? null,
          revoked: object.size,
          sources,
        })),
        deviationLists: deviationLists(store),
      }) + '\n',
    );
    return EXIT.ok;
  }
  const at = readTime(values.at);
  if (anchors.length > 0) {
    io.stdout(table([
      ['state', 'subject', 'serial', 'until', 'key', 'SHA-256', ''],
      ...anchors.map(({ object, sources }) => [
        object.subject.country,
        shorten(object.subject.toString()),
        object.serialHex,
        day(object.notAfter),
        keyName(object),
        object.fingerprint.slice(0, 16),
        [
          object.notAfter < at ? 'expired' : '',
          object.selfIssued ? '' : 'link',
          sources.some(({ kind }) => kind === 'root') ? 'vouches for lists' : '',
        ].filter((word) => word !== '').join(', '),
      ]),
    ]));
  }
  if (crls.length > 0) {
    io.stdout(
      '\n' + table([
        ['CRL of', 'from', 'until', 'revoked'],
        ...crls.map(({ object }) => [
          object.issuer.toString(),
          day(object.thisUpdate),
          object.nextUpdate === undefined ? '' : day(object.nextUpdate),
          String(object.size),
        ]),
      ]),
    );
  }
  io.stdout(
    `\n${anchors.length} CSCA certificates, ${store.documentSigners.size} document signers, ` +
      `${crls.length} CRLs, ${store.contents.deviationLists.size} deviation lists\n`,
  );
  return EXIT.ok;
}

/** Names longer than a terminal line is wide lose their end; `pki show` has them in full. */
function shorten(subject: string): string {
  return subject.length > 72 ? `${subject.slice(0, 71)}…` : subject;
}

function order(certificate: { subject: { country: string; key: string }; notAfter: Date }): string {
  return [certificate.subject.country, certificate.subject.key, certificate.notAfter.toISOString()]
    .join('\n');
}

function deviationLists(store: TrustStore) {
  return [...store.contents.deviationLists.values()].map(({ object, sources }) => ({
    signer: object.signer,
    entries: object.entries.length,
    sources,
  }));
}
