/** The bill of materials of a release: CycloneDX 1.6 (ECMA-424), without dates or random numbers. */
import type { Pack } from '../../models/mod.ts';

/** What the bill says of a package, a subset of the standard's `component`. */
export interface Component {
  readonly 'type': 'library';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly object[];
  readonly components?: readonly Component[];
}

export interface PackageComponents {
  readonly components: readonly Component[];
  /** `bom-ref` of those the program asks for itself. */
  readonly direct: readonly string[];
  /** Which component uses which, by `bom-ref`. */
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** A file of the bundle that is delivered software itself. */
export interface Artefact {
  readonly name: string;
  readonly type: 'container' | 'file';
  readonly sha256: string;
}

export interface Materials {
  readonly version: string;
  /** Of the program, hex. */
  readonly sha256: string;
  readonly packages: PackageComponents;
  readonly packs: readonly Pack[];
  readonly artefacts: readonly Artefact[];
}

const ROOT = 'gatehouse';

/** The document as a JSON value. */
export function billOfMaterials(
  { version, sha256, packages, packs, artefacts }: Materials,
): object {
  const models = packs.flatMap(modelComponents);
  const delivered = artefacts.map(({ name, type, sha256 }) => ({
    'type': type,
    'bom-ref': `file:${name}`,
    name,
    version,
    'hashes': [{ alg: 'SHA-256', content: sha256 }],
  }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'type': 'application',
        'bom-ref': ROOT,
        'name': 'gatehouse',
        version,
        'licenses': [{ license: { id: 'Apache-2.0' } }],
        'hashes': [{ alg: 'SHA-256', content: sha256 }],
      },
    },
    components: [...packages.components, ...models, ...delivered],
    dependencies: [
      {
        ref: ROOT,
        dependsOn: [...packages.direct, ...models.map((model) => model['bom-ref'])],
      },
      ...packages.dependencies,
    ],
  };
}

/** One component for each network of a pack; its licence is what the pack's manifest states. */
function modelComponents({ manifest: { name, version, networks, files } }: Pack) {
  return networks.map(({ id, file, origin }) => ({
    'type': 'machine-learning-model',
    'bom-ref': `model:${name}@${version}/${id}`,
    'group': name,
    'name': id,
    version,
    'description': `converted from ${origin.package} ${origin.version}`,
    'licenses': [{ license: { name: origin.licence } }],
    'hashes': [{
      alg: 'SHA-256',
      content: files.find(({ path }) => path === file)!.sha256,
    }],
  }));
}
