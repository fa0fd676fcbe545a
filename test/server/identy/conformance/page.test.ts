/** docs/conformance.md is what the rows make of it, so that it cannot fall behind them. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { listed } from './support/listed.ts';
import { NOT_PRODUCED } from './not-produced.ts';
import { renderPage } from './support/page.ts';

const PAGE = join(import.meta.dir, '../../../../docs/conformance.md');

test('the page lists exactly the rows (npm run conformance -- --write writes it)', async () => {
  expect(await Bun.file(PAGE).text()).toBe(renderPage(() => true));
});

test('a row that fails is marked on the page', () => {
  const [{ endpoint, groups: [{ kind, rows: [row] }] }] = listed();
  const page = renderPage((...of) => of.join() !== [endpoint, kind, row.name].join());
  expect(page.match(/\*\*fails\*\*/g)).toHaveLength(1);
});

test('every row has a name of its own, and every row that is not produced is listed', () => {
  const names = listed().flatMap(({ endpoint, groups }) =>
    groups.flatMap(({ kind, rows }) => rows.map(({ name }) => `${endpoint} ${kind} ${name}`))
  );
  expect(names.length).toBe(new Set(names).size);
  expect(names.filter((name) => name.endsWith(': not produced'))).toHaveLength(NOT_PRODUCED.length);
});
