/** What the metrics say of a licence, its volume and the storage of records. */
import { expect, test } from 'bun:test';
import { measureLicence } from '../../../../server/core/licence/licence-metrics.ts';
import { Licensing } from '../../../../server/core/licence/licensing.ts';
import { contentTypeFor, writeMetrics } from '../../../../server/core/metrics/exposition.ts';
import { Registry } from '../../../../server/core/metrics/registry.ts';
import { licensed } from '../../support/licences.ts';
import { parseMetrics } from '../../support/scrape.ts';

/** Names without what they begin with -> values; zeros of the statuses left out. */
async function measured(licensing: Licensing): Promise<Record<string, number>> {
  const registry = new Registry();
  measureLicence(registry, licensing);
  const text = writeMetrics(await registry.collect(), contentTypeFor(null));
  const series = [...parseMetrics(text)].map(([name, value]) =>
    [name.replace(/^gatehouse_/, ''), value] as const
  );
  return Object.fromEntries(series.filter(([name, value]) => !name.includes('{') || value !== 0));
}

test('without a licence there is no end and no limit', async () => {
  expect(await measured(Licensing.evaluation())).toEqual({
    records_writable: 1,
    'licence_status{status="evaluation"}': 1,
    licence_end_timestamp_seconds: Infinity,
    licence_transactions: 0,
    licence_transactions_limit: Infinity,
  });
});

test('a licence has its end, its limit and what is used of it', async () => {
  const volume = { transactions: 2, overage: 'allow', per: 'month' } as const;
  const licensing = licensed({ volume });
  const { exp } = licensing.terms.licence!;
  const bill = async (refid: string) => {
    const pass = licensing.admit({ features: [] });
    await pass.bill({ refid, action: 'MATCH121', outcome: 'answer' });
  };
  await bill('one');
  const expected = {
    records_writable: 1,
    'licence_status{status="valid"}': 1,
    licence_end_timestamp_seconds: exp,
    licence_transactions: 1,
    licence_transactions_limit: 2,
  };
  expect(await measured(licensing)).toEqual(expected);
  await bill('two');
  const { 'licence_status{status="valid"}': _, ...rest } = expected;
  expect(await measured(licensing)).toEqual({
    ...rest,
    'licence_status{status="overage"}': 1,
    licence_transactions: 2,
  });
});
