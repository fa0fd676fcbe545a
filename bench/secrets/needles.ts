/** What is searched for: each secret in the forms that it could have in memory and in files. */
import { createPrivateKey } from 'node:crypto';
import sharp from 'sharp';

export interface Needle {
  /** Row of the table. */
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Enough that it is not there by chance. */
const RUN_BYTES = 48;

/** As 8-bit and as 16-bit characters, and in Base64 wherever it begins. */
export function textNeedles(secret: string, text: string): Needle[] {
  return [
    { secret, form: 'text', bytes: Buffer.from(text, 'utf8') },
    { secret, form: '16-bit text', bytes: Buffer.from(text, 'utf16le') },
    ...base64Needles(secret, Buffer.from(text)),
  ];
}

/** Base64 of some bytes behind zero, one and two others, without what depends on its neighbours. */
function base64Needles(secret: string, bytes: Uint8Array): Needle[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return { secret, form: 'Base64', bytes: Buffer.from(text.replace(/=+$/, '').slice(4, -4)) };
  });
}

/** A file: runs of its bytes, as they are, in Base64 and as 16-bit Base64. */
export function fileNeedles(secret: string, file: Uint8Array): Needle[] {
  return [0.3, 0.6, 0.9].flatMap((share) => {
    const at = Math.floor(file.length * share);
    const run = Buffer.from(file.subarray(at, at + RUN_BYTES));
    const coded = base64Needles(secret, run);
    return [
      { secret, form: 'file', bytes: run },
      ...coded,
      ...coded.map(({ bytes }) => ({
        secret,
        form: '16-bit Base64',
        bytes: Buffer.from(bytes.toString('latin1'), 'utf16le'),
      })),
    ];
  });
}

/** A picture: its file, and rows of its pixels out of the middle, decoded as the server does it. */
export async function pictureNeedles(secret: string, jpeg: Uint8Array): Promise<Needle[]> {
  const { data, info } = await sharp(jpeg).removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  const pixels = [0.4, 0.5, 0.6].map((share) => {
    const row = Math.floor(info.height * share);
    const at = (row * info.width + Math.floor(info.width * 0.4)) * info.channels;
    return { secret, form: 'pixels', bytes: Buffer.from(data.subarray(at, at + RUN_BYTES)) };
  });
  return [...fileNeedles(secret, jpeg), ...pixels];
}

/** A private key: its secret numbers in both orders of bytes, and lines of the PEM that it was read from. */
export function keyNeedles(secret: string, pem: string): Needle[] {
  const jwk = createPrivateKey(pem).export({ format: 'jwk' });
  const numbers = ['d', 'p', 'q'].flatMap((name) => {
    const value = (jwk as Record<string, string | undefined>)[name];
    return value === undefined ? [] : [Buffer.from(value, 'base64url')];
  });
  const lines = pem.split('\n').filter((line) => !line.startsWith('-') && line.length >= 40);
  return [
    ...numbers.flatMap((bytes) => [
      { secret, form: 'number', bytes },
      { secret, form: 'number, lowest byte first', bytes: Buffer.from(bytes.toReversed()) },
    ]),
    // the first line of small keys says only what kind of key it is
    ...lines.slice(1).map((line) => ({ secret, form: 'PEM', bytes: Buffer.from(line) })),
    ...numbers.map((bytes) => ({
      secret,
      form: 'Base64',
      bytes: Buffer.from(bytes.toString('base64url').slice(0, -1)),
    })),
  ];
}

/** How often each secret was found, by form. */
export type Found = Map<string, Map<string, number>>;

/** Adds to `found` what is in some bytes. */
export function search(bytes: Buffer, needles: readonly Needle[], found: Found): void {
  for (const { secret, form, bytes: needle } of needles) {
    let times = 0;
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) times++;
    if (times === 0) continue;
    const forms = found.get(secret) ?? new Map<string, number>();
    found.set(secret, forms.set(form, (forms.get(form) ?? 0) + times));
  }
}
