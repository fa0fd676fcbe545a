/** The audit trail: a search, and ever older records under it. */
import type { AuditAnswer, AuditRecordAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { clock, count, day } from './format.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';
import { type Column, tableOf } from './table.ts';

const { column } = strings;

const RECORDS: readonly Column<AuditRecordAnswer>[] = [
  { title: column.time, text: ({ time }) => `${day(time)} ${clock(time)}`, kind: 'time' },
  { title: column.record, text: ({ seq }) => String(seq) },
  { title: column.event, text: ({ kind }) => kind, kind: 'word' },
  { title: column.actor, text: ({ actor }) => actor, kind: 'word' },
  { title: column.details, text: ({ details }) => details, kind: 'code' },
];

let found: readonly AuditRecordAnswer[] = [];
let next: number | null = null;

/** The query for the search as it is written; for older records than those that are shown if asked so. */
export function auditQuery(older: boolean): string {
  const query = new URLSearchParams({ text: element('audit-text', HTMLInputElement).value.trim() });
  if (older && next !== null) query.set('before', String(next));
  return `audit?${query}`;
}

/** @param older whether the records go under those that are shown */
export function showAudit(answer: AuditAnswer, older: boolean): void {
  found = older ? [...found, ...answer.records] : answer.records;
  next = answer.next;
  element('audit-count', HTMLElement).textContent = strings.auditFound(
    count(found.length),
    next !== null,
  );
  element('audit-older', HTMLButtonElement).hidden = next === null;
  renew(
    element('audit-table', HTMLElement),
    found.length === 0
      ? make('p', 'note', strings.noRecords)
      : tableOf(strings.page.audit, RECORDS, found),
  );
}
