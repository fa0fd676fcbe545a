/** What the start of a server leaves in the audit trail, and what a change of its settings does. */
import type { Audit } from '../server/core/audit/audit.ts';
import { allSettings, type ServerConfig } from '../server/core/config/mod.ts';
import type { FaceEngine } from '../server/core/face/engine.ts';
import type { SigningKey } from '../server/core/keys/signing-key.ts';
import { VERSION } from '../server/core/version.ts';

interface KeyIds {
  readonly signing: Pick<SigningKey, 'keyId'>;
  readonly capture: { readonly ids: readonly string[] };
}

/** @throws ServerError STORAGE_FAILED */
export async function recordStart(
  audit: Audit,
  config: ServerConfig,
  keys: KeyIds,
): Promise<void> {
  await audit.record({ kind: 'server-started', version: VERSION });
  await recordSettings(audit, config);
  await recordKeys(audit, keys);
}

/** @throws ServerError STORAGE_FAILED */
export async function recordKeys(audit: Audit, { signing, capture }: KeyIds): Promise<void> {
  await audit.recordChange({ kind: 'keys', signing: signing.keyId, capture: capture.ids });
}

/** Settings by their keys; of secrets only whether they are set. @throws ServerError STORAGE_FAILED */
export async function recordSettings(audit: Audit, config: ServerConfig): Promise<void> {
  const settings = Object.fromEntries(
    allSettings().map(([name, { path, secret }]) => {
      const value = config[name] ?? null;
      return [path, secret ? { set: value !== null } : value];
    }),
  );
  await audit.recordChange({ kind: 'configuration', settings });
}

/** @throws ServerError STORAGE_FAILED */
export async function recordPack(audit: Audit, { pack }: FaceEngine): Promise<void> {
  if (pack === undefined) return;
  const { id, signed, manifest: { name, version } } = pack;
  await audit.recordChange({ kind: 'model-pack', id, name, version, signed });
}
