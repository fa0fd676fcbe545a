/** The command line: finds the command, runs it, turns its errors into words and an exit code. */
import { FaceError } from '../biometrics/errors.ts';
import { EmrtdError } from '../emrtd/errors.ts';
import { PackError } from '../models/errors.ts';
import { BundleError } from './bundle/error.ts';
import { ServerError } from '../server/core/errors.ts';
import { VERSION } from '../server/core/version.ts';
import { type Command, type CommandIo, EXIT, runOrExplain, UsageError } from './command.ts';

interface Entry {
  /** Without one it is for the program itself, and not listed. */
  readonly summary?: string;
  /** Loaded when asked for, so that small commands do not wait for large libraries. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: { summary: 'run the server', load: () => import('./serve.ts') },
  match: { summary: 'compare the faces of two pictures', load: () => import('./match.ts') },
  inspect: {
    summary: 'find the faces of a picture and draw them',
    load: () => import('./inspect.ts'),
  },
  portrait: {
    summary: 'cut the portrait of a document out of a picture',
    load: () => import('./portrait.ts'),
  },
  models: {
    summary: 'list, build, verify, import and calibrate model packs',
    load: () => import('./models/mod.ts'),
  },
  eval: {
    summary: 'measure how good the biometrics are',
    load: () => import('./eval/mod.ts'),
  },
  emrtd: {
    summary: 'read a travel document, or check its files',
    load: () => import('./emrtd/mod.ts'),
  },
  chip: {
    summary: 'offer a specimen chip for tests and demonstrations',
    load: () => import('./chip/mod.ts'),
  },
  pki: {
    summary: 'import, list and show what travel documents are checked against',
    load: () => import('./pki/mod.ts'),
  },
  config: {
    summary: 'check, show and explain the settings',
    load: () => import('./config/mod.ts'),
  },
  license: {
    summary: 'the licence of this installation; reports; for vendors: issue licences',
    load: () => import('./license/mod.ts'),
  },
  audit: {
    summary: 'check and export the trail of who did what',
    load: () => import('./audit/mod.ts'),
  },
  bundle: {
    summary: 'make a signed archive for sites without a network, or verify one',
    load: () => import('./bundle/mod.ts'),
  },
  backup: {
    summary: 'copy the data folder, while the server runs',
    load: () => import('./backup.ts'),
  },
  restore: {
    summary: 'make a data folder of such a copy',
    load: () => import('./restore.ts'),
  },
  data: {
    summary: 'show the format of the data folder, and put a backup of it back',
    load: () => import('./data/mod.ts'),
  },
  health: {
    summary: 'ask a running server whether it is healthy',
    load: () => import('./health.ts'),
  },
  admin: {
    summary: 'add, list, reset and remove administrators of the console',
    load: () => import('./admin/mod.ts'),
  },
  key: {
    summary: 'make, list, replace and revoke API keys',
    load: () => import('./key/mod.ts'),
  },
  keys: {
    summary: 'list, replace and encrypt the private keys of this installation',
    load: () => import('./keys/mod.ts'),
  },
  doctor: {
    summary: 'check this installation and say how to repair it',
    load: () => import('./doctor.ts'),
  },
  version: { summary: 'print the version', load: () => import('./version.ts') },
  'probe-backend': { load: () => import('./probe-backend.ts') },
};

/** What the system says of a file that is missing, no file, or not ours to use. */
const UNUSABLE_FILE: readonly string[] = [
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'ENAMETOOLONG',
  'ELOOP',
];

function overview(): string {
  const listed = Object.entries(COMMANDS).filter(([, { summary }]) => summary !== undefined);
  const width = Math.max(...listed.map(([name]) => name.length));
  const lines = listed.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `gatehouse ${VERSION}: identity verification in one program, offline

Usage: gatehouse <command> [options]

Commands
${lines.join('\n')}

Every command takes --help, and --json for output that programs read.

Exit codes
  0  done: a match, or every check passed
  1  done, and the answer is no: no match, or a check failed
  2  wrong command line
  3  an input cannot be used: missing, broken, or without a face
  4  this installation cannot do it, or not with that model pack: see "gatehouse doctor"
`;
}

/**
 * Runs one command line.
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout(overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    const wanted = name === '--version' ? 'version' : name;
    if (!Object.hasOwn(COMMANDS, wanted)) {
      throw new UsageError(`no such command; "gatehouse --help" lists them`);
    }
    return await runOrExplain(await COMMANDS[wanted].load(), rest, io);
  } catch (error) {
    return explain(error, name, rest.includes('--json'), io);
  }
}

/** @returns the exit code */
function explain(error: unknown, name: string, json: boolean, io: CommandIo): number {
  const [code, exit] = classify(error, name);
  const message = error instanceof Error ? error.message : String(error);
  if (json) io.stdout(JSON.stringify({ error: { code, message } }) + '\n');
  // A pack is refused by the name of the refusal, which scripts and the documentation use.
  else {io.stderr(
      `gatehouse ${name}: ${message}${error instanceof PackError ? ` (${code})` : ''}\n`,
    );}
  if (code === 'INTERNAL' && error instanceof Error) io.stderr(`${error.stack}\n`);
  return exit;
}

function classify(error: unknown, name: string): [code: string, exit: number] {
  if (error instanceof UsageError) return ['USAGE', EXIT.usage];
  if (error instanceof FaceError) {
    // To "models" and "eval" it is about the data, to all others a part of the installation.
    const ofPack = error.code === 'PACK_INCOMPLETE' ||
      (error.code === 'CALIBRATION_INVALID' && name !== 'models' && name !== 'eval');
    return [error.code, ofPack ? EXIT.environment : EXIT.input];
  }
  if (error instanceof EmrtdError || error instanceof BundleError) return [error.code, EXIT.input];
  if (error instanceof PackError || error instanceof ServerError) {
    return [error.code, EXIT.environment];
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && UNUSABLE_FILE.includes(code)) return [code, EXIT.input];
  // What remains of the system's own errors is about the machine: disk full, read-only, out of memory.
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return [code, EXIT.environment];
  // Never 1: a program that fails has not said no.
  return ['INTERNAL', EXIT.environment];
}
