/** The page of the settings says what the declarations say. */
import { expect, test } from 'bun:test';
import { PAGE, TABLES, withTable } from './settings-table.ts';

const page = await Bun.file(PAGE).text();

test.each(Object.keys(TABLES))(
  'docs/configuration.md has the table of %s; else run bun test/tools/settings-table.ts',
  (name) => {
    expect(withTable(page, name)).toBe(page);
  },
);

test('a table that is not that of the declarations is found', () => {
  const stale = page.replace('`GATEHOUSE_PORT`', '`GATEHOUSE_PROT`');
  expect(stale).not.toBe(page);
  expect(withTable(stale, 'settings')).toBe(page);
});
