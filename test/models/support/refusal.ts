/** Asserts that something is refused with a PackError of a given code and message. */
import { expect } from 'bun:test';
import { PackError, type PackErrorCode } from '../../../models/mod.ts';

export async function expectRefusal(
  attempt: () => unknown,
  code: PackErrorCode,
  message: RegExp,
): Promise<void> {
  let error: unknown;
  try {
    await attempt();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(PackError);
  expect((error as PackError).code).toBe(code);
  expect((error as PackError).message).toMatch(message);
}

/** Runs a parser on hostile bytes: it may succeed or throw PackError, nothing else. */
export async function expectTyped(attempt: () => unknown): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
  }
}
