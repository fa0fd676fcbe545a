/**
 * Every word the page of the demonstration shows, in one place: a translation replaces this module. `page`
 * fills the placeholders of index.html, the rest is said while the page runs. Reasons of failed checks come
 * from the server, in English.
 */
import type { SpecimenId } from '../../docval-demo/answer.ts';
import type { DocvalStatus } from '../docval-client/docval-client.d.ts';

/** What a passport is accepted by: names of the checks in the tree. */
const check = {
  passive: 'The data is genuine (passive authentication)',
  signature: 'The security object is signed correctly',
  certificate: 'Its signer leads to a trusted state',
  hashes: 'Every file is the one that was signed',
  chip: 'The chip is the original (chip authentication)',
  active: 'The chip is the original (active authentication)',
  reading: 'Everything needed could be read',
  zone: 'Machine readable zone (DG1)',
  photo: 'Portrait (DG2)',
  group: (number: number) => `DG${number}`,
  other: 'Further errors',
};

const status: Record<DocvalStatus, string> = {
  READ_ATR_INFO: 'Ask how long messages may be',
  ACCESS_CONTROL: 'Open the chip with its key',
  READ_SOD: 'Read the security object',
  READ_DG14: 'Read DG14, security options',
  CHIP_AUTHENTICATION: 'Chip authentication',
  READ_DG15: 'Read DG15, key of active authentication',
  ACTIVE_AUTHENTICATION: 'Active authentication',
  READ_DG1: 'Read DG1, machine readable zone',
  READ_DG2: 'Read DG2, portrait',
  READ_DG7: 'Read DG7, signature',
  READ_DG11: 'Read DG11, personal details',
  READ_DG12: 'Read DG12, document details',
  PASSIVE_AUTHENTICATION: 'Passive authentication',
  DONE: 'Done',
};

const specimens: Record<SpecimenId, { readonly name: string; readonly about: string }> = {
  'pace-ca': { name: 'Passport as usual', about: 'PACE with generic mapping, chip authentication' },
  'pace-cam': {
    name: 'One step for both',
    about: 'PACE with chip authentication mapping: opening proves the chip',
  },
  'aa-rsa': {
    name: 'Older passport',
    about: 'Basic access control, active authentication with RSA',
  },
  'bac': {
    name: 'Oldest passport',
    about: 'Basic access control only; the chip can prove nothing',
  },
  'cloned': { name: 'Cloned chip', about: 'All files copied, but not the secret key of the chip' },
  'tampered-photo': {
    name: 'Changed photo',
    about: 'One bit of the portrait was changed after signing',
  },
  'expired-signer': { name: 'Expired signer', about: 'Signed with a certificate that has ended' },
  'stranger': {
    name: 'Unknown authority',
    about: 'Signed by somebody who only calls himself the state',
  },
};

const closeReason: Readonly<Record<string, string>> = {
  CANCELLED_BY_USER: 'Stopped.',
  NFC_CHIP_COMMUNICATION_FAILED: 'The chip does not answer any more.',
  TIMEOUT_WHILE_WAITING_FOR_RESPONSE: 'The chip took too long to answer.',
  MAX_SESSION_TIME_EXCEEDED: 'The session took too long.',
  ACCESS_CONTROL_FAILED: 'The chip does not open with this key.',
  INVALID_CLIENT_ID: 'The server was restarted. Please load this page again.',
  FILE_READ_ERROR: 'The files of the chip cannot be read.',
  SERVER_ERROR: 'The server cannot take this session now. Please try again.',
};

const milliseconds = (value: number) => `${Math.round(value)}\u00a0ms`;

export const strings = {
  page: {
    language: 'en',
    title: 'Verify a passport chip · Gatehouse',
    heading: 'Verify a passport chip',
    lead:
      'This server reads the chip of a passport, through your browser, and says whether data and chip are genuine.',
    specimen: 'Specimens.',
    specimenText:
      'These passports are software. Holder and state are invented, and only this demonstration trusts them.',
    noScript: 'This page needs JavaScript, which is switched off in this browser.',
    choose: 'Choose a passport',
    answerTime: 'Each answer of the chip takes',
    paceAir: '20 ms, as over the air',
    paceNone: 'no time',
    verify: 'Verify',
    stop: 'Stop',
    steps: 'What the server does',
    portrait: 'Portrait from the chip, specimen',
    portraitCaption: 'Portrait from the chip',
    checks: 'Checks',
    json: 'The result as JSON',
    jsonNote: 'As the server sent it. Long Base64 texts are shortened here.',
    real: 'Real passports',
    realText:
      'A phone or a card reader takes the place of the software chip. The server needs the certificates of the states it shall trust, and a client id for each application: docs/docval.md and docs/trust-store.md.',
    own: 'Your own reader',
    ownText: 'This page uses the client that this server offers to every program:',
  },
  off:
    'The demonstration is off on this server: it is open to the network, or was switched off. GATEHOUSE_DOCVAL_DEMO=on switches it on.',
  unreachable:
    'The server cannot be reached. Please check that it is running, then load this page again.',
  specimens,
  status: {
    starting: (name: string) => `Reading: ${name}.`,
    done: (headline: string) => `Finished. ${headline}.`,
    step: (step: string) => Object.hasOwn(status, step) ? status[step as DocvalStatus] : step,
  },
  step: {
    running: 'running',
    done: 'done',
    ended: 'ended here',
    facts: (ms: number, commands: number) =>
      commands === 0
        ? milliseconds(ms)
        : `${milliseconds(ms)}, ${commands} ${commands === 1 ? 'command' : 'commands'}`,
  },
  totals: (totalMs: number, chipMs: number, commands: number) =>
    `${milliseconds(totalMs)} in all, ${
      milliseconds(chipMs)
    } of them for ${commands} answers of the chip. Times are those between the messages that reached this page.`,
  ended: (reason: string) =>
    Object.hasOwn(closeReason, reason)
      ? closeReason[reason]
      : `The session ended early${reason === '' ? '' : `: ${reason}`}.`,
  failure: {
    CONNECTION_FAILED: 'The server does not take the connection. Please try again.',
    CONNECTION_LOST: 'The connection to the server was lost. Please try again.',
    PROTOCOL_ERROR: 'The server said something unexpected. Please load this page again.',
    INVALID_OPTIONS: 'This page does not fit the server. Please load it again.',
  },
  verdict: {
    good: {
      headline: 'Genuine',
      detail: 'The state signed this data, and the chip proved that it is the original.',
    },
    fair: {
      headline: 'Genuine data, chip not proven',
      detail: 'The state signed this data. The chip has no key to prove that it is no copy.',
    },
    incomplete: {
      headline: 'Do not accept',
      detail: 'Something was missing or unreadable. The checks below say what.',
    },
    forged: {
      headline: 'Do not accept: data not genuine',
      detail: 'No trusted state vouches for all of this data. The checks below say why.',
    },
    cloned: {
      headline: 'Do not accept: chip not genuine',
      detail: 'The chip did not prove that it is the original. The checks below say why.',
    },
  },
  data: {
    name: 'Name',
    document: 'Document',
    number: 'Number',
    state: 'Issuing state',
    nationality: 'Nationality',
    birth: 'Born',
    expiry: 'Valid until',
    sex: 'Sex',
    none: 'not stated',
  },
  gender: { MALE: 'male', FEMALE: 'female', UNSPECIFIED: 'not specified', UNKNOWN: 'unknown' },
  noPortrait: {
    absent: 'There is no portrait.',
    jpeg2000: 'The portrait is a JPEG 2000 picture, which browsers do not show.',
    unknown: 'The portrait is no picture that this browser can show.',
  },
  check,
  state: {
    passed: 'passed',
    failed: 'failed',
    absent: 'not available',
    skipped: 'skipped',
  },
  single: (count: number): string => count === 1 ? '1 single check' : `${count} single checks`,
  absent: {
    proof: 'The chip does not offer this proof.',
    session: 'EF.SOD could not be used, so nothing was compared.',
  },
  hashed: (algorithm: string) => `Compared by ${algorithm}`,
  anchor: {
    restsOn: (subject: string, serial: string) => `Rests on ${subject}, serial number ${serial}`,
    fingerprint: (hex: string) => `SHA-256 ${hex}`,
    source: (file: string, by: string) =>
      `From ${file}${by === '' ? '' : `, vouched for by ${by}`}`,
  },
  shortened: (characters: number) => `… (${characters} characters)`,
} as const;
