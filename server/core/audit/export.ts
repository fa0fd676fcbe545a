/**
 * The audit trail as JSON lines, for whoever keeps or examines it elsewhere: one record a line, and a last line
 * with a signature over all bytes before it.
 */
import { z } from 'zod';
import { flawOf } from '../chain/walk.ts';
import type { KeySet } from '../keys/key-set.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import type { StoredRecord } from '../store/record-store.ts';

/** `typ` of the JWS header. */
const EXPORT_TYPE = 'gatehouse-audit-export+jwt';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const LineSchema = z.strictObject({
  seq: z.int().min(1),
  time: z.iso.datetime({ precision: 3 }),
  kind: z.string(),
  /** Actor and details. */
  event: z.unknown(),
  previous: Hash,
  hash: Hash,
});

const SignatureSchema = z.strictObject({ signature: z.string() });

const StatementSchema = z.object({
  iss: z.literal('gatehouse'),
  iat: z.int(),
  records: z.int().min(0),
  /** Of all lines before the signature, with their line feeds. */
  sha256: Hash,
});

/** The lines of an export, without their line feeds. */
export async function* exportLines(
  records: AsyncIterable<StoredRecord>,
  key: Pick<SigningKey, 'sign'>,
  nowMs: number,
): AsyncGenerator<string> {
  const hasher = new Bun.CryptoHasher('sha256');
  let count = 0;
  for await (const record of records) {
    const line = lineOf(record);
    hasher.update(`${line}\n`);
    count++;
    yield line;
  }
  const statement: z.output<typeof StatementSchema> = {
    iss: 'gatehouse',
    iat: Math.floor(nowMs / 1000),
    records: count,
    sha256: hasher.digest('hex'),
  };
  yield JSON.stringify({ signature: await key.sign(statement, EXPORT_TYPE) });
}

function lineOf({ seq, timeMs, topic, body, previous, hash }: StoredRecord): string {
  let event: unknown = body;
  try {
    event = JSON.parse(body);
  } catch {
    // shown as it is
  }
  const time = new Date(timeMs).toISOString();
  return JSON.stringify({ seq, time, kind: topic, event, previous, hash });
}

export interface ExportCheck {
  readonly ok: boolean;
  /** Records in the file as far as they are good. */
  readonly records: number;
  readonly from?: number;
  /** Why it is not. */
  readonly reason?: string;
}

/** Checks the chain of the records in an export and the signature under it. */
export async function checkExport(
  lines: AsyncIterable<string>,
  keys: KeySet,
): Promise<ExportCheck> {
  const hasher = new Bun.CryptoHasher('sha256');
  let last: StoredRecord | undefined, from: number | undefined;
  let records = 0;
  const failed = (reason: string): ExportCheck => ({ ok: false, records, reason });
  for await (const line of lines) {
    const json = jsonOf(line);
    const signature = SignatureSchema.safeParse(json);
    if (signature.success) {
      const { signature: token } = signature.data;
      const reason = await flawOfSignature(token, { records, sha256: hasher.digest('hex') }, keys);
      return reason === undefined
        ? { ok: true, records, ...(from !== undefined && { from }) }
        : failed(reason);
    }
    const record = recordOf(json);
    if (record === undefined) return failed(`line ${records + 1}: no record`);
    const { seq, previous } = last === undefined
      ? record
      : { seq: last.seq + 1, previous: last.hash };
    const flaw = flawOf('audit', record, seq, previous);
    if (flaw !== undefined) return failed(`record ${seq}: ${flaw}`);
    hasher.update(`${line}\n`);
    from ??= seq;
    last = record;
    records++;
  }
  return failed('the last line has no signature');
}

async function flawOfSignature(
  token: string,
  found: { records: number; sha256: string },
  keys: KeySet,
): Promise<string | undefined> {
  const check = await keys.check(token, EXPORT_TYPE);
  if (!check.ok) return `the signature does not hold: ${check.reason}`;
  const statement = StatementSchema.safeParse(check.payload);
  const same = statement.success && statement.data.sha256 === found.sha256 &&
    statement.data.records === found.records;
  return same ? undefined : 'the signature is one of other records';
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function recordOf(json: unknown): StoredRecord | undefined {
  const parsed = LineSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { seq, time, kind: topic, event, previous, hash } = parsed.data;
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return { seq, timeMs: Date.parse(time), topic, body, previous, hash };
}
