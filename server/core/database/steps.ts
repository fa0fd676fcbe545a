/**
 * The versions of the tables: step N leads from version N to N + 1. A step that was ever released stays as it
 * is; what changes is a further step.
 */
import { type ChainName, CHAINS } from '../store/record-store.ts';

function chainTable(chain: ChainName): string {
  return `
    CREATE TABLE ${chain} (
      seq bigint PRIMARY KEY,
      time_ms bigint NOT NULL,
      topic text NOT NULL,
      body text NOT NULL,
      previous text NOT NULL,
      hash text NOT NULL
    );
    CREATE INDEX ${chain}_topic ON ${chain} (topic, seq);
    CREATE TRIGGER ${chain}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ${chain}
      FOR EACH STATEMENT EXECUTE FUNCTION only_grows();`;
}

const FIRST = `
    CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      -- said by the transaction that deletes old records under a signed statement
      IF TG_OP = 'DELETE' AND current_setting('gatehouse.pruned', true) = TG_TABLE_NAME THEN
        RETURN NULL;
      END IF;
      RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
    END $$;
    ${CHAINS.map(chainTable).join('\n')}
    CREATE TABLE checkpoint (
      chain text NOT NULL,
      seq bigint NOT NULL,
      jws text NOT NULL,
      PRIMARY KEY (chain, seq)
    );
    CREATE TABLE nonce (
      nonce bytea PRIMARY KEY,
      expires timestamptz NOT NULL
    );
    CREATE INDEX nonce_expires ON nonce (expires);
    CREATE TABLE api_key (
      id text PRIMARY KEY,
      name text NOT NULL,
      digest bytea NOT NULL,
      scopes text NOT NULL,
      rate text,
      created_ms bigint NOT NULL,
      expires_ms bigint,
      revoked_ms bigint
    );
    CREATE INDEX api_key_name ON api_key (name);
    CREATE TABLE admin (
      name text PRIMARY KEY,
      password_hash text NOT NULL,
      totp bytea NOT NULL,
      last_step bigint NOT NULL,
      changed_ms bigint NOT NULL
    );
    CREATE TABLE session (
      digest bytea PRIMARY KEY,
      admin text NOT NULL REFERENCES admin (name) ON DELETE CASCADE,
      created_ms bigint NOT NULL,
      seen_ms bigint NOT NULL
    );
    CREATE TABLE passkey_user (
      admin text PRIMARY KEY REFERENCES admin (name) ON DELETE CASCADE,
      handle bytea NOT NULL
    );
    CREATE TABLE passkey (
      id bytea PRIMARY KEY,
      admin text NOT NULL REFERENCES passkey_user (admin) ON DELETE CASCADE,
      name text NOT NULL,
      algorithm integer NOT NULL,
      public_key bytea NOT NULL,
      counter bigint NOT NULL,
      backup_eligible integer NOT NULL,
      backed_up integer NOT NULL,
      created_ms bigint NOT NULL,
      used_ms bigint
    );
    CREATE INDEX passkey_admin ON passkey (admin);
    CREATE TABLE secret (
      name text PRIMARY KEY,
      value bytea NOT NULL
    );
    CREATE TABLE node (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      signing_key text NOT NULL,
      capture_keys text NOT NULL,
      seen timestamptz NOT NULL
    );`;

/** Who is in logs in again: it is not known how the sessions of before began. */
const SESSIONS_SAY_HOW_THEY_BEGAN = `
    DELETE FROM session;
    ALTER TABLE session ADD COLUMN begun_by text NOT NULL, ADD COLUMN address text;`;

export const STEPS: readonly string[] = [FIRST, SESSIONS_SAY_HOW_THEY_BEGAN];
