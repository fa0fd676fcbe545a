/** Damaged files against the TLV reader. FUZZ_RUNS sets the runs of each property; 3,000 otherwise. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  bitString,
  boolean,
  integer,
  isText,
  nul,
  octetString,
  oid,
  readTlvs,
  TAG,
  text,
  time,
  Tlv,
  tlv,
} from '../../../emrtd/asn1/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { describeWithData } from '../../support/shared-data.ts';
import { Executions, testExecutions } from '../support/executions.ts';
import { mutated, pemCertificates, realFiles } from './corpus.ts';

const FOLDERS = ['csca', 'dsc', 'sod', 'dg', 'etsi', 'cardsecurity'];
const COLLECTION = 'emrtd/masterlist/csca-collection.pem';
const numRuns = Number(process.env.FUZZ_RUNS ?? 3000);
const TIMEOUT_MS = 4 * 3600_000;
/** Nothing is copied but strings in pieces, which are in the input. */
const MAX_ARRAY = 30_000;
const executions = new Executions();

/** The same bytes again, from the decoded tree. */
function encode(element: Tlv): Uint8Array {
  return element.constructed
    ? tlv(element.tag, ...element.children().map(encode))
    : tlv(element.tag, element.value);
}

function value(element: Tlv): unknown {
  switch (element.tag) {
    case TAG.integer:
    case TAG.enumerated:
      return integer(element, element.tag);
    case TAG.oid:
      return oid(element);
    case TAG.boolean:
      return boolean(element);
    case TAG.null:
      return nul(element);
    case TAG.bitString:
      return bitString(element);
    case TAG.octetString:
    case TAG.octetString | 0x20:
      return octetString(element);
    case TAG.utcTime:
    case TAG.generalizedTime:
      return time(element);
    default:
      return isText(element) ? text(element) : undefined;
  }
}

function walk(element: Tlv): void {
  try {
    value(element);
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
  }
  if (element.constructed) element.children().forEach(walk);
}

/** Decodes everything; an `EmrtdError` is an answer, anything else escapes. */
function survive(bytes: Uint8Array, ber: boolean): void {
  executions.run(() => readTlvs(bytes, { ber }).forEach(walk));
}

test('any bytes give elements or a typed error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), survive),
    { numRuns },
  );
}, TIMEOUT_MS);

describeWithData('with real files', [...FOLDERS.map((name) => `emrtd/${name}`), COLLECTION], () => {
  const files = realFiles(FOLDERS, 30_000);
  const certificates = pemCertificates(COLLECTION);

  test('720 certificates are DER, and are written again byte for byte', () => {
    expect(certificates.length).toBe(720);
    for (const certificate of certificates) {
      const list = readTlvs(certificate);
      expect(list.length).toBe(1);
      expect(encode(list[0])).toEqual(certificate);
      walk(list[0]);
    }
  });

  test('damaged files give elements or a typed error', () => {
    const seeds = [...files, ...certificates.slice(0, 50)];
    fc.assert(fc.property(mutated(seeds), fc.boolean(), survive), { numRuns });
  }, TIMEOUT_MS);

  test('what is read as DER is written again byte for byte', () => {
    fc.assert(
      fc.property(mutated([...files, ...certificates.slice(0, 50)]), (bytes) => {
        executions.run(() => {
          const list = readTlvs(bytes);
          const written = list.map(encode);
          list.forEach((element, i) => expect(written[i]).toEqual(element.raw));
        });
      }),
      { numRuns },
    );
  }, TIMEOUT_MS);

  testExecutions(new Map([['TLV and DER', executions]]), MAX_ARRAY);
});
