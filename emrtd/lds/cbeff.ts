/**
 * Biometric information templates (ICAO 9303-10 4.7.2.1, ISO/IEC 7816-11, CBEFF patron format): group
 * template 7F61 with a count and templates 7F60, each with a header A1 and a data block 5F2E or 7F2E.
 */
import { findTag, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { attempt, smallNumber } from './element.ts';
import type { Findings } from './finding.ts';

export interface BiometricTemplate {
  /** Where it stands, for findings: `template 1`. */
  part: string;
  /** CBEFF format owner (0101: ISO/IEC JTC 1/SC 37), or null. */
  formatOwner: number | null;
  /** CBEFF format type (0008: 19794-5, 002A: 39794-5), or null. */
  formatType: number | null;
  /** The biometric data block. */
  block: Uint8Array;
}

/** Templates read at most. */
const MAX_TEMPLATES = 16;

/**
 * The templates inside the file element (75). Broken templates are findings.
 * Throws LDS_MALFORMED when there is no group template.
 */
export function biometricTemplates(file: Tlv, findings: Findings): BiometricTemplate[] {
  const group = findTag(file.children(), 0x7f61);
  if (group === undefined) {
    throw new EmrtdError('LDS_MALFORMED', `${file.source}: no group template 7F61`);
  }
  const elements = group.children();
  const templates = elements.filter((element) => element.tag === 0x7f60);
  const count = findTag(elements, 0x02);
  if (count === undefined) findings.add('missing', 'no count of templates');
  else {
    const stated = attempt(findings, 'count', () => smallNumber(count.value, file.source));
    if (stated !== undefined && stated !== templates.length) {
      findings.add('undeclared', `${stated} templates stated, ${templates.length} present`);
    }
  }
  if (templates.length > MAX_TEMPLATES) {
    findings.add('limit', `${templates.length} templates, the first ${MAX_TEMPLATES} were read`);
  }
  const read: BiometricTemplate[] = [];
  templates.slice(0, MAX_TEMPLATES).forEach((template, i) => {
    const part = `template ${i + 1}`;
    attempt(findings, part, () => read.push(readTemplate(template, part, findings)));
  });
  return read;
}

function readTemplate(template: Tlv, part: string, findings: Findings): BiometricTemplate {
  const elements = template.children();
  const data = findTag(elements, 0x5f2e) ?? findTag(elements, 0x7f2e);
  if (data === undefined) {
    throw new EmrtdError('LDS_MALFORMED', `${template.source}: no data block in ${part}`);
  }
  const header = attempt(findings, part, () => findTag(elements, 0xa1)?.children()) ?? [];
  const field = (tag: number) => {
    const element = findTag(header, tag);
    if (element === undefined) return null;
    return attempt(findings, part, () => smallNumber(element.value, template.source)) ?? null;
  };
  return { part, formatOwner: field(0x87), formatType: field(0x88), block: data.value };
}
