/** BER-TLV and DER: a bounded reader and a writer. Knows nothing of what the elements mean. */
export { der, tlv } from './der.ts';
export { explicit, Fields, fields } from './fields.ts';
export { contextTag, TAG } from './tags.ts';
export { isText, text, time } from './text.ts';
export { findTag, isConstructed, parseTlv, readTlvs, tagName, Tlv } from './tlv.ts';
export {
  bitString,
  bitStringBytes,
  boolean,
  expectTag,
  integer,
  nul,
  octetString,
  oid,
  smallInteger,
  unsigned,
} from './values.ts';
