/** The administrators of an installation for a command, and what a new one is told. */
import { randomBytes } from 'node:crypto';
import { ADMIN_NAME, AdminStore } from '../../server/core/access/admin-store.ts';
import { PasskeyStore } from '../../server/core/access/passkey-store.ts';
import { PASSWORD_LENGTH, passwordFault } from '../../server/core/access/password-rules.ts';
import { base32, keyUri } from '../../server/core/access/totp.ts';
import { readGivenKey } from '../../server/core/keys/given-key.ts';
import { withAccess } from '../access.ts';
import { type CommandIo, FLAG, TEXT, UsageError } from '../command.ts';

/** Options of the commands that set a password. */
export const CREDENTIAL_OPTIONS = {
  'password-file': TEXT,
  data: TEXT,
  json: FLAG,
} as const;

export const CREDENTIAL_HELP =
  `  --password-file FILE  file with the password, closed to others (mode 0600), ${PASSWORD_LENGTH};
                        default a random one, which is printed
  --data DIR            the data folder; default data.folder of the configuration
  --json                one JSON object instead of text
`;

/** 100 bits. */
const PASSWORD_BYTES = 13;
const PASSWORD_CHARACTERS = 20;

/** Does something with the administrators of the installation of a data folder, which is made when there is none. */
export function withAdmins<T>(
  folder: string | undefined,
  work: (admins: AdminStore, data: string, passkeys: PasskeyStore) => Promise<T>,
): Promise<T> {
  return withAccess(
    folder,
    (access, data) => work(new AdminStore(access), data, new PasskeyStore(access)),
  );
}

/** @throws UsageError */
export function readName(command: string, name: string | undefined): string {
  if (name !== undefined && ADMIN_NAME.test(name)) return name;
  throw new UsageError(`admin ${command} needs a name, 1 to 64 of A-Z a-z 0-9 . _ -`);
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** Whether nobody knows it yet. */
  readonly made: boolean;
}

/** @throws UsageError, ServerError CONFIG_INVALID */
export function readCredentials(name: string, passwordFile: string | undefined): Credentials {
  if (passwordFile === undefined) return { name, password: newPassword(), made: true };
  const password = readGivenKey(passwordFile, passwordFile).trim();
  const fault = passwordFault(password, name);
  if (fault !== undefined) throw new UsageError(`${passwordFile}: ${fault}`);
  return { name, password, made: false };
}

/** Letters and digits in groups of five. */
function newPassword(): string {
  const text = base32(randomBytes(PASSWORD_BYTES)).slice(0, PASSWORD_CHARACTERS).toLowerCase();
  return text.match(/.{5}/g)?.join('-') ?? text;
}

/** Prints what the administrator needs, the only time that it is shown. */
export function printCredentials(
  { name, password, made }: Credentials,
  secret: Uint8Array,
  asJson: boolean,
  io: CommandIo,
): void {
  const uri = keyUri(secret, name, 'Gatehouse');
  const told = { name, ...(made && { password }), totp_secret: base32(secret), totp_uri: uri };
  if (asJson) {
    io.stdout(JSON.stringify(told) + '\n');
    return;
  }
  io.stdout(
    `name           ${name}\n` +
      (made ? `password       ${password}\n` : '') +
      `authenticator  ${base32(secret)}\n${uri}\n`,
  );
  io.stderr('Add the secret to an authenticator app. It is shown this once.\n');
}
