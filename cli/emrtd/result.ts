/** What was read from a chip, as a table and as JSON. */
import type { DocumentResult } from '../../emrtd/reader/mod.ts';
import { type CommandIo, table } from '../command.ts';

function accessText({ access }: DocumentResult): string {
  if (access.protocol !== 'PACE') return access.protocol;
  return `PACE ${access.info.mapping}, ${access.domainName}, ${access.info.cipher}`;
}

/** Verdicts, holder, checks that did not pass, and findings. */
export function print(result: DocumentResult, io: CommandIo): void {
  const { passiveAuthentication, groups } = result;
  const rows: string[][] = [
    ['document', passiveAuthentication.authentic ? 'authentic' : 'NOT AUTHENTIC'],
    ['complete', result.complete ? 'yes' : 'NO'],
    ['access', accessText(result)],
    ['chip authentication', result.chipAuthentication.outcome],
    ['chip authentication mapping', result.chipAuthenticationMapping.outcome],
    ['active authentication', result.activeAuthentication.outcome],
  ];
  const mrz = groups.dg1;
  if (mrz !== undefined) {
    rows.push(
      ['document number', mrz.documentNumber],
      ['issuing state', mrz.issuingState],
      ['name', [mrz.primaryIdentifier, mrz.secondaryIdentifier.join(' ')].join(', ')],
      ['nationality', mrz.nationality],
      ['date of birth', mrz.dateOfBirth.text],
      ['date of expiry', mrz.dateOfExpiry.text],
    );
  }
  for (const image of groups.dg2?.images ?? []) {
    rows.push(['face image', `${image.format}, ${image.bytes.length} bytes, ${image.record}`]);
  }
  const { apdus, bytesSent, bytesReceived } = result.statistics;
  rows.push(['exchanged', `${apdus} APDUs, ${bytesSent} bytes out, ${bytesReceived} bytes in`]);
  io.stdout(table(rows));
  io.stdout(
    '\n' + table([
      ['check', 'status', 'reason'],
      ...result.checks.map(({ check, status, reason }) => [check, status, reason]),
      ...(mrz?.checks ?? []).map(({ check, status, reason }) => [`mrz.${check}`, status, reason]),
    ]),
  );
  if (result.findings.length > 0) {
    io.stdout(
      '\n' + table([
        ['file', 'finding', 'detail'],
        ...result.findings.map(({ file, code, message }) => [file, code, message]),
      ]),
    );
  }
}

/** The same for programs: bytes in Base64, dates of the zone as they stand. */
export function asJson(result: DocumentResult): unknown {
  const { access, passiveAuthentication: passive } = result;
  return plain({
    authentic: passive.authentic,
    complete: result.complete,
    access: access.protocol === 'PACE'
      ? {
        protocol: access.protocol,
        mapping: access.info.mapping,
        cipher: access.info.cipher,
        domain: access.domainName,
      }
      : { protocol: access.protocol },
    chipAuthentication: result.chipAuthentication.outcome,
    chipAuthenticationMapping: result.chipAuthenticationMapping.outcome,
    activeAuthentication: result.activeAuthentication.outcome,
    passiveAuthentication: {
      signature: passive.signature.valid,
      chain: passive.chain.valid,
      hashes: passive.hashes.valid,
      groups: passive.groups,
    },
    groups: result.groups,
    checks: result.checks,
    findings: result.findings,
    statistics: result.statistics,
  });
}

/** Values that JSON does not know in a form that it does. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.toBase64();
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}
