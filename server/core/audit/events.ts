/** What the audit trail says: who did what. Never a picture, a template, a name or a number of a person. */

import type { PasskeyReason } from '../webauthn/refusal.ts';

/** Who did it. */
export type Actor =
  | { readonly type: 'server' }
  /** A user of the operating system at the command line. */
  | { readonly type: 'operator'; readonly uid: number; readonly user: string | null }
  /** A client of an API, by its name in the configuration. */
  | { readonly type: 'client'; readonly name: string }
  /** Somebody at the console. */
  | { readonly type: 'admin'; readonly name: string };

export type AuditEvent =
  | { readonly kind: 'server-started'; readonly version: string }
  | { readonly kind: 'server-stopped' }
  /** The data folder was brought to the format of this program; `backup` is how it was before. */
  | {
    readonly kind: 'data-migrated';
    readonly from: number;
    readonly to: number;
    readonly backup: string;
  }
  /** All of the data is about to be copied into a folder of this name, private keys among it. */
  | { readonly kind: 'data-saved'; readonly backup: string }
  /** A backup took the place of the data, these records among them; `kept` is how it was before, if it was. */
  | { readonly kind: 'data-restored'; readonly backup: string; readonly kept: string | null }
  /** Records of a data folder are in this database now, so many of them. */
  | { readonly kind: 'records-moved'; readonly ledger: number; readonly audit: number }
  /** Settings differ from those of the start before. */
  | { readonly kind: 'configuration'; readonly settings: Readonly<Record<string, unknown>> }
  /** The licence, or where it stands, is another than before. */
  | {
    readonly kind: 'licence';
    readonly id: string | null;
    readonly customer: string | null;
    readonly standing: string;
  }
  /** Keys of the installation are others than before: made, replaced or removed. */
  | { readonly kind: 'keys'; readonly signing: string; readonly capture: readonly string[] }
  /** An operator replaces a private key, puts all of them under a passphrase, or changes the key of the token. */
  | {
    readonly kind: 'keys-changed';
    readonly change: 'signing' | 'capture' | 'passphrase' | 'token';
  }
  /** A client gets an API key; never the key itself. */
  | {
    readonly kind: 'api-key-issued';
    readonly id: string;
    readonly client: string;
    readonly scopes: readonly string[];
    readonly rate: string | null;
    readonly expires: string | null;
    /** The key whose place it takes. */
    readonly replaces: string | null;
  }
  | { readonly kind: 'api-keys-revoked'; readonly ids: readonly string[] }
  | {
    readonly kind: 'admin-changed';
    readonly admin: string;
    /** `password`: by the administrator. */
    readonly change: 'created' | 'reset' | 'removed' | 'password';
  }
  /** Somebody has logged in to the console. */
  | { readonly kind: 'console-login'; readonly by: 'password' | 'passkey' }
  /** An administrator ends sessions of their own. */
  | { readonly kind: 'sessions-ended'; readonly count: number }
  /** An administrator may log in with another passkey, or with one less. Passkeys go by a hash. */
  | {
    readonly kind: 'passkey-changed';
    readonly change: 'added' | 'removed';
    readonly passkey: string;
    readonly name: string;
  }
  /** Somebody showed a passkey that is known, and was not let in. */
  | {
    readonly kind: 'passkey-refused';
    readonly admin: string;
    readonly passkey: string;
    readonly reason: PasskeyReason;
  }
  /** A result was signed. */
  | { readonly kind: 'key-used'; readonly key: string; readonly session: string }
  /** The model pack in use is another than before. */
  | {
    readonly kind: 'model-pack';
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly signed: boolean;
  }
  /** Files were imported; the SHA-256 is that of the store after it. */
  | {
    readonly kind: 'trust-store-imported';
    readonly sha256: string;
    readonly files: readonly string[];
    readonly added: number;
  }
  /** The server works with another trust store than before. */
  | {
    readonly kind: 'trust-store-loaded';
    readonly sha256: string;
    readonly anchors: number;
    readonly crls: number;
  }
  /** A client was let in to have a document read. */
  | { readonly kind: 'docval-session'; readonly session: string; readonly protocol: string }
  /** Records of the trail from before a time, up to a number, are about to be deleted for their age. */
  | { readonly kind: 'audit-pruned'; readonly before: string; readonly to: number }
  | { readonly kind: 'ledger-reported'; readonly from: string; readonly to: string }
  | { readonly kind: 'audit-exported'; readonly from: string | null };
