/** EF.DIR (9303-10 3.11.2; ISO/IEC 7816-4 12.2.2): the applications of the document, one DO61 each. */
import { findTag } from '../asn1/mod.ts';
import { readDataObjects } from './data-objects.ts';
import { EF_DIR } from './files.ts';
import { readWholeFile } from './read-file.ts';
import type { Session } from './session.ts';

const MAX_FILE_BYTES = 4096;
const APPLICATION_TEMPLATE = 0x61;
const APPLICATION_IDENTIFIER = 0x4f;

/** Application identifiers in the order of the file; templates without one are left out. */
export function parseDir(bytes: Uint8Array): Uint8Array[] {
  return readDataObjects(bytes, EF_DIR.name)
    .filter((object) => object.tag === APPLICATION_TEMPLATE)
    .map((template) =>
      findTag(readDataObjects(template.value, EF_DIR.name), APPLICATION_IDENTIFIER)
    )
    .flatMap((identifier) => (identifier === undefined ? [] : [identifier.value]));
}

/** Reads EF.DIR of the master file. Throws FILE_NOT_FOUND, STATUS_WORD, and what the session throws. */
export async function readDir(session: Session): Promise<Uint8Array[]> {
  return parseDir(await readWholeFile(session, EF_DIR, MAX_FILE_BYTES));
}
