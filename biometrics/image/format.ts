/**
 * Tells what a file is by its first bytes, never by a name a client gave. Formats that are known but
 * not decoded get their own names, so that a refusal can say what was sent.
 */

/** What this library decodes. `j2k` is a bare JPEG 2000 codestream, `jp2` the file format around it. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'jp2' | 'j2k';

/** Recognised, and refused. */
type RefusedFormat =
  | 'gif'
  | 'svg'
  | 'xml'
  | 'tiff'
  | 'bmp'
  | 'heif'
  | 'avif'
  | 'jxl'
  | 'pdf'
  | 'zip'
  | 'face-record'
  | 'finger-record'
  | 'iris-record'
  | 'nist-record'
  | 'json'
  | 'face-template';

export type ByteFormat = PictureFormat | RefusedFormat;

const PICTURES: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'jp2', 'j2k']);

export function isPictureFormat(format: ByteFormat | undefined): format is PictureFormat {
  return format !== undefined && PICTURES.has(format);
}

/** First bytes, as Latin-1 text, and the format they mean. */
const MAGIC: readonly (readonly [string, ByteFormat])[] = [
  ['\xff\xd8\xff', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'jp2'],
  ['\xff\x4f\xff\x51', 'j2k'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['BM', 'bmp'],
  ['\xff\x0a', 'jxl'],
  ['\0\0\0\x0cJXL ', 'jxl'],
  ['%PDF-', 'pdf'],
  ['PK\x03\x04', 'zip'],
  ['FAC\0', 'face-record'],
  ['FIR\0', 'finger-record'],
  ['FMR\0', 'finger-record'],
  ['IIR\0', 'iris-record'],
  ['IDENTY', 'face-template'],
];

/** ISO base media brands (ISO/IEC 23008-12, AVIF 1.2). */
const BRANDS: Readonly<Record<string, ByteFormat>> = {
  heic: 'heif',
  heix: 'heif',
  heim: 'heif',
  heis: 'heif',
  hevc: 'heif',
  mif1: 'heif',
  msf1: 'heif',
  avif: 'avif',
  avis: 'avif',
};

const HEAD_BYTES = 512;

/** The format of `bytes`, or undefined when no known magic is there. Reads at most 512 bytes. */
export function sniffFormat(bytes: Uint8Array): ByteFormat | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  for (const [magic, format] of MAGIC) if (head.startsWith(magic)) return format;
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (opensFaceDataBlock(bytes)) return 'face-record';
  if (head.slice(4, 8) === 'ftyp') return BRANDS[head.slice(8, 12)];
  return sniffText(head);
}

/**
 * ISO/IEC 39794-5 has no magic: its FaceImageDataBlock is DER tag 65, bare or in the A1 of a passport's
 * DG2, of 128 bytes or more, and begins with its version, A0.
 */
function opensFaceDataBlock(bytes: Uint8Array): boolean {
  const inner = (from: number) =>
    from + (bytes[from + 1] < 0x80 ? 2 : 2 + (bytes[from + 1] & 0x7f));
  const block = bytes[0] === 0xa1 ? inner(0) : 0;
  return bytes[block] === 0x65 && bytes[block + 1] > 0x80 && bytes[inner(block)] === 0xa0;
}

function sniffText(head: string): ByteFormat | undefined {
  // ANSI/NIST-ITL traditional encoding opens with field 1.001 (record length), XML with its own root.
  if (/^1\.0?01:/.test(head)) return 'nist-record';
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(\?xml|!DOCTYPE|!--|[A-Za-z])/.test(text)) {
    if (/<([A-Za-z]+:)?svg[\s>]/.test(text)) return 'svg';
    return text.includes('NISTBiometricInformationExchangePackage') ? 'nist-record' : 'xml';
  }
  return /^[[{]\s*["[{\]}]/.test(text) ? 'json' : undefined;
}
