/** Every kind of hostile request; the run takes them in turn. */
import type { Kind } from '../case.ts';
import { CAPTURE_KINDS } from './captures.ts';
import { CONNECTION_KINDS } from './connections.ts';
import { ENVELOPE_KINDS } from './envelopes.ts';
import { FIELD_KINDS } from './fields.ts';
import { FORM_KINDS } from './forms.ts';
import { FRAMING_KINDS } from './framing.ts';
import { HEADER_KINDS } from './headers.ts';
import { MATCH_KINDS } from './match.ts';
import { PATH_KINDS } from './paths.ts';

export const HOSTILE_KINDS: readonly Kind[] = [
  ...MATCH_KINDS,
  ...FIELD_KINDS,
  ...FORM_KINDS,
  ...ENVELOPE_KINDS,
  ...CAPTURE_KINDS,
  ...HEADER_KINDS,
  ...FRAMING_KINDS,
  ...PATH_KINDS,
  ...CONNECTION_KINDS,
];
