/** A search in the audit trail: newest first, a page at a time, and never longer than the server can spare. */
import { z } from 'zod';
import type { RecordStore, StoredRecord } from '../core/store/record-store.ts';
import type { AuditAnswer, AuditRecordAnswer } from './answer.ts';

/** Records of an answer. */
const MOST_FOUND = 100;
/** Records looked at for an answer. */
const MOST_READ = 20_000;

/** The query of a request. */
export const AuditQuerySchema = z.strictObject({
  /** Text that must be in the kind or the event, in any letter case. */
  text: z.string().max(200).default(''),
  /** Only records before this one. */
  before: z.string().regex(/^[1-9]\d{0,14}$/).transform(Number).optional(),
});

/** @throws ServerError STORAGE_FAILED */
export async function searchAudit(
  store: Pick<RecordStore, 'readBack'>,
  { text, before }: z.output<typeof AuditQuerySchema>,
): Promise<AuditAnswer> {
  const wanted = text.toLowerCase();
  const records: AuditRecordAnswer[] = [];
  let read = 0;
  for await (const record of store.readBack('audit', before)) {
    if (`${record.topic}\n${record.body}`.toLowerCase().includes(wanted)) {
      records.push(answerOf(record));
    }
    read++;
    // the first record of all has the number 1
    const more = record.seq > 1;
    if (more && (records.length === MOST_FOUND || read === MOST_READ)) {
      return { records, next: record.seq };
    }
  }
  return { records, next: null };
}

function answerOf({ seq, timeMs, topic: kind, body }: StoredRecord): AuditRecordAnswer {
  const { actor, ...details } = eventOf(body);
  return {
    seq,
    time: new Date(timeMs).toISOString(),
    kind,
    actor: actorOf(actor),
    details: Object.keys(details).length === 0 ? '' : JSON.stringify(details),
  };
}

/** What is no event is shown as it is. */
function eventOf(body: string): Record<string, unknown> {
  try {
    const event: unknown = JSON.parse(body);
    if (typeof event === 'object' && event !== null) return { ...event };
  } catch {
    // falls through
  }
  return { body };
}

const ActorSchema = z.object({
  type: z.string(),
  name: z.string().optional(),
  user: z.string().nullish(),
});

/** `server`, `operator root`, `client bank`. */
function actorOf(actor: unknown): string {
  const parsed = ActorSchema.safeParse(actor);
  if (!parsed.success) return '';
  const { type, name, user } = parsed.data;
  return [type, name ?? user ?? ''].join(' ').trim();
}
