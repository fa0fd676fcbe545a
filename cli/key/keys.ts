/** The keys of an installation for a command, and how it speaks of them. */
import { describeKey, describeTerms } from '../../server/core/access/key-description.ts';
import {
  type IssuedKey,
  type KeyEntry,
  keyStatus,
  KeyStore,
  type KeyTerms,
} from '../../server/core/access/key-store.ts';
import type { AuditEvent } from '../../server/core/audit/events.ts';
import { withAccess } from '../access.ts';
import type { CommandIo } from '../command.ts';

/** Does something with the keys of the installation of a data folder, which is made when there is none. */
export function withKeys<T>(
  folder: string | undefined,
  work: (keys: KeyStore, data: string) => Promise<T>,
): Promise<T> {
  return withAccess(folder, (access, data) => work(new KeyStore(access), data));
}

/** What the audit trail says of a key that is about to be issued. */
export function issueEvent(id: string, terms: KeyTerms, replaces: string | null): AuditEvent {
  return { kind: 'api-key-issued', id, client: terms.name, ...describeTerms(terms), replaces };
}

/** As commands print an entry with --json. */
export function printedKey(entry: KeyEntry, nowMs: number) {
  return { ...describeKey(entry), status: keyStatus(entry, nowMs) };
}

/** Prints a new key, the only time that it is shown: the key alone on the standard output. */
export function printIssued({ entry, text }: IssuedKey, asJson: boolean, io: CommandIo): void {
  if (asJson) io.stdout(JSON.stringify({ key: text, ...printedKey(entry, Date.now()) }) + '\n');
  else {
    io.stdout(`${text}\n`);
    io.stderr(
      `Key ${entry.id} of ${entry.name}. It is shown this once; the server keeps a hash.\n`,
    );
  }
}
