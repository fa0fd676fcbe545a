/** Child process: appends records to a file or to a database, one transaction each. */
import { openRecordStore } from '../../../server/core/store/open-store.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { draft } from './chains.ts';

const [place, count] = process.argv.slice(2);
const store = place.startsWith('postgres:')
  ? await openRecordStore({ dataFolder: '', databaseUrl: place }, true)
  : SqliteStore.open(place);
for (let i = 0; i < Number(count); i++) {
  await store.append([draft(`${process.pid} ${i}`)]);
  await Bun.sleep(0);
}
await store.close();
