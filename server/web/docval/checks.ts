/** From the documented result to a verdict and a tree of checks. Nothing counts as passed that is not said to be. */
import type { NamedCheck } from '../../docval/passport-types.ts';
import type { ValidateOutcome } from '../docval-client/docval-client.d.ts';
import { strings } from './strings.ts';

type Passport = NonNullable<ValidateOutcome['passport']>;
type Details = Passport['passive_authentication_details'];

type CheckState = keyof typeof strings.state;

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  /** Reasons and facts, a line each. */
  readonly notes: readonly string[];
  readonly parts: readonly Check[];
  /** The checks that this one is made of, by the names that the server has for them. */
  readonly single?: readonly Check[];
}

export type VerdictKind = keyof typeof strings.verdict;

/** As docs/docval.md says what to look at in a result. */
export function verdictOf(passport: Passport): VerdictKind {
  const { chip_authentication_result: chip, active_authentication_result: active } = passport;
  if (passport.passive_authentication !== true) return 'forged';
  if (chip === 'FAILED' || active === 'FAILED') return 'cloned';
  const complete = passport.mrz_info !== null && passport.face_photo !== null;
  if (passport.errors.length > 0 || !complete) return 'incomplete';
  return chip === 'SUCCESS' || active === 'SUCCESS' ? 'good' : 'fair';
}

/** The reasons of all errors with one of these codes; an error is `CODE: reason`. */
function reasons(errors: readonly string[], ...codes: string[]): string[] {
  return errors.filter((error) => codes.some((code) => error.startsWith(`${code}:`)))
    .map((error) => error.slice(error.indexOf(':') + 1).trim());
}

function said(value: boolean | undefined): CheckState {
  return value === true ? 'passed' : 'failed';
}

const { check: names } = strings;

const FILE_CODES = ['FILE_ABSENT', 'FILE_UNREADABLE', 'FILE_MALFORMED', 'FILE_UNSIGNED'];
/** Codes that a check of the tree shows; all others go under "further errors". */
const SHOWN = [
  'SOD_SIGNATURE',
  'DOCUMENT_CERTIFICATE',
  'DATA_GROUP_HASH',
  'CHIP_AUTHENTICATION',
  'ACTIVE_AUTHENTICATION',
  ...FILE_CODES,
];

/** The stated checks of some procedures. */
function singleChecks(stated: readonly NamedCheck[], ...procedures: NamedCheck['procedure'][]) {
  return stated.filter(({ procedure }) => procedures.includes(procedure))
    .map(({ check, status, reason }): Check => ({
      name: check,
      state: status,
      notes: [reason],
      parts: [],
    }));
}

/**
 * The checks of a result, outermost first.
 * @param stated every single check, where the result was signed
 */
export function checksOf(passport: Passport, stated: readonly NamedCheck[] = []): Check[] {
  const { errors } = passport;
  const { chip_authentication_result: chip, active_authentication_result: active } = passport;
  const further = errors.filter((error) => !SHOWN.includes(error.slice(0, error.indexOf(':'))));
  return [
    passive(passport, stated),
    {
      ...proof(names.chip, chip, reasons(errors, 'CHIP_AUTHENTICATION')),
      single: singleChecks(stated, 'chip_authentication', 'chip_authentication_mapping'),
    },
    {
      ...proof(names.active, active, reasons(errors, 'ACTIVE_AUTHENTICATION')),
      single: singleChecks(stated, 'active_authentication'),
    },
    { ...reading(passport), single: singleChecks(stated, 'access_control') },
    ...further.length === 0
      ? []
      : [{ name: names.other, state: 'failed', notes: further, parts: [] } as const],
  ];
}

function passive(passport: Passport, stated: readonly NamedCheck[]): Check {
  const { errors, passive_authentication_details: details } = passport;
  const parts: Check[] = [
    {
      name: names.signature,
      state: said(details?.sod_signature_valid),
      notes: reasons(errors, 'SOD_SIGNATURE'),
      parts: [],
      single: singleChecks(stated, 'sod_signature'),
    },
    {
      name: names.certificate,
      state: said(details?.document_certificate_valid),
      notes: [...reasons(errors, 'DOCUMENT_CERTIFICATE'), ...anchor(details)],
      parts: [],
      single: singleChecks(stated, 'document_certificate'),
    },
    { ...hashes(passport), single: singleChecks(stated, 'data_group_hashes') },
  ];
  return { name: names.passive, state: said(passport.passive_authentication), notes: [], parts };
}

function anchor(details: Details): string[] {
  const anchor = details?.trust_anchor;
  if (anchor === undefined) return [];
  return [
    strings.anchor.restsOn(anchor.subject, anchor.serial_number),
    strings.anchor.fingerprint(anchor.fingerprint),
    ...anchor.sources.map((source) => strings.anchor.source(source.file, source.vouched_for_by)),
  ];
}

function hashes(
  { errors, sod_info: sod, passive_authentication_details: details }: Passport,
): Check {
  const found = reasons(errors, 'DATA_GROUP_HASH');
  const about = (group: number) => found.filter((reason) => reason.startsWith(`DG${group}.`));
  const groups = details?.data_groups_checked ?? [];
  const parts = groups.map((group): Check => ({
    name: names.group(group),
    state: said(details?.data_groups_with_valid_hash.includes(group)),
    notes: about(group),
    parts: [],
  }));
  const placed = groups.flatMap(about);
  return {
    name: names.hashes,
    state: said(details?.all_hashes_valid),
    notes: [
      ...found.filter((reason) => !placed.includes(reason)),
      ...(groups.length === 0 ? [strings.absent.session] : []),
      ...(sod === null ? [] : [strings.hashed(sod.hash_algorithm)]),
    ],
    parts,
  };
}

function proof(
  name: string,
  result: Passport['chip_authentication_result'],
  notes: string[],
): Check {
  if (result === 'SUCCESS') return { name, state: 'passed', notes, parts: [] };
  if (result === 'FAILED') return { name, state: 'failed', notes, parts: [] };
  return { name, state: 'absent', notes: [...notes, strings.absent.proof], parts: [] };
}

function reading({ errors, mrz_info: zone, face_photo: photo }: Passport): Check {
  const notes = reasons(errors, ...FILE_CODES);
  const parts: Check[] = [
    { name: names.zone, state: said(zone !== null), notes: [], parts: [] },
    { name: names.photo, state: said(photo !== null), notes: [], parts: [] },
  ];
  const state = said(notes.length === 0 && zone !== null && photo !== null);
  return { name: names.reading, state, notes, parts };
}
