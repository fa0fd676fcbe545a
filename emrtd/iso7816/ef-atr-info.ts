/** EF.ATR/INFO (9303-10 3.11.1; ISO/IEC 7816-4 12.7.1): what APDU lengths the chip takes. */
import { findTag, type Tlv } from '../asn1/mod.ts';
import { EF_ATR_INFO } from './files.ts';
import { readDataObjects } from './data-objects.ts';
import { readWholeFile } from './read-file.ts';
import type { Session } from './session.ts';

/** What the chip says about itself; a value that is absent was not stated. */
export interface AtrInfo {
  /** Longest command APDU (DO7F66, first integer). */
  maxCommandBytes?: number;
  /** Longest response APDU (DO7F66, second integer). */
  maxResponseBytes?: number;
  /** Third byte of the card capabilities (DO47): extended Lc and Le. */
  extendedLength?: boolean;
  /** The same byte: command chaining. */
  commandChaining?: boolean;
}

const MAX_FILE_BYTES = 1024;
const EXTENDED_LENGTH_INFORMATION = 0x7f66;
const CARD_CAPABILITIES = 0x47;
const INTEGER = 0x02;
const EXTENDED_BIT = 0x40;
const CHAINING_BIT = 0x80;

/** An integer as chips write it, often with leading zeros; undefined for anything else. */
function length(object: Tlv | undefined): number | undefined {
  if (object?.tag !== INTEGER || object.value.length < 1 || object.value.length > 4) {
    return undefined;
  }
  return object.value.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Reads the data objects of EF.ATR/INFO; those that are broken count as absent. */
export function parseAtrInfo(bytes: Uint8Array): AtrInfo {
  const objects = readDataObjects(bytes, EF_ATR_INFO.name);
  const info: AtrInfo = {};
  const capabilities = findTag(objects, CARD_CAPABILITIES)?.value[2];
  if (capabilities !== undefined) {
    info.extendedLength = (capabilities & EXTENDED_BIT) !== 0;
    info.commandChaining = (capabilities & CHAINING_BIT) !== 0;
  }
  const lengths = findTag(objects, EXTENDED_LENGTH_INFORMATION);
  const parts = lengths === undefined ? [] : readDataObjects(lengths.value, EF_ATR_INFO.name);
  const [command, response] = parts.map(length);
  if (command !== undefined) info.maxCommandBytes = command;
  if (response !== undefined) info.maxResponseBytes = response;
  return info;
}

/** Reads EF.ATR/INFO of the master file. Throws FILE_NOT_FOUND, STATUS_WORD, and what the session throws. */
export async function readAtrInfo(session: Session): Promise<AtrInfo> {
  return parseAtrInfo(await readWholeFile(session, EF_ATR_INFO, MAX_FILE_BYTES));
}
