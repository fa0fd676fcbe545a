/** `gatehouse emrtd verify`: passive authentication of files read from a document (ICAO 9303-11 5.1). */
import { passiveAuthentication, type PassiveResult } from '../../emrtd/auth/passive.ts';
import type { CheckResult } from '../../emrtd/types.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { readTime } from '../read-time.ts';
import { openTrust, trustFolder } from '../trust-folder.ts';

const GROUPS = Array.from({ length: 16 }, (_, index) => index + 1);

export const help =
  `Usage: gatehouse emrtd verify --sod FILE --dg1 FILE [--dg2 FILE ...] [--trust DIR] [--json]

Checks files of a travel document without the document: the signature of EF.SOD, the chain of its
signer to a CSCA certificate, and the hash of every data group given. This says nothing of the chip:
a copy of the files passes as well.

  --sod FILE       EF.SOD as read, from tag 77 on
  --dg1 ... --dg16 data groups as read, each with its outer tag
  --trust DIR      the trust folder, or a folder with CSCA certificates; default "trust" in the data folder
  --data DIR       the data folder; default data.folder of the configuration
  --at TIME        judge as of this time (2024-06-01) instead of now
  --require-crl    without a usable CRL the chain is not valid
  --json           one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const groupOptions = Object.fromEntries(GROUPS.map((number) => [`dg${number}`, TEXT]));
  const { values, positionals } = readArgs(args, {
    'sod': TEXT,
    'trust': TEXT,
    'data': TEXT,
    'at': TEXT,
    'require-crl': FLAG,
    'json': FLAG,
    ...groupOptions,
  });
  if (values.sod === undefined || positionals.length > 0) {
    throw new UsageError('emrtd verify needs --sod FILE and the data groups, such as --dg1 FILE');
  }
  const groups = new Map<number, Uint8Array>();
  for (const number of GROUPS) {
    const path = (values as Record<string, unknown>)[`dg${number}`];
    if (typeof path === 'string') groups.set(number, await Bun.file(path).bytes());
  }
  const at = readTime(values.at);
  const result = passiveAuthentication({
    sod: await Bun.file(values.sod).bytes(),
    groups,
    trust: await openTrust(trustFolder(values), at),
    at,
    revocation: values['require-crl'] ? 'required' : 'when-available',
  });
  if (values.json) io.stdout(JSON.stringify(asJson(result)) + '\n');
  else print(result, io);
  return result.authentic ? EXIT.ok : EXIT.negative;
}

function asJson(result: PassiveResult) {
  return {
    authentic: result.authentic,
    signature: result.signature,
    chain: result.chain,
    hashes: result.hashes,
    groups: result.groups,
    groupsInSecurityObject: [...result.securityObject?.hashes.keys() ?? []],
    hashAlgorithm: result.hashAlgorithm ?? null,
    signatureAlgorithm: result.signatureAlgorithm,
    path: result.path.map((certificate) => ({
      subject: certificate.subject.toString(),
      serial: certificate.serialHex,
      fingerprint: certificate.fingerprint,
    })),
    deviations: result.deviations,
    findings: result.findings,
  };
}

function print(result: PassiveResult, io: CommandIo): void {
  const word = (valid: boolean): string => valid ? 'valid' : 'NOT VALID';
  const groups = result.groups.map(({ group, status }) => `DG${group} ${status}`).join(', ');
  io.stdout(table([
    ['document', result.authentic ? 'authentic' : 'NOT AUTHENTIC', ''],
    ['signature', word(result.signature.valid), result.signatureAlgorithm],
    [
      'chain',
      word(result.chain.valid),
      result.path.map(({ subject }) => subject.toString()).join('  <-  '),
    ],
    ['hashes', word(result.hashes.valid), groups || 'no data group was given'],
  ]));
  const rows = (verdict: string, checks: readonly CheckResult[]): string[][] =>
    checks.map(({ check, status, reason }) => [verdict, check, status, reason]);
  io.stdout(
    '\n' + table([
      ['verdict', 'check', 'status', 'reason'],
      ...rows('signature', result.signature.checks),
      ...rows('chain', result.chain.checks),
      ...rows('hashes', result.hashes.checks),
    ]),
  );
  if (result.deviations.length + result.findings.length > 0) {
    io.stdout(
      '\n' + table([
        ['deviation of', 'rule', 'detail'],
        ...result.deviations.map(({ subject, rule, detail }) => [subject, rule, detail]),
        ...result.findings.map(({ file, code, message }) => [file, code, message]),
      ]),
    );
  }
}
