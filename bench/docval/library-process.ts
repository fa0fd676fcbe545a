/**
 * The library without sockets, reading from a recording: one document after the other, or as many at once
 * as there are phones, each answer as late as that of a chip.
 */
import { lengthsNamed, relayedDocument } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { CHIP_ANSWER_MS } from './phones.ts';

const document = await relayedDocument(lengthsNamed(process.argv[2]));
announce('', {
  'one-by-one': async (count) => {
    for (let i = 0; i < count; i++) await document.read();
  },
  'at-once': async (count) => {
    await Promise.all(Array.from({ length: count }, () => document.read(CHIP_ANSWER_MS)));
  },
});
