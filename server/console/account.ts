/** What administrators do with their own accounts: OWASP ASVS 5.0, 6.2.2, 6.2.3, 7.5.1 and 7.5.2. */
import { z } from 'zod';
import type { AdminStore } from '../core/access/admin-store.ts';
import { passwordFault } from '../core/access/password-rules.ts';
import { handleOf, type Session, type Sessions } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import type { BodyLimits } from '../core/http/body.ts';
import type { SessionsAnswer } from './answer.ts';
import { readJson } from './body.ts';
import { confirm, confirmation } from './confirmation.ts';
import { ConsoleError } from './errors.ts';
import type { Login } from './login.ts';

const PasswordSchema = z.strictObject({
  ...confirmation,
  newPassword: z.string(),
});
const EndSchema = z.strictObject({
  ...confirmation,
  which: z.union([z.literal('others'), z.string().regex(/^[0-9a-f]{16}$/)]),
});

interface AccountDeps {
  readonly admins: Pick<AdminStore, 'changePassword'>;
  readonly login: Pick<Login, 'confirm'>;
  readonly sessions: Pick<Sessions, 'begin' | 'list' | 'endAll'>;
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
  sessions(session: Session): Promise<SessionsAnswer>;
  /** Ends one session, or all but that of who asks. @returns those that are left */
  endSessions(
    session: Session,
    request: Request,
    address: string | undefined,
  ): Promise<SessionsAnswer>;
}

export function accountRequests(deps: AccountDeps): AccountRequests {
  const { admins, login, sessions, audit, body, nowMs } = deps;
  const list = async (session: Session): Promise<SessionsAnswer> => ({
    sessions: (await sessions.list(session.admin, nowMs())).map((entry) => ({
      id: entry.handle,
      current: entry.handle === handleOf(session),
      begun: new Date(entry.createdMs).toISOString(),
      used: new Date(entry.seenMs).toISOString(),
      by: entry.by,
      address: entry.address ?? null,
    })),
  });
  return {
    sessions: list,
    endSessions: async (session, request, address) => {
      const words = 'password and code are needed, as texts, and which: an id or "others"';
      const { which, ...given } = await readJson(request, body, EndSchema, words);
      const { admin } = session;
      await confirm(login, admin, given, address);
      const ending = (await list(session)).sessions
        .filter(({ id, current }) => which === 'others' ? !current : id === which)
        .map(({ id }) => id);
      if (ending.length > 0) {
        await audit.record({ kind: 'sessions-ended', count: ending.length }, {
          type: 'admin',
          name: admin,
        });
        await sessions.endAll(admin, ending);
      }
      return await list(session);
    },
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
      return await sessions.begin(admin, nowMs(), 'password', address);
    },
  };
}
