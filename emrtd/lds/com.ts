/** EF.COM (ICAO 9303-10 4.6.1): LDS version, Unicode version and the list of files. Unsigned data. */
import { findTag } from '../asn1/mod.ts';
import { openFile } from './element.ts';
import { Findings, type Parsed } from './finding.ts';
import { groupByTag } from './groups.ts';
import { asciiText } from './text.ts';

export interface Com {
  /** `0107`, or null when absent. */
  ldsVersion: string | null;
  /** `040000`, or null when absent. */
  unicodeVersion: string | null;
  /** Numbers of the data groups that the list names, in its order, each once. */
  dataGroups: number[];
}

/** Tags read at most; sixteen data groups exist. */
const MAX_TAGS = 64;

/** Parses EF.COM. Throws LDS_TAG for another file, ASN1_MALFORMED when the TLV is broken. */
export function parseCom(bytes: Uint8Array): Parsed<Com> {
  const findings = new Findings('EF.COM');
  const elements = openFile(bytes, 0x60, 'EF.COM', findings).children();
  const version = (tag: number, length: number, what: string): string | null => {
    const element = findTag(elements, tag);
    if (element === undefined) {
      findings.add('missing', `no ${what}`);
      return null;
    }
    if (element.value.length !== length) {
      findings.add('malformed', `${what} of ${element.value.length} bytes`);
      return null;
    }
    return asciiText(element.value);
  };
  const com: Com = {
    ldsVersion: version(0x5f01, 4, 'LDS version'),
    unicodeVersion: version(0x5f36, 6, 'Unicode version'),
    dataGroups: [],
  };
  const list = findTag(elements, 0x5c);
  if (list === undefined) findings.add('missing', 'no tag list 5C');
  else {
    if (list.value.length > MAX_TAGS) findings.add('limit', `${list.value.length} tags`);
    for (const tag of list.value.subarray(0, MAX_TAGS)) {
      const group = groupByTag(tag);
      if (group === undefined) findings.add('unexpected', 'a tag of no data group in the list');
      else if (!com.dataGroups.includes(group)) com.dataGroups.push(group);
    }
  }
  return { data: com, findings: findings.list };
}
