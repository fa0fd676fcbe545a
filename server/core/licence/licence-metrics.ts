/** Where the licence stands and how much of its volume is used, and whether records can be stored. */
import type { Registry } from '../metrics/registry.ts';
import type { Licensing } from './licensing.ts';
import { STATUSES } from './standing.ts';

export type MeasuredLicence = Pick<Licensing, 'standing' | 'terms' | 'writable'>;

export function measureLicence(registry: Registry, licensing: MeasuredLicence): void {
  registry.measured('gauge', {
    name: 'gatehouse_records_writable',
    help: 'Whether ledger and audit trail can be written: 1 or 0. At 0 nothing billed is answered.',
  }, (set) => set({}, licensing.writable ? 1 : 0));
  registry.measured('gauge', {
    name: 'gatehouse_licence_status',
    help: 'Where the licence stands: 1 for its status, 0 for all others.',
    labels: { status: STATUSES },
  }, (set) => {
    const { status: current } = licensing.standing;
    for (const status of STATUSES) set({ status }, status === current ? 1 : 0);
  });
  registry.measured('gauge', {
    name: 'gatehouse_licence_end_timestamp_seconds',
    help: 'When the licence ends, before its days of grace; +Inf without a licence.',
  }, (set) => set({}, licensing.terms.licence?.exp ?? Infinity));
  registry.measured('gauge', {
    name: 'gatehouse_licence_transactions',
    help: 'Transactions that were billed in the period of the volume.',
  }, (set) => set({}, licensing.terms.used));
  registry.measured('gauge', {
    name: 'gatehouse_licence_transactions_limit',
    help: 'Transactions that the licence has for a period; +Inf without a limit.',
  }, (set) => set({}, licensing.terms.licence?.volume?.transactions ?? Infinity));
}
