/** Errors of the access and authentication protocols: they name the step, and what broke is kept as cause. */
import { EmrtdError, type EmrtdErrorCode } from '../errors.ts';
import { statusName } from './status.ts';

/** Failures of the line and of the whole session; a protocol only adds its step. */
const NOT_OF_THE_PROTOCOL: ReadonlySet<EmrtdErrorCode> = new Set<EmrtdErrorCode>([
  'ACCESS_DENIED',
  'ACCESS_FAILED',
  'ACCESS_UNSUPPORTED',
  'CANCELLED',
  'CHIP_AUTHENTICATION',
  'ACTIVE_AUTHENTICATION',
  'LIMIT_EXCEEDED',
  'SM_FAILED',
  'SM_PLAIN',
  'TIMEOUT',
  'TRANSCEIVE_FAILED',
]);

/**
 * Runs one step of a protocol. Errors that say what the chip's answer was (a bad point, broken data
 * objects) come out as `code` with the step and the first error as cause.
 */
export async function atStep<T>(
  step: string,
  code: EmrtdErrorCode,
  run: () => Promise<T> | T,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof EmrtdError) || error.step !== undefined) throw error;
    const { statusWord } = error;
    const own = NOT_OF_THE_PROTOCOL.has(error.code) ? error.code : code;
    throw new EmrtdError(own, `${step}: ${error.message}`, { step, statusWord, cause: error });
  }
}

/** Error for a status word that a step does not accept. */
export function refused(code: EmrtdErrorCode, sw: number): EmrtdError {
  return new EmrtdError(code, `the chip answered ${statusName(sw)}`, { statusWord: sw });
}
