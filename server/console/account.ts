/** What administrators do with their own accounts: OWASP ASVS 5.0, 6.2.2 and 6.2.3. */
import { z } from 'zod';
import type { AdminStore } from '../core/access/admin-store.ts';
import { passwordFault } from '../core/access/password-rules.ts';
import type { Session, Sessions } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import type { BodyLimits } from '../core/http/body.ts';
import { readJson } from './body.ts';
import { confirm, confirmation } from './confirmation.ts';
import { ConsoleError } from './errors.ts';
import type { Login } from './login.ts';

const PasswordSchema = z.strictObject({
  ...confirmation,
  newPassword: z.string(),
});

interface AccountDeps {
  readonly admins: Pick<AdminStore, 'changePassword'>;
  readonly login: Pick<Login, 'confirm'>;
  readonly sessions: Pick<Sessions, 'begin'>;
  readonly audit: AuditSink;
  readonly body: BodyLimits;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** Each throws ConsoleError and ServerError. */
interface AccountRequests {
  /** @returns a new session; all that there were have ended */
  changePassword(
    session: Session,
    request: Request,
    address: string | undefined,
  ): Promise<Session>;
}

export function accountRequests(deps: AccountDeps): AccountRequests {
  const { admins, login, sessions, audit, body, nowMs } = deps;
  return {
    changePassword: async ({ admin }, request, address) => {
      const words = 'password, code and newPassword are needed, as texts';
      const given = await readJson(request, body, PasswordSchema, words);
      // before the code is used up
      const fault = passwordFault(given.newPassword, admin);
      if (fault !== undefined) {
        throw new ConsoleError('PASSWORD_REFUSED', `The new password was refused: ${fault}`);
      }
      await confirm(login, admin, given, address);
      await audit.record({ kind: 'admin-changed', admin, change: 'password' }, {
        type: 'admin',
        name: admin,
      });
      const { password, newPassword } = given;
      if (!await admins.changePassword(admin, password, newPassword, nowMs())) {
        throw new ConsoleError('LOGIN_FAILED', 'Password or code is wrong');
      }
      return await sessions.begin(admin, nowMs());
    },
  };
}
