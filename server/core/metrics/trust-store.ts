/** What the trust store holds and how long it will do: certificates and revocation lists grow old unnoticed. */
import type { TrustStore } from '../../../emrtd/mod.ts';
import { DAY_MS } from '../day.ts';
import type { Registry } from './registry.ts';

const KINDS = ['csca', 'document_signer'];
/** Label -> days from now until which certificates count. */
const WITHIN_DAYS = { '30d': 30, '90d': 90 } as const;

export interface MeasuredTrust {
  current(): Promise<TrustStore>;
  /** Whether the file on disk is the store in force; absent: there is no file. */
  readable?(): Promise<boolean>;
}

/** @param now time for validity periods */
export function measureTrustStore(
  registry: Registry,
  trust: MeasuredTrust,
  now: () => Date,
): void {
  registry.measured('gauge', {
    name: 'gatehouse_trust_store_readable',
    help: 'Whether the file on disk is the store in force: 1 or 0.',
  }, async (set) => set({}, await trust.readable?.() === false ? 0 : 1));
  registry.measured('gauge', {
    name: 'gatehouse_trust_store_certificates',
    help: 'Certificates in the trust store, expired ones included.',
    labels: { kind: KINDS },
  }, async (set) => {
    for (const [kind, dates] of await endsOf(trust)) set({ kind }, dates.length);
  });
  registry.measured('gauge', {
    name: 'gatehouse_trust_store_certificates_expired',
    help: 'Certificates whose validity has ended.',
    labels: { kind: KINDS },
  }, async (set) => {
    const nowMs = now().getTime();
    for (const [kind, ends] of await endsOf(trust)) {
      set({ kind }, ends.filter((endMs) => endMs < nowMs).length);
    }
  });
  registry.measured('gauge', {
    name: 'gatehouse_trust_store_certificates_expiring',
    help: 'Certificates that are valid now and end within 30 or 90 days.',
    labels: { kind: KINDS, within: Object.keys(WITHIN_DAYS) },
  }, async (set) => {
    const nowMs = now().getTime();
    for (const [kind, ends] of await endsOf(trust)) {
      for (const [within, days] of Object.entries(WITHIN_DAYS)) {
        const lastMs = nowMs + days * DAY_MS;
        set({ kind, within }, ends.filter((endMs) => endMs >= nowMs && endMs <= lastMs).length);
      }
    }
  });
  registry.measured('gauge', {
    name: 'gatehouse_trust_store_crls',
    help: 'Certificate revocation lists by whether their next update is due.',
    labels: { state: ['current', 'due'] },
  }, async (set) => {
    const { crls } = (await trust.current()).contents;
    const nowMs = now().getTime();
    const due = [...crls.values()].filter(({ object: { nextUpdate } }) =>
      nextUpdate !== undefined && nextUpdate.getTime() < nowMs
    );
    set({ state: 'due' }, due.length);
    set({ state: 'current' }, crls.size - due.length);
  });
}

/** Kind -> ends of validity, milliseconds since 1970 UTC. */
async function endsOf(trust: MeasuredTrust): Promise<[kind: string, endsMs: number[]][]> {
  const { anchors, documentSigners } = (await trust.current()).contents;
  const ends = (stored: typeof anchors) =>
    [...stored.values()].map(({ object }) => object.notAfter.getTime());
  return [['csca', ends(anchors)], ['document_signer', ends(documentSigners)]];
}
