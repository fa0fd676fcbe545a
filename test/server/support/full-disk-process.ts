/** Child process: a server whose records lie in a small file system that it fills up and empties again. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { walkStored } from '../../../server/core/chain/walk.ts';
import { KeySet } from '../../../server/core/keys/key-set.ts';
import { rowOf } from '../../../server/core/ledger/ledger.ts';
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { Records, recordsPath } from '../../../server/core/records.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { base64, picture } from './fake-faces.ts';
import { startFake } from './running.ts';

/** HTTP status of a match and of the health check. */
interface Seen {
  readonly status: number;
  readonly health: number;
}

export interface FullDiskReport {
  readonly before: Seen;
  readonly full: Seen;
  readonly after: Seen;
  /** Refids of answers, in order. */
  readonly answered: string[];
  readonly ledger: string[];
  readonly intact: boolean;
}

const [disk] = process.argv.slice(2);
const records = new Records(SqliteStore.open(recordsPath(disk)));
const licensing = await Licensing.open(records, undefined);
const { server, post } = startFake({}, undefined, { licensing });
const image = { template: base64(picture('face 0')), format: 'JPEG' };
const answered: string[] = [];

async function health(): Promise<number> {
  return (await fetch(new URL('/api/v1/face_health', server.url))).status;
}

async function look(): Promise<Seen> {
  const body = { image, imageToVerifyAgainst: image, level: 'HIGH' };
  const answer = await post('/api/v1/matchWithSelfie', body);
  if (answer.status === 200) answered.push((await answer.json()).refid);
  return { status: answer.status, health: await health() };
}

/** Takes every byte that is left. */
function fill(path: string): void {
  for (let bytes = 2 ** 20; bytes >= 1;) {
    try {
      writeFileSync(path, new Uint8Array(bytes), { flag: 'a' });
    } catch {
      bytes = Math.floor(bytes / 2);
    }
  }
}

const before = await look();
fill(join(disk, 'filler'));
// the log of the database may have room left in its last page
let full = await look();
for (let tries = 0; full.status === 200 && tries < 1000; tries++) full = await look();
rmSync(join(disk, 'filler'));
while (await health() !== 200) await Bun.sleep(50);
const after = await look();
await server.stop();

const ledger: string[] = [];
const walk = await walkStored(records.store, 'ledger', await KeySet.of(), (record) => {
  const refid = rowOf(record)?.refid;
  if (refid != null) ledger.push(refid);
});
await records.close();
const report: FullDiskReport = { before, full, after, answered, ledger, intact: walk.intact };
console.log(JSON.stringify(report));
