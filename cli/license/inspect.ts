/** `gatehouse license inspect`: what a licence or a report of a ledger says, and whether its signature holds. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { KeySet } from '../../server/core/keys/key-set.ts';
import { LICENCE_TYPE } from '../../server/core/licence/format.ts';
import {
  licenceToken,
  parseLicConfig,
  readClaims,
  verifyLicence,
} from '../../server/core/licence/read-licence.ts';
import { openVendorKeys, readVendorKeys } from '../../server/core/licence/vendor-keys.ts';
import { REPORT_TYPE, ReportSchema } from '../../server/core/ledger/report.ts';
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
import { installedConfig } from '../settings.ts';
import { licenceRows, reportRows } from './describe.ts';

export const help =
  `Usage: gatehouse license inspect FILE [--key PUBLIC_KEY] [--keys KEY_SET] [--json]

Shows a lic_config.json, a licence by itself, or a file of "license report". Exit code 0 when its
signature holds, 1 when it does not or no key is known for it.

  --key FILE   public key of a vendor (PEM), beside those of this program and of licence.keys
  --keys FILE  key set of the installation that made a report: its /.well-known/jwks.json
  --json       one JSON object instead of text
`;

/** What was found in the file. */
interface Found {
  /** Undefined when the signature holds. */
  readonly flaw: string | undefined;
  readonly claims: object;
  readonly rows: readonly (readonly string[])[];
}

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { key: TEXTS, keys: TEXT, json: FLAG }, 1);
  const [path] = positionals;
  if (path === undefined) throw new UsageError('inspect needs a file');
  const text = await Bun.file(path).text();
  const token = tokenOf(text, path);
  const found = typeOf(token) === REPORT_TYPE
    ? await inspectReport(token, path, values.keys)
    : await inspectLicence(token, path, values.key);
  const { flaw, claims, rows } = found;
  if (values.json) io.stdout(JSON.stringify({ ok: flaw === undefined, flaw, claims }) + '\n');
  else io.stdout(table([...rows, ['signature', flaw ?? 'holds']]));
  return flaw === undefined ? EXIT.ok : EXIT.negative;
}

/** @throws UsageError */
function tokenOf(text: string, path: string): string {
  const direct = licenceToken(text);
  const token = direct ?? licenceToken(parseLicConfig(text, path).face.license);
  if (token === undefined) throw new UsageError(`${path}: neither a licence nor a report`);
  return token;
}

function typeOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).typ;
  } catch {
    return undefined;
  }
}

async function inspectLicence(
  token: string,
  path: string,
  keyFiles: readonly string[],
): Promise<Found> {
  if (typeOf(token) !== LICENCE_TYPE) {
    throw new UsageError(`${path}: neither a licence nor a report`);
  }
  const keys = new Map(await openVendorKeys(installedConfig().licenceKeys));
  for (const file of keyFiles) {
    for (const [id, key] of await readVendorKeys(await Bun.file(file).text(), file)) {
      keys.set(id, key);
    }
  }
  const flaw = await verifyLicence(token, keys, path).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const licence = readClaims(
    Uint8Array.fromBase64(token.split('.')[1], { alphabet: 'base64url' }),
    path,
  );
  return { flaw, claims: licence, rows: licenceRows(licence) };
}

async function inspectReport(
  token: string,
  path: string,
  keySet: string | undefined,
): Promise<Found> {
  const report = ReportSchema.safeParse(decodeJwt(token));
  if (!report.success) throw new UsageError(`${path}: no report that this program knows`);
  const found = { claims: report.data, rows: reportRows(report.data) };
  if (keySet === undefined) {
    return { ...found, flaw: 'not checked: --keys names the key set of the installation' };
  }
  const check = await (await KeySet.parse(await Bun.file(keySet).text(), keySet))
    .check(token, REPORT_TYPE);
  return { ...found, flaw: check.ok ? undefined : check.reason };
}
