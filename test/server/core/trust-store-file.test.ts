/** The trust store on disk: an import takes effect at the next reading, a broken file does not take it away. */
import { expect, test } from 'bun:test';
import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialiseTrustStore } from '../../../emrtd/mod.ts';
import { NO_AUDIT } from '../../../server/core/audit/audit.ts';
import { createLogger } from '../../../server/core/logging.ts';
import { LiveTrustStore, TRUST_STORE_FILE } from '../../../server/core/trust-store-file.ts';
import { makeSpecimen } from '../docval/support/documents.ts';

test('the store follows the file, and says when it cannot', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trust-'));
  const path = join(folder, TRUST_STORE_FILE);
  const replace = async (bytes: Uint8Array) => {
    await Bun.write(`${path}.new`, bytes);
    await rename(`${path}.new`, path);
  };
  const events: string[] = [];
  const log = createLogger('info', (line) => events.push(JSON.parse(line).event));
  const store = new LiveTrustStore(folder, log, NO_AUDIT);
  const anchors = async () => (await store.current()).contents.anchors.size;
  try {
    expect(await anchors()).toBe(0);
    expect(await store.readable()).toBe(true);
    await replace(serialiseTrustStore(makeSpecimen().trust));
    expect(await Promise.all([anchors(), anchors()])).toEqual([1, 1]);
    await replace(new Uint8Array(100));
    expect(await anchors()).toBe(1);
    expect(await store.readable()).toBe(false);
    await rm(path);
    await symlink(path, path);
    expect(await anchors()).toBe(1);
    expect(await store.readable()).toBe(false);
    await replace(serialiseTrustStore(makeSpecimen().trust));
    expect(await store.readable()).toBe(true);
    expect(events).toEqual([
      'trust-store',
      'trust-store-unreadable',
      'trust-store-unreadable',
      'trust-store',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
