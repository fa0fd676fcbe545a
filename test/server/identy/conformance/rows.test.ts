/** Each row of the conformance table is a test of its own; docs/conformance.md lists them. */
import { afterAll, beforeAll, describe, test } from 'bun:test';
import { listed } from './support/listed.ts';
import { Site } from './support/site.ts';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

for (const { endpoint, groups } of listed()) {
  describe(endpoint, () => {
    for (const { kind, rows } of groups) {
      describe(kind, () => {
        for (const { name, check } of rows) test(name, () => check(site));
      });
    }
  });
}
