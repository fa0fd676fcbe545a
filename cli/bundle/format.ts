/**
 * The format of a release bundle: a POSIX ustar archive of which the list of files leaves no byte free. First
 * SHA256SUMS as sha256sum writes it, then its Ed25519 signature (RFC 8032, 64 bytes), then the files in
 * the order of the list, each with the one header that its name and size allow, then two empty blocks. tar,
 * sha256sum and openssl can do what "gatehouse bundle verify" does, but for noticing what is not listed.
 */
import { archiveHeader, BLOCK } from '../../models/mod.ts';
import { BundleError } from './error.ts';

export const SUMS_FILE = 'SHA256SUMS';
export const SIGNATURE_FILE = 'SHA256SUMS.sig';
export const INFO_FILE = 'bundle.json';
/** The program itself, the only file that may be executed. */
export const PROGRAM_FILE = 'program/gatehouse';

export const SIGNATURE_BYTES = 64;
/** Two empty blocks (ustar). */
export const END_BYTES = 2 * BLOCK;
export const MAX_SUMS_BYTES = 2 ** 20;
/** What the size field of a header can say. */
export const MAX_FILE_BYTES = 8 ** 11 - 1;

const PATH = /^[A-Za-z0-9_][A-Za-z0-9._+~-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._+~-]*)*$/;
/** Length of the name field of a header. */
const MAX_PATH = 100;
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

export interface Sum {
  readonly sha256: string;
  readonly path: string;
}

/** Whether a file of this name may be part of a bundle: relative, plain, nothing hidden. */
export function isBundlePath(path: string): boolean {
  return path.length <= MAX_PATH && PATH.test(path) && path !== SUMS_FILE &&
    path !== SIGNATURE_FILE;
}

/** The header a file of a bundle has. */
export function headerOf(path: string, bytes: number): Uint8Array {
  return archiveHeader(path, bytes, path === PROGRAM_FILE ? 0o755 : 0o644);
}

/** Bytes that fill a file's last block. */
export function paddingAfter(bytes: number): number {
  return (BLOCK - bytes % BLOCK) % BLOCK;
}

/** @param sums ordered by path */
export function writeSums(sums: readonly Sum[]): Uint8Array {
  return new TextEncoder().encode(
    sums.map(({ sha256, path }) => `${sha256}  ${path}\n`).join(''),
  );
}

/**
 * Reads a list of sums, which must be as `writeSums` writes it.
 * @throws BundleError BUNDLE_MALFORMED
 */
export function readSums(bytes: Uint8Array): Sum[] {
  const text = new TextDecoder('latin1').decode(bytes);
  if (!text.endsWith('\n')) throw malformed('the list does not end with a line');
  let before = '';
  return text.slice(0, -1).split('\n').map((line) => {
    const [, sha256, path] = LINE.exec(line) ?? [];
    if (path === undefined || !isBundlePath(path)) {
      throw malformed('a line is not a sum and a path');
    }
    if (path <= before) throw malformed('the paths are not in order');
    before = path;
    return { sha256, path };
  });
}

function malformed(what: string): BundleError {
  return new BundleError('BUNDLE_MALFORMED', `${SUMS_FILE}: ${what}`);
}
