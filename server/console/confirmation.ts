/** Password and code, which whoever is in shows again before something that decides who else may come in. */
import { z } from 'zod';
import { MOST_PASSWORD_CHARACTERS } from '../core/access/password-rules.ts';
import { ConsoleError } from './errors.ts';
import type { Login } from './login.ts';

const MOST_CODE_CHARACTERS = 16;

/** Members of a body. */
export const confirmation = {
  password: z.string().min(1).max(MOST_PASSWORD_CHARACTERS),
  code: z.string().max(MOST_CODE_CHARACTERS),
};

/** @throws ConsoleError LOGIN_FAILED; ServerError LOCKED_OUT, BUSY, STORAGE_FAILED */
export async function confirm(
  login: Pick<Login, 'confirm'>,
  admin: string,
  { password, code }: { readonly password: string; readonly code: string },
  address: string | undefined,
): Promise<void> {
  if (!await login.confirm({ name: admin, password, code }, address)) {
    throw new ConsoleError('LOGIN_FAILED', 'Password or code is wrong');
  }
}
