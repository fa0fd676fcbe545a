/** The templates that a capture asked for, plain or encrypted for the integrator. */
import type { KeyObject } from 'node:crypto';
import { encodeTemplate, plainFaceRecord, writeFaceRecord } from '../../biometrics/formats/mod.ts';
import type { FaceAnalysis } from '../../biometrics/types.ts';
import { type Base64Form, encodeBase64 } from './base64.ts';
import type { TemplateName } from './capture.ts';
import { type EncryptedTemplate, encryptTemplate } from './template-encryption.ts';

/** The part of an answer that holds templates: `templates`, or `encrypted_templates` in its place. */
export type TemplatePart =
  | { readonly templates: Readonly<Record<string, string>> }
  | { readonly encrypted_templates: Readonly<Record<string, EncryptedTemplate>> };

/**
 * @param jpeg the whole selfie as the SDK sent it
 * @param analysis of the selfie, with its PNG where that is among the names
 */
export function makeTemplates(
  names: readonly TemplateName[],
  jpeg: Uint8Array,
  { template, width, height, png }: FaceAnalysis,
): ReadonlyMap<TemplateName, Uint8Array> {
  const made = new Map<TemplateName, Uint8Array>();
  for (const name of names) {
    if (name === 'JPEG') made.set(name, jpeg);
    else if (name === 'PNG') {
      if (png === undefined) throw new TypeError('no PNG was made');
      made.set(name, png);
    } else if (name === 'IDENTY_TYPE_1') made.set(name, encodeTemplate(template));
    else made.set(name, writeFaceRecord(plainFaceRecord('010', jpeg, { width, height })));
  }
  return made;
}

/**
 * @param form of templates that are not encrypted
 * @param key of the integrator, where templates are to be encrypted
 */
export function templatePart(
  templates: ReadonlyMap<string, Uint8Array>,
  form: Base64Form,
  key: KeyObject | undefined,
): TemplatePart {
  const entries = [...templates];
  return key === undefined
    ? {
      templates: Object.fromEntries(
        entries.map(([name, bytes]) => [name, encodeBase64(bytes, form)]),
      ),
    }
    : {
      encrypted_templates: Object.fromEntries(
        entries.map(([name, bytes]) => [name, encryptTemplate(bytes, key)]),
      ),
    };
}
