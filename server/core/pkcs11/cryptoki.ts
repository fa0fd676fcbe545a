/**
 * A PKCS #11 module: the shared library of a token's maker, called through its function list (OASIS 3.1, 5.2).
 * Calls block, so they belong into the start of the server and into commands.
 */
import { CFunction, dlopen, FFIType, type Pointer, read } from 'bun:ffi';
import { existsSync } from 'node:fs';
import { Pkcs11Error } from './codes.ts';
import { WORD } from './structures.ts';

const { ptr: POINTER, u64: ULONG, u8: BYTE } = FFIType;

/** The functions that are used: place in CK_FUNCTION_LIST behind the version, and arguments. */
const FUNCTIONS = {
  C_Initialize: { place: 0, args: [POINTER] },
  C_Finalize: { place: 1, args: [POINTER] },
  C_GetSlotList: { place: 4, args: [BYTE, POINTER, POINTER] },
  C_GetTokenInfo: { place: 6, args: [ULONG, POINTER] },
  C_OpenSession: { place: 12, args: [ULONG, ULONG, POINTER, POINTER, POINTER] },
  C_CloseSession: { place: 13, args: [ULONG] },
  C_Login: { place: 18, args: [ULONG, ULONG, POINTER, ULONG] },
  C_GetAttributeValue: { place: 24, args: [ULONG, ULONG, POINTER, ULONG] },
  C_FindObjectsInit: { place: 26, args: [ULONG, POINTER, ULONG] },
  C_FindObjects: { place: 27, args: [ULONG, POINTER, ULONG, POINTER] },
  C_FindObjectsFinal: { place: 28, args: [ULONG] },
  C_DecryptInit: { place: 33, args: [ULONG, POINTER, ULONG] },
  C_Decrypt: { place: 34, args: [ULONG, POINTER, ULONG, POINTER, POINTER] },
  C_GenerateKeyPair: {
    place: 59,
    args: [ULONG, POINTER, POINTER, ULONG, POINTER, ULONG, POINTER, POINTER],
  },
} as const;

/** CKR_FUNCTION_NOT_SUPPORTED. */
const NOT_SUPPORTED = 0x54;

type Name = keyof typeof FUNCTIONS;
type Argument = Uint8Array | BigUint64Array | bigint | number | null;

type Native = (...args: readonly Argument[]) => number | bigint;

/** Calls functions by name. @throws Pkcs11Error for everything but CKR_OK */
export type Cryptoki = (name: Name, ...args: readonly Argument[]) => void;

/**
 * @param path of the shared library; it stays loaded, as some have threads that outlive their use
 * @returns a text instead: why it is none
 */
export function loadCryptoki(path: string): Cryptoki | string {
  if (!existsSync(path)) return 'does not exist';
  let getFunctionList: (list: BigUint64Array) => number | bigint;
  try {
    getFunctionList = dlopen(path, {
      C_GetFunctionList: { args: [POINTER], returns: ULONG },
    }).symbols.C_GetFunctionList;
  } catch {
    // the loader tells "no library" from "no such function" in words only
    return 'is no PKCS #11 module, or a library that it needs is missing';
  }
  const slot = new BigUint64Array(1);
  const code = Number(getFunctionList(slot));
  if (code !== 0) return new Pkcs11Error('C_GetFunctionList', code).message;
  const list = Number(slot[0]) as Pointer;
  if (list === 0) return 'gives no list of functions';
  const bound = new Map<Name, Native>();
  return (name, ...args) => {
    let call = bound.get(name);
    if (call === undefined) {
      const { place, args: types } = FUNCTIONS[name];
      // CK_VERSION takes two bytes and is filled up to a word
      const address = read.ptr(list, WORD + WORD * place) as Pointer;
      if (address === 0) throw new Pkcs11Error(name, NOT_SUPPORTED);
      const args = [...types];
      call = CFunction({ ptr: address, args, returns: ULONG }) as unknown as Native;
      bound.set(name, call);
    }
    const code = Number(call(...args));
    if (code !== 0) throw new Pkcs11Error(name, code);
  };
}
