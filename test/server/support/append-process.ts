/** Child process: appends records to a file, one transaction each. */
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { draft } from './chains.ts';

const [path, count] = process.argv.slice(2);
const store = SqliteStore.open(path);
for (let i = 0; i < Number(count); i++) {
  await store.append([draft(`${process.pid} ${i}`)]);
  await Bun.sleep(0);
}
store.close();
