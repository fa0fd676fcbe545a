/**
 * The axes of the matrix reader x chip: what ICAO 9303-11 lets a document combine, and which combinations
 * are meaningful.
 */
import {
  type ActiveAuthenticationChoice,
  type ChipAuthenticationChoice,
  type Holder,
  type PaceChoice,
  seededRandom,
  seededRsaKey,
} from '../../../emrtd/chip/mod.ts';
import type { CipherName, HashName } from '../../../emrtd/crypto/mod.ts';

const CIPHERS: readonly CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];
/** Standardised domain parameters: three prime-field groups, eleven curves (9303-11 Table 12). */
const PRIME_FIELDS = [0, 1, 2];
const CURVES = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
/** P-224, which integrated mapping excludes. */
const NO_INTEGRATED_MAPPING = 10;
const NONE = 'none';

/** Every axis with its values; `none` where the axis does not apply. */
export const AXES = {
  access: ['BAC', 'GM', 'IM', 'CAM'],
  paceDomain: [NONE, ...PRIME_FIELDS, ...CURVES],
  paceCipher: [NONE, ...CIPHERS],
  password: ['MRZ', 'CAN'],
  length: ['short', 'extended'],
  format: ['TD1', 'TD2', 'TD3'],
  caDomain: [NONE, ...PRIME_FIELDS, ...CURVES],
  caCipher: [NONE, ...CIPHERS],
  aa: [
    NONE,
    'RSA-1024 SHA-1',
    'RSA-1280 SHA-224',
    'RSA-1536 SHA-256',
    'RSA-1792 SHA-384',
    'RSA-2048 SHA-512',
    'RSA-3072 SHA-256',
    'P-192 SHA-224',
    'P-224 SHA-224',
    'P-256 SHA-256',
    'P-384 SHA-384',
    'P-521 SHA-512',
    'brainpoolP224r1 SHA-224',
    'brainpoolP256r1 SHA-256',
    'brainpoolP320r1 SHA-256',
    'brainpoolP384r1 SHA-384',
    'brainpoolP512r1 SHA-512',
  ],
  signature: [
    'ecdsa P-256 SHA-256',
    'ecdsa P-224 SHA-224',
    'ecdsa P-384 SHA-384',
    'ecdsa P-521 SHA-512',
    'ecdsa brainpoolP256r1 SHA-256',
    'ecdsa brainpoolP384r1 SHA-384',
    'ecdsa brainpoolP512r1 SHA-512',
    'rsa-pkcs1 2048 SHA-1',
    'rsa-pkcs1 2048 SHA-256',
    'rsa-pss 2048 SHA-256',
    'rsa-pss 2048 SHA-512',
  ],
} as const;

export type Axis = keyof typeof AXES;
export type Value = string | number;
export type Cell = Record<Axis, Value>;

export const AXIS_NAMES = Object.keys(AXES) as Axis[];

/** True for combinations that 9303-11 allows. */
export function isValid(cell: Cell): boolean {
  const { access, paceDomain, paceCipher, password, caDomain, caCipher } = cell;
  const pace = access !== 'BAC';
  if (pace !== (paceDomain !== NONE) || pace !== (paceCipher !== NONE)) return false;
  if ((caDomain === NONE) !== (caCipher === NONE)) return false;
  if (!pace && password === 'CAN') return false;
  if (access === 'IM' && paceDomain === NO_INTEGRATED_MAPPING) return false;
  if (access === 'CAM') return CURVES.includes(Number(paceDomain)) && paceCipher !== '3DES';
  return true;
}

/** Every way in: BAC, and each PACE mapping with each group and cipher that it allows. */
export function accessCells(): Pick<Cell, 'access' | 'paceDomain' | 'paceCipher'>[] {
  const rest = { password: 'MRZ', length: 'short', format: 'TD3', caDomain: NONE, caCipher: NONE };
  const cells = AXES.access.flatMap((access) =>
    AXES.paceDomain.flatMap((paceDomain) =>
      AXES.paceCipher.map((paceCipher) => ({ access, paceDomain, paceCipher }))
    )
  );
  return cells.filter((cell) =>
    isValid({ ...rest, aa: NONE, signature: AXES.signature[0], ...cell })
  );
}

/** The PACE variant of a cell. */
export function paceOf({ access, paceDomain, paceCipher }: Cell): PaceChoice[] {
  if (access === 'BAC') return [];
  return [{
    mapping: access as PaceChoice['mapping'],
    parameterId: Number(paceDomain),
    cipher: paceCipher as CipherName,
  }];
}

/** The chip authentication key of a cell; keys of odd domain ids carry a key identifier. */
export function chipAuthenticationOf({ caDomain, caCipher }: Cell): ChipAuthenticationChoice[] {
  if (caDomain === NONE) return [];
  const parameterId = Number(caDomain);
  const cipher = caCipher as CipherName;
  return [
    parameterId % 2 === 1
      ? { parameterId, cipher, keyId: 100 + parameterId }
      : { parameterId, cipher },
  ];
}

const rsaKeys = new Map<number, ReturnType<typeof seededRsaKey>>();

/** RSA keys are costly and the same for all cells. */
function rsaKey(bits: number): ReturnType<typeof seededRsaKey> {
  const known = rsaKeys.get(bits) ?? seededRsaKey(bits, seededRandom(`matrix ${bits}`));
  rsaKeys.set(bits, known);
  return known;
}

/** The active authentication key of a cell. */
export function activeAuthenticationOf({ aa }: Cell): ActiveAuthenticationChoice | undefined {
  if (aa === NONE) return undefined;
  const [name, hash] = String(aa).split(' ') as [string, HashName];
  if (name.startsWith('RSA-')) return { kind: 'rsa', key: rsaKey(Number(name.slice(4))), hash };
  return { kind: 'ecdsa', curve: name, hash };
}

/** A holder for each format; TD1 and TD2 with document numbers that run on. */
export function holderOf({ format }: Cell): Holder {
  return {
    format: format as Holder['format'],
    documentCode: format === 'TD3' ? 'P' : 'I',
    issuingState: 'UTO',
    documentNumber: format === 'TD3'
      ? 'L898902C3'
      : format === 'TD1'
      ? 'D23145890734'
      : 'D2314589073',
    nationality: 'UTO',
    dateOfBirth: '740812',
    sex: 'F',
    dateOfExpiry: '320415',
    primaryIdentifier: 'ERIKSSON',
    secondaryIdentifier: 'ANNA MARIA',
  };
}
