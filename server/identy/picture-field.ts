/** A picture in a form: its Base64 as text or in a file, or a file that is the picture itself. */
import { sniffFormat } from '../../biometrics/image/format.ts';
import type { FormPart } from '../core/http/form.ts';
import { decodeBase64 } from './base64.ts';

/** The picture, whatever it is; undefined for a text that is no Base64. */
export function pictureBytes({ bytes, isFile }: FormPart): Uint8Array<ArrayBuffer> | undefined {
  if (isFile && sniffFormat(bytes) !== undefined) return bytes;
  const decoded = decodeBase64(new TextDecoder().decode(bytes));
  return isFile ? decoded ?? bytes : decoded;
}
