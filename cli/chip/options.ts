/** The specimen document of `gatehouse chip serve`, out of the words of its command line. */
import {
  type ActiveAuthenticationChoice,
  type ChipAuthenticationChoice,
  type ChipDescription,
  type Holder,
  ISSUE_FAULTS,
  type IssueFault,
  LINE_FAULTS,
  type LineFault,
  type PaceChoice,
} from '../../emrtd/chip/mod.ts';
import type { CipherName, HashName } from '../../emrtd/crypto/mod.ts';
import { UsageError } from '../command.ts';

const CIPHERS: readonly string[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];
const HASHES: readonly string[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'];

/** TD1, TD2 or TD3. */
export function formatOption(format: string): Holder['format'] {
  if (format !== 'TD1' && format !== 'TD2' && format !== 'TD3') {
    throw new UsageError(`--format ${format}: TD1, TD2 or TD3`);
  }
  return format;
}

/** `GM,13,AES-128`. */
export function paceOption(text: string): PaceChoice {
  const [mapping, id, cipher, ...rest] = text.split(',');
  if (rest.length > 0 || !['GM', 'IM', 'CAM'].includes(mapping) || !CIPHERS.includes(cipher)) {
    throw new UsageError(`--pace ${text}: MAPPING,PARAMETER-ID,CIPHER such as GM,13,AES-128`);
  }
  return {
    mapping: mapping as PaceChoice['mapping'],
    parameterId: parameterId('--pace', id),
    cipher: cipher as CipherName,
  };
}

/** `13,AES-128`, with a key identifier behind it where wanted. */
export function chipAuthenticationOption(text: string): ChipAuthenticationChoice {
  const [id, cipher, keyId, ...rest] = text.split(',');
  if (rest.length > 0 || !CIPHERS.includes(cipher)) {
    throw new UsageError(`--ca ${text}: PARAMETER-ID,CIPHER[,KEY-ID] such as 13,AES-128`);
  }
  return {
    parameterId: parameterId('--ca', id),
    cipher: cipher as CipherName,
    ...(keyId === undefined ? {} : { keyId: wholeNumber('--ca', keyId) }),
  };
}

/** `rsa,2048,SHA-256` or `ecdsa,P-256,SHA-256`. */
export function activeAuthenticationOption(text: string): ActiveAuthenticationChoice {
  const [kind, what, hash, ...rest] = text.split(',');
  if (rest.length > 0 || what === undefined || !HASHES.includes(hash)) {
    throw new UsageError(`--aa ${text}: rsa,2048,SHA-256 or ecdsa,P-256,SHA-256`);
  }
  if (kind === 'ecdsa') return { kind, curve: what, hash: hash as HashName };
  const bits = wholeNumber('--aa', what);
  if (kind !== 'rsa' || bits < 1024 || bits > 4096 || bits % 128 !== 0) {
    throw new UsageError(`--aa ${text}: RSA keys have 1024 to 4096 bits, a multiple of 128`);
  }
  return { kind, bits, hash: hash as HashName };
}

/** Sorts the names of faults into those of the data and those of the line. */
export function faultOptions(names: readonly string[]): {
  issue: IssueFault[];
  line: LineFault[];
} {
  const issue: IssueFault[] = [];
  const line: LineFault[] = [];
  for (const name of names) {
    if (Object.hasOwn(ISSUE_FAULTS, name)) issue.push(name as IssueFault);
    else if (Object.hasOwn(LINE_FAULTS, name)) line.push(name as LineFault);
    else throw new UsageError(`--fault ${name}: "gatehouse chip faults" lists them`);
  }
  return { issue, line };
}

/** A document as most passports are today: PACE and BAC, chip authentication. */
export const USUAL: Pick<ChipDescription, 'pace' | 'chipAuthentication'> = {
  pace: [{ mapping: 'GM', parameterId: 13, cipher: 'AES-128' }],
  chipAuthentication: [{ parameterId: 13, cipher: 'AES-128' }],
};

/** A number without sign. */
export function wholeNumber(option: string, text: string | undefined): number {
  if (text === undefined || !/^\d{1,9}$/.test(text)) {
    throw new UsageError(`${option}: ${text ?? 'nothing'} is not a number`);
  }
  return Number(text);
}

function parameterId(option: string, text: string): number {
  const id = wholeNumber(option, text);
  if (id > 18 || (id > 2 && id < 8)) {
    throw new UsageError(`${option}: parameter ids are 0 to 2 and 8 to 18 (Doc 9303-11 Table 12)`);
  }
  return id;
}
