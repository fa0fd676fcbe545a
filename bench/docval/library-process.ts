/**
 * The library without sockets, reading from recordings: one reading after the other, or as many at once as
 * there are phones, each answer as late as that of a chip.
 */
import { lengthsNamed, recordedDocuments } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { CHIP_ANSWER_MS } from './phones.ts';

const documents = await recordedDocuments(lengthsNamed(process.argv[2]));
announce('', {
  'one-by-one': async (index, count) => {
    for (let i = 0; i < count; i++) await documents[index].read();
  },
  'at-once': async (index, count) => {
    const read = () => documents[index].read(CHIP_ANSWER_MS);
    await Promise.all(Array.from({ length: count }, read));
  },
});
