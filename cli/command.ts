/** What every command of the command line is made of. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

export interface CommandIo {
  /** Writes results; commands end their lines themselves. */
  readonly stdout: (text: string) => void;
  /** Writes progress and errors. */
  readonly stderr: (text: string) => void;
}

export interface Command {
  /** Shown by `gatehouse <command> --help`. */
  readonly help: string;
  /** Names of its own commands, which explain themselves. */
  readonly subcommands?: readonly string[];
  /** @returns the exit code */
  run(args: string[], io: CommandIo): Promise<number>;
}

/** Exit codes, the same for all commands; `gatehouse --help` lists them. */
export const EXIT = {
  /** Done; a comparison found a match, a check passed. */
  ok: 0,
  /** Done, and the answer is no: no match, a check failed. */
  negative: 1,
  /** Wrong command line. */
  usage: 2,
  /** An input file cannot be used: missing, broken, no face. */
  input: 3,
  /** The installation cannot do it: models missing, port taken. */
  environment: 4,
} as const;

/** Thrown for a wrong command line; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command, or explains it where its arguments ask for that.
 * @returns the exit code
 */
export async function runOrExplain(
  command: Command,
  args: string[],
  io: CommandIo,
): Promise<number> {
  const asks = args.includes('--help') || args.includes('-h');
  if (!asks || command.subcommands?.includes(args[0])) return await command.run(args, io);
  io.stdout(command.help);
  return EXIT.ok;
}

/** An option with a value; one that may be given again and again; one that is there or not. */
export const TEXT = { type: 'string' } as const;
export const TEXTS = { type: 'string', multiple: true, default: [] as string[] } as const;
export const FLAG = { type: 'boolean', default: false } as const;

/**
 * Reads options strictly.
 * @param maxOperands arguments allowed besides options
 * @throws UsageError for unknown options, missing values and arguments too many
 */
export function readArgs<T extends ParseArgsConfig['options']>(
  args: string[],
  options: T,
  maxOperands = Infinity,
) {
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error));
  }
  if (parsed.positionals.length > maxOperands) {
    throw new UsageError(`unexpected argument "${parsed.positionals[maxOperands]}"`);
  }
  return parsed;
}

/** Lines up columns with two spaces between them; numbers need no special care. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, cell.length));
  }
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd();
  return rows.map(line).join('\n') + '\n';
}
