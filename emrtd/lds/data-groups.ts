/**
 * All data groups of a document at once: each is parsed on its own, so that a broken one is a finding
 * and does not lose the rest (ICAO 9303-10 4.7).
 */
import { EmrtdError } from '../errors.ts';
import { type Dg2, parseDg2 } from './dg2.ts';
import { type Dg11, parseDg11 } from './dg11.ts';
import { type Dg12, parseDg12 } from './dg12.ts';
import { parseDg1 } from './dg1.ts';
import { parseDg14 } from './dg14.ts';
import { type Dg15, parseDg15 } from './dg15.ts';
import { type Dg16, parseDg16 } from './dg16.ts';
import { type DisplayedImages, parseDg5, parseDg6, parseDg7 } from './displayed-image.ts';
import type { Finding, Parsed } from './finding.ts';
import type { Mrz } from './mrz.ts';
import { type OpaqueGroup, parseDg13, parseOpaque } from './opaque.ts';
import { parseDg3, parseDg4, type ProtectedBiometrics } from './protected-biometrics.ts';
import type { SecurityInfos } from './security-info.ts';

/** What the groups hold; a group that was not given or could not be read is absent. */
export interface DataGroups {
  dg1?: Mrz;
  dg2?: Dg2;
  dg3?: ProtectedBiometrics;
  dg4?: ProtectedBiometrics;
  dg5?: DisplayedImages;
  dg6?: DisplayedImages;
  dg7?: DisplayedImages;
  dg8?: OpaqueGroup;
  dg9?: OpaqueGroup;
  dg10?: OpaqueGroup;
  dg11?: Dg11;
  dg12?: Dg12;
  dg13?: OpaqueGroup;
  dg14?: SecurityInfos;
  dg15?: Dg15;
  dg16?: Dg16;
}

type Key = keyof DataGroups;
type Parsers = { [K in Key]-?: (bytes: Uint8Array) => Parsed<NonNullable<DataGroups[K]>> };

const PARSERS: Parsers = {
  dg1: parseDg1,
  dg2: parseDg2,
  dg3: parseDg3,
  dg4: parseDg4,
  dg5: parseDg5,
  dg6: parseDg6,
  dg7: parseDg7,
  dg8: (bytes) => parseOpaque(8, bytes),
  dg9: (bytes) => parseOpaque(9, bytes),
  dg10: (bytes) => parseOpaque(10, bytes),
  dg11: parseDg11,
  dg12: parseDg12,
  dg13: parseDg13,
  dg14: parseDg14,
  dg15: parseDg15,
  dg16: parseDg16,
};

/**
 * Parses the files of `files`, keyed by data group number 1 to 16 (other keys are ignored). Never
 * throws an EmrtdError: a file that cannot be read at all is a `malformed` finding that names it.
 */
export function parseDataGroups(
  files: ReadonlyMap<number, Uint8Array>,
): { groups: DataGroups; findings: Finding[] } {
  const groups: DataGroups = {};
  const findings: Finding[] = [];
  for (const [number, bytes] of files) {
    const key = `dg${number}`;
    if (isKey(key)) parseInto(key, bytes, groups, findings);
  }
  return { groups, findings };
}

function isKey(key: string): key is Key {
  return Object.hasOwn(PARSERS, key);
}

function parseInto(
  key: Key,
  bytes: Uint8Array,
  groups: DataGroups,
  findings: Finding[],
): void {
  try {
    const parsed = PARSERS[key](bytes);
    Object.assign(groups, { [key]: parsed.data });
    findings.push(...parsed.findings);
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    findings.push({ file: key.toUpperCase(), code: 'malformed', message: error.message });
  }
}
