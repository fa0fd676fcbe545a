/** The server of the docval benchmark in a process of its own. */
import { lengthsNamed, recordedDocuments } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { startBenchServer } from './server.ts';

announce(startBenchServer(await recordedDocuments(lengthsNamed(process.argv[2]))));
