/** The files of Wycheproof test vectors: their shape, and the one loop over them. */
import { readdirSync, readFileSync } from 'node:fs';
import { EmrtdError } from '../../../../emrtd/errors.ts';
import { sharedPath } from '../../../support/shared-data.ts';

/** A group of tests; the fields depend on the kind of file. */
export interface Group {
  readonly [field: string]: unknown;
  readonly tests: readonly Test[];
}

/** One test; the fields depend on the kind of file. */
export interface Test {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: unknown;
}

/**
 * What the code under test says of one test: accepts or refuses it, or contradicts the expected value
 * although it accepted. An `EmrtdError` thrown is a refusal; any other error is a failure.
 */
export type Verdict = 'accepted' | 'refused' | 'wrong value';

export type Check = (group: Group, test: Test) => Verdict;

export interface FileResult {
  readonly file: string;
  readonly total: number;
  readonly passed: number;
  readonly acceptedOfAcceptable: number;
  readonly acceptable: number;
  readonly failures: readonly string[];
}

export const FOLDER = 'wycheproof';

/** Names of all vector files. */
export function vectorFiles(): string[] {
  return readdirSync(sharedPath(FOLDER)).filter((file) => file.endsWith('_test.json')).sort();
}

/** Bytes of a hexadecimal field. */
export function bytes(owner: Group | Test, field: string): Uint8Array {
  return Uint8Array.fromHex(owner[field] as string);
}

function verdictOf(check: Check, group: Group, test: Test): Verdict | string {
  try {
    return check(group, test);
  } catch (error) {
    return error instanceof EmrtdError ? 'refused' : `untyped error: ${String(error)}`;
  }
}

/** Runs every test of a file. */
export function runFile(file: string, check: Check): FileResult {
  const { testGroups } = JSON.parse(readFileSync(sharedPath(`${FOLDER}/${file}`), 'utf8')) as {
    testGroups: Group[];
  };
  const failures: string[] = [];
  let total = 0;
  let acceptable = 0;
  let acceptedOfAcceptable = 0;
  for (const group of testGroups) {
    for (const test of group.tests) {
      total++;
      const verdict = verdictOf(check, group, test);
      if (test.result === 'acceptable') {
        acceptable++;
        if (verdict === 'accepted') acceptedOfAcceptable++;
      }
      const right = test.result === 'acceptable'
        ? verdict === 'accepted' || verdict === 'refused'
        : verdict === (test.result === 'valid' ? 'accepted' : 'refused');
      if (!right) failures.push(`${test.tcId} ${test.result}, ${verdict}: ${test.comment}`);
    }
  }
  const passed = total - failures.length;
  return { file, total, passed, acceptedOfAcceptable, acceptable, failures };
}
