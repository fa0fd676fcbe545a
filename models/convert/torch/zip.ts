/**
 * Reads the ZIP archives that torch.save writes (PKWARE APPNOTE 6.3, 4.3). Own code because nothing but
 * stored entries occurs in them: no compression, no encryption, no comments, so nothing can grow while it
 * is read.
 */
import { PackError } from '../../errors.ts';

const END = { signature: 0x06054b50, length: 22 } as const;
const CENTRAL = { signature: 0x02014b50, length: 46 } as const;
const LOCAL = { signature: 0x04034b50, length: 30 } as const;
const STORED = 0;
/** General purpose flag: the entry is encrypted. */
const ENCRYPTED = 1;

const MAX_ENTRIES = 10_000;
const MAX_NAME = 200;

/**
 * Entries by name, as views of `bytes`.
 * @param label named in errors
 * @throws PackError CONVERSION_UNSUPPORTED for anything but a plain archive of stored entries
 */
export function readStoredZip(label: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (at: number, length: number) => {
    if (at < 0 || at + length > bytes.length) throw malformed(label, 'the archive is cut off');
  };
  const text = (at: number, length: number) => {
    if (length === 0 || length > MAX_NAME) throw malformed(label, `a name of ${length} bytes`);
    need(at, length);
    return new TextDecoder().decode(bytes.subarray(at, at + length));
  };

  const end = bytes.length - END.length;
  need(end, END.length);
  if (view.getUint32(end, true) !== END.signature) throw malformed(label, 'not a ZIP archive');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw malformed(label, `${count} entries`);

  const entries = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    need(at, CENTRAL.length);
    if (view.getUint32(at, true) !== CENTRAL.signature) {
      throw malformed(label, 'the directory is damaged');
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const stored = view.getUint32(at + 20, true), size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = text(at + CENTRAL.length, nameLength);
    if (method !== STORED || stored !== size || (flags & ENCRYPTED) !== 0) {
      throw malformed(label, `${name} is compressed or encrypted`);
    }
    if (entries.has(name)) throw malformed(label, `${name} occurs twice`);

    const local = view.getUint32(at + 42, true);
    need(local, LOCAL.length);
    if (view.getUint32(local, true) !== LOCAL.signature) {
      throw malformed(label, `${name} is not where the directory says`);
    }
    const localName = view.getUint16(local + 26, true), extra = view.getUint16(local + 28, true);
    if (text(local + LOCAL.length, localName) !== name) {
      throw malformed(label, `${name} has another name in place`);
    }
    const start = local + LOCAL.length + localName + extra;
    need(start, size);
    const content = bytes.subarray(start, start + size);
    if (Bun.hash.crc32(content) !== checksum) throw malformed(label, `${name} is damaged`);
    entries.set(name, content);
    at += CENTRAL.length + nameLength + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return entries;
}

function malformed(label: string, what: string): PackError {
  return new PackError('CONVERSION_UNSUPPORTED', `${label}: ${what}`);
}
