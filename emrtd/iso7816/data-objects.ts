/** Data objects one after another, as transparent files hold them: filled up with 00 or FF, or cut short. */
import { parseTlv, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';

/** The objects up to the filling or to the first one that is broken. */
export function readDataObjects(bytes: Uint8Array, name: string): Tlv[] {
  const objects: Tlv[] = [];
  let rest = bytes;
  while (rest.length > 0 && rest[0] !== 0x00 && rest[0] !== 0xff) {
    try {
      const object = parseTlv(rest, { name, ber: true, allowTrailing: true });
      objects.push(object);
      rest = rest.subarray(object.end);
    } catch (error) {
      if (error instanceof EmrtdError) break;
      throw error;
    }
  }
  return objects;
}
