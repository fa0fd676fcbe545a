/** Seals a capture for one server: the writing side of docs/envelope.md, with the browser's own cryptography. */

/** What `/api/v1/pub_key` says of the key to seal for. */
export interface SealKey {
  /** 32 hexadecimal digits. */
  readonly kid: string;
  /** SubjectPublicKeyInfo, DER, Base64. */
  readonly spki: string;
}

const HEAD_BYTES = 48;
const MAC_BYTES = 32;

/**
 * @param payload the capture
 * @param packedAtMs milliseconds since 1970 UTC by the server's clock
 * @returns the envelope
 */
export async function sealCapture(
  payload: Uint8Array<ArrayBuffer>,
  key: SealKey,
  packedAtMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto;
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const publicKey = await subtle.importKey(
    'spki',
    bytesOf(key.spki),
    { name: 'RSA-OAEP', hash: 'SHA-256' },
    false,
    ['encrypt'],
  );
  const secrets = random(64), iv = random(16);
  const aesKey = await subtle.importKey('raw', secrets.slice(0, 32), 'AES-CBC', false, ['encrypt']);
  const macKey = await subtle.importKey(
    'raw',
    secrets.slice(32),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const wrapped = new Uint8Array(await subtle.encrypt('RSA-OAEP', publicKey, secrets));
  secrets.fill(0);
  const text = new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, aesKey, payload));

  const macStart = HEAD_BYTES + wrapped.length + iv.length + text.length;
  const envelope = new Uint8Array(macStart + MAC_BYTES);
  const view = new DataView(envelope.buffer);
  envelope.set(new TextEncoder().encode('GHCE'));
  view.setUint8(4, 1);
  view.setUint8(5, 1);
  view.setBigUint64(6, BigInt(Math.round(packedAtMs)));
  envelope.set(random(16), 14);
  for (let i = 0; i < 16; i++) envelope[30 + i] = parseInt(key.kid.slice(2 * i, 2 * i + 2), 16);
  view.setUint16(46, wrapped.length);
  envelope.set(wrapped, HEAD_BYTES);
  envelope.set(iv, HEAD_BYTES + wrapped.length);
  envelope.set(text, HEAD_BYTES + wrapped.length + iv.length);
  const mac = await subtle.sign('HMAC', macKey, envelope.subarray(0, macStart));
  envelope.set(new Uint8Array(mac), macStart);
  return envelope;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
