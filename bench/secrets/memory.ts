/** The memory of a process, as a dump of it would have it: every page that is there and can be read. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** One piece, with what the kernel calls the mapping. */
export interface Piece {
  readonly bytes: Buffer;
  readonly mapping: string;
}

const PAGE_BYTES = 4096;
/** Of an entry of pagemap, proc(5): 8 bytes, of which the highest bit says that the page is in memory. */
const ENTRY_BYTES = 8;
const PRESENT = 0x80;
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) r\S* \S+ \S+ \S+ *(.*)$/;

/** The process must not run meanwhile: send it SIGSTOP. Contiguous pages come in one piece. */
export function* memoryOf(pid: number): Generator<Piece> {
  const memory = openSync(`/proc/${pid}/mem`, 'r'), pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name = ''] = MAPPING.exec(line) ?? [];
      // the kernel's own pages cannot be read
      if (from === undefined || name.startsWith('[v')) continue;
      const start = parseInt(from, 16), pages = (parseInt(to, 16) - start) / PAGE_BYTES;
      const entries = Buffer.alloc(pages * ENTRY_BYTES);
      readSync(pagemap, entries, 0, entries.length, start / PAGE_BYTES * ENTRY_BYTES);
      const isThere = (page: number) => (entries[page * ENTRY_BYTES + 7] & PRESENT) !== 0;
      for (let page = 0; page < pages;) {
        const first = page;
        while (page < pages && isThere(page)) page++;
        if (page > first) {
          const bytes = Buffer.alloc((page - first) * PAGE_BYTES);
          const length = readSync(memory, bytes, 0, bytes.length, start + first * PAGE_BYTES);
          yield { bytes: bytes.subarray(0, length), mapping: name === '' ? 'anonymous' : name };
        } else page++;
      }
    }
  } finally {
    closeSync(memory);
    closeSync(pagemap);
  }
}
