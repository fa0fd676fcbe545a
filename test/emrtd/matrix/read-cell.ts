/** One cell of the matrix: personalises a chip, reads it, and says what is not as it should be. */
import { canPassword, mrzPassword } from '../../../emrtd/access/mod.ts';
import {
  type Authority,
  type ChipDescription,
  createAuthority,
  type FaultSettings,
  personalise,
  seededRandom,
  type SignatureChoice,
  SoftwareChip,
} from '../../../emrtd/chip/mod.ts';
import type { HashName } from '../../../emrtd/crypto/mod.ts';
import { importInto, TrustStore } from '../../../emrtd/pki/mod.ts';
import { type DocumentResult, readDocument, type ReadOptions } from '../../../emrtd/reader/mod.ts';
import { CHECKED_AT, ISSUED_AT, PHOTO } from '../chip/support.ts';
import {
  activeAuthenticationOf,
  type Cell,
  chipAuthenticationOf,
  holderOf,
  paceOf,
} from './axes.ts';

const CAN = '482913';

function signatureOf(cell: Cell): SignatureChoice {
  const [kind, what, hash] = String(cell.signature).split(' ') as [string, string, HashName];
  return kind === 'ecdsa'
    ? { kind, curve: what, hash }
    : { kind: kind as 'rsa-pkcs1' | 'rsa-pss', bits: Number(what), hash };
}

/** The description of a cell's document. */
function describeCell(cell: Cell): ChipDescription {
  const activeAuthentication = activeAuthenticationOf(cell);
  return {
    seed: Object.values(cell).join(' '),
    holder: holderOf(cell),
    photo: PHOTO,
    bac: cell.access === 'BAC',
    pace: paceOf(cell),
    can: CAN,
    chipAuthentication: chipAuthenticationOf(cell),
    ...(activeAuthentication === undefined ? {} : { activeAuthentication }),
    signature: signatureOf(cell),
    issuedAt: ISSUED_AT,
    ...(cell.length === 'extended' ? { extendedLength: 2048 } : {}),
  };
}

const authorities = new Map<string, Authority>();

/** One issuing authority for all cells of one signature: its keys are costly. */
function authorityOf(description: ChipDescription): Authority {
  const key = JSON.stringify([description.signature, description.holder.documentCode]);
  let authority = authorities.get(key);
  if (authority === undefined) {
    authority = createAuthority({ ...description, seed: key });
    authorities.set(key, authority);
  }
  return authority;
}

/** Reads a document with its own trust anchor and CRL. */
export async function readSpecimen(
  description: ChipDescription,
  faults: FaultSettings = {},
  options: Partial<ReadOptions> = {},
  authority: Authority = createAuthority(description),
): Promise<DocumentResult> {
  const document = personalise(description, authority);
  const files = [
    { name: 'csca.cer', bytes: document.csca },
    { name: 'ds.crl', bytes: document.crl },
  ];
  const { store } = importInto(TrustStore.empty, files, { at: CHECKED_AT });
  return await readDocument({
    transceiver: new SoftwareChip(document.document, {
      random: seededRandom(`chip ${description.seed}`),
      ...faults,
    }),
    password: mrzPassword(description.holder),
    trust: store,
    clock: () => CHECKED_AT,
    random: seededRandom(`terminal ${description.seed}`),
    extendedLength: description.extendedLength !== undefined,
    ...options,
  });
}

/**
 * Reads the document of a cell and gives everything that is not as it should be; `expected` may be another
 * cell, to see that differences are noticed.
 */
export async function readCell(cell: Cell, expected: Cell = cell): Promise<string[]> {
  const description = describeCell(cell);
  const password = cell.password === 'CAN' ? canPassword(CAN) : mrzPassword(description.holder);
  const authority = authorityOf(description);
  try {
    return problems(expected, await readSpecimen(description, {}, { password }, authority));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function problems(cell: Cell, result: DocumentResult): string[] {
  const found: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) found.push(`${what} is ${actual} instead of ${expected}`);
  };
  const { access } = result;
  expect('access', access.protocol, cell.access === 'BAC' ? 'BAC' : 'PACE');
  if (access.protocol === 'PACE') {
    expect('mapping', access.info.mapping, cell.access);
    expect('cipher', access.info.cipher, cell.paceCipher);
    expect('domain', access.info.parameterId, cell.paceDomain);
  }
  const offered = (value: unknown) => value === 'none' ? 'unavailable' : 'success';
  expect('chip authentication', result.chipAuthentication.outcome, offered(cell.caDomain));
  expect('active authentication', result.activeAuthentication.outcome, offered(cell.aa));
  expect(
    'chip authentication mapping',
    result.chipAuthenticationMapping.outcome,
    cell.access === 'CAM' ? 'success' : 'unavailable',
  );
  expect('passive authentication', result.passiveAuthentication.authentic, true);
  expect('complete', result.complete, true);
  expect('document number', result.groups.dg1?.documentNumber, holderOf(cell).documentNumber);
  const photo = result.groups.dg2?.images[0]?.bytes;
  expect('photo', photo !== undefined && Buffer.from(photo).equals(PHOTO), true);
  for (const { check, status, reason } of result.checks) {
    if (status === 'failed') found.push(`${check}: ${reason}`);
  }
  for (const { file, code, message } of result.findings) found.push(`${file} ${code}: ${message}`);
  return found;
}
