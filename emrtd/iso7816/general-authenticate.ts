/** GENERAL AUTHENTICATE and its dynamic authentication data, DO7C (ISO/IEC 7816-4 11.5.5; 9303-11 4.4.4.2, 6.2.4). */
import { parseTlv, tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { refused } from './protocol-step.ts';
import type { ResponseApdu } from './response.ts';
import type { Session } from './session.ts';
import { SW } from './status.ts';

const DYNAMIC_AUTHENTICATION_DATA = 0x7c;
const CHAINED = 0x10;

/**
 * Sends one step and gives the answer as it is. `last` is false for the steps that others follow: they
 * are linked by command chaining.
 */
export function sendGeneralAuthenticate(
  session: Session,
  objects: Uint8Array,
  last: boolean,
): Promise<ResponseApdu> {
  const data = tlv(DYNAMIC_AUTHENTICATION_DATA, objects);
  const cla = last ? 0x00 : CHAINED;
  return session.send({ cla, ins: 0x86, p1: 0x00, p2: 0x00, data, le: 256 });
}

/**
 * The values inside DO7C of an answer by tag. Throws STATUS_WORD on an error word, RESPONSE_MALFORMED or
 * ASN1_* on data of another form.
 */
export function dynamicData({ sw, data }: ResponseApdu): Map<number, Uint8Array> {
  if (sw !== SW.OK) throw refused('STATUS_WORD', sw);
  const template = parseTlv(data, { name: 'GENERAL AUTHENTICATE', ber: true, maxNodes: 16 });
  if (template.tag !== DYNAMIC_AUTHENTICATION_DATA) {
    throw new EmrtdError('RESPONSE_MALFORMED', 'the answer has no dynamic authentication data');
  }
  return new Map(template.children().map((object) => [object.tag, object.value]));
}

/** One value that a step cannot do without. Throws RESPONSE_MALFORMED when it is absent. */
export function requiredData(values: Map<number, Uint8Array>, tag: number): Uint8Array {
  const value = values.get(tag);
  if (value === undefined) {
    const name = tag.toString(16).toUpperCase();
    throw new EmrtdError('RESPONSE_MALFORMED', `the answer has no data object ${name}`);
  }
  return value;
}
