/** A token in software, SoftHSM of Debian, in a folder of its own; and modules in C that are none, or evil. */
import { dlopen, FFIType } from 'bun:ffi';
import { describe } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenSettings } from '../../../server/core/pkcs11/token.ts';

const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const TOOL = 'softhsm2-util';
const COMPILER = '/usr/bin/cc';

/** `describe` that runs where SoftHSM is installed and says so where it is not. */
export function describeWithToken(name: string, body: () => void): void {
  if (existsSync(MODULE) && Bun.which(TOOL) !== null) describe(name, body);
  else describe.skip(`${name} [skipped: no ${MODULE}; install the package softhsm2]`, body);
}

/** The same where modules can be compiled. */
export function describeWithCompiler(name: string, body: () => void): void {
  if (existsSync(COMPILER)) describe(name, body);
  else {describe.skip(
      `${name} [skipped: no ${COMPILER}; install the packages gcc, libc6-dev]`,
      body,
    );}
}

export const PIN = 'four words and more';

export class SoftToken {
  readonly folder: string;
  readonly settings: TokenSettings;
  /** For programs that are started. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string) {
    this.folder = folder;
    this.settings = { module: MODULE, token: 'gate', key: 'kek', pin: PIN };
    this.env = { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
  }

  static async make(): Promise<SoftToken> {
    const token = new SoftToken(await mkdtemp(join(tmpdir(), 'gatehouse-token-')));
    const tokens = join(token.folder, 'tokens');
    await mkdir(tokens);
    await writeFile(
      token.env.SOFTHSM2_CONF,
      `directories.tokendir = ${tokens}\nlog.level = ERROR\n`,
    );
    setNativeVariable('SOFTHSM2_CONF', token.env.SOFTHSM2_CONF);
    token.addToken('gate');
    return token;
  }

  /** One more token in the folder. */
  addToken(label: string): void {
    const { exitCode, stderr } = Bun.spawnSync(
      [TOOL, '--init-token', '--free', '--label', label, '--so-pin', 'officer-pin', '--pin', PIN],
      { env: { PATH: process.env.PATH, ...this.env } },
    );
    if (exitCode !== 0) throw new Error(`${TOOL}: ${stderr}`);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** For libraries in this process, which `process.env` does not reach. */
function setNativeVariable(name: string, value: string): void {
  const { symbols } = dlopen('libc.so.6', {
    setenv: { args: [FFIType.ptr, FFIType.ptr, FFIType.i32], returns: FFIType.i32 },
  });
  const text = (of: string) => new TextEncoder().encode(`${of}\0`);
  symbols.setenv(text(name), text(value), 1);
}

/**
 * Compiles a module: every function answers CKR_FUNCTION_NOT_SUPPORTED but those that are given, in C.
 * @param functions name -> arguments and body; `list` is the function list
 */
export async function compileModule(
  folder: string,
  name: string,
  functions: Readonly<Record<string, string>>,
): Promise<string> {
  const places: Readonly<Record<string, number>> = {
    C_Initialize: 0,
    C_Finalize: 1,
    C_GetSlotList: 4,
    C_GetTokenInfo: 6,
    C_OpenSession: 12,
    C_Login: 18,
    C_GetAttributeValue: 24,
    C_FindObjectsInit: 26,
    C_FindObjects: 27,
    C_FindObjectsFinal: 28,
    C_DecryptInit: 33,
    C_Decrypt: 34,
  };
  const source = `
    #include <string.h>
    typedef unsigned long U;
    static U none() { return 0x54; }
    ${Object.entries(functions).map(([of, text]) => `static U ${of}${text}`).join('\n')}
    static struct { unsigned char version[8]; void *functions[68]; } list;
    U C_GetFunctionList(void **out) {
      for (int i = 0; i < 68; i++) list.functions[i] = (void *) none;
      ${
    Object.keys(functions).map((of) => `list.functions[${places[of]}] = (void *) ${of};`).join('\n')
  }
      *out = &list;
      return 0;
    }`;
  const path = join(folder, `${name}.c`), module = join(folder, `${name}.so`);
  await writeFile(path, source);
  const { exitCode, stderr } = Bun.spawnSync([
    COMPILER,
    '-shared',
    '-fPIC',
    '-w',
    '-o',
    module,
    path,
  ]);
  if (exitCode !== 0) throw new Error(`${stderr}`);
  return module;
}
