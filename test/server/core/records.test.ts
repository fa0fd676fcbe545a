/** Records that are there and empty are not taken for new ones. */
import { afterAll, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { Records, recordsPath, refuseEmptiedRecords } from '../../../server/core/records.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { temporaryFolder } from '../support/chains.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

test('none are fine, some are fine, a file without a byte is not', async () => {
  expect(() => refuseEmptiedRecords(folder)).not.toThrow();
  const records = new Records(SqliteStore.open(recordsPath(folder)));
  await records.close();
  expect(() => refuseEmptiedRecords(folder)).not.toThrow();
  writeFileSync(recordsPath(folder), '');
  expect(() => refuseEmptiedRecords(folder)).toThrow(`${recordsPath(folder)}: it is empty`);
});
