/** Child process: a server with a fake face service and its records in the folder that is named. Prints its address. */
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { Records, recordsPath } from '../../../server/core/records.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { startFake } from './running.ts';

const [data] = process.argv.slice(2);
const records = new Records(SqliteStore.open(recordsPath(data)));
const licensing = await Licensing.open(records, undefined);
const { server } = startFake({ logLevel: 'error' }, undefined, { licensing });
console.log(server.url);
