/** Reads manifest.json: strict UTF-8, JSON, the right format version, then the schema. */
import { z } from 'zod';
import { PackError } from './errors.ts';
import { type Manifest, ManifestSchema, PACK_FORMAT_VERSION } from './manifest.ts';

const VersionSchema = z.object({
  format: z.literal('gatehouse-model-pack'),
  formatVersion: z.number(),
});

/** @throws PackError PACK_MALFORMED, PACK_FORMAT_VERSION */
export function parseManifest(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PackError('PACK_MALFORMED', 'manifest.json is not JSON in UTF-8', { cause });
  }
  const version = VersionSchema.safeParse(value);
  if (!version.success) {
    throw new PackError('PACK_MALFORMED', 'manifest.json is not the manifest of a model pack');
  }
  if (version.data.formatVersion !== PACK_FORMAT_VERSION) {
    throw new PackError(
      'PACK_FORMAT_VERSION',
      `the pack has format version ${version.data.formatVersion}, this program reads ${PACK_FORMAT_VERSION}`,
    );
  }
  const manifest = ManifestSchema.safeParse(value);
  if (!manifest.success) {
    throw new PackError('PACK_MALFORMED', `manifest.json: ${z.prettifyError(manifest.error)}`);
  }
  return manifest.data;
}
