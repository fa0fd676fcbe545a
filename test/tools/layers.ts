/**
 * Fails when an import runs against the layers of the design: cli -> server -> libraries -> models,
 * libraries and API families never import each other. Run by `npm test`.
 */
import { relativeImports } from './imports.ts';

const root = `${import.meta.dir}/../..`;

/**
 * Folder -> folders it may import. Longest prefix wins; a folder may always import itself. An entry that is
 * finer than the folders named here (`emrtd/asn1`) allows only what lies under it.
 */
const ALLOWED: Record<string, string[]> = {
  'main.ts': ['cli'],
  'build.ts': ['models', 'server/core', 'packaging'],
  'packaging': ['cli'],
  'cli': [
    'server',
    'server/core',
    'server/identy',
    'server/playground',
    'server/docval',
    'server/web',
    'emrtd',
    'emrtd/chip',
    'biometrics',
    'models',
  ],
  'server': [
    'server/core',
    'server/identy',
    'server/playground',
    'server/docval',
    'server/docval-demo',
    'server/webcapture',
    'server/mosip',
    'server/console',
    'server/web',
    'emrtd',
    'biometrics',
    'models',
  ],
  'server/core': ['biometrics', 'emrtd', 'models'],
  'server/identy': ['server/core', 'biometrics', 'models'],
  'server/playground': ['server/core', 'biometrics'],
  'server/docval': ['server/core', 'emrtd'],
  'server/docval-demo': ['server/core', 'emrtd', 'emrtd/chip'],
  'server/webcapture': ['server/core', 'biometrics'],
  'server/mosip': ['server/core', 'biometrics'],
  'server/console': ['server/core', 'emrtd', 'models'],
  // types of answers; descriptions of endpoints; what the Face SDK sees with, and how it gets it
  'server/web': [
    'server/core',
    'biometrics',
    'models',
    'server/playground',
    'server/console/answer.ts',
    'server/docval/passport-types.ts',
    'server/docval/operations.ts',
    'server/identy/models/archive.ts',
    'server/identy/operations.ts',
    'server/docval-demo/answer.ts',
  ],
  'emrtd': [],
  // primitives only: a misreading of the standard in the reader must not come back from the chip
  'emrtd/chip': ['emrtd/asn1', 'emrtd/crypto', 'emrtd/errors.ts', 'emrtd/types.ts'],
  'biometrics': ['models'],
  'models': [],
  'bench': [
    'cli',
    'server',
    'server/core',
    'server/identy',
    'server/docval',
    'server/web',
    'emrtd',
    'emrtd/chip',
    'biometrics',
    'models',
    'test',
  ],
  'test': [
    'packaging',
    'main.ts',
    'cli',
    'server',
    'server/core',
    'server/identy',
    'server/playground',
    'server/docval',
    'server/docval-demo',
    'server/webcapture',
    'server/mosip',
    'server/console',
    'server/web',
    'emrtd',
    'emrtd/chip',
    'biometrics',
    'models',
    'bench',
  ],
};

function layerOf(path: string): string | undefined {
  return Object.keys(ALLOWED)
    .filter((layer) => path === layer || path.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** True when `entry` is a part of the layer `to` and `target` lies in that part. */
function isUnder(target: string, entry: string, to: string): boolean {
  return entry.startsWith(`${to}/`) && (target === entry || target.startsWith(`${entry}/`));
}

export function violations(file: string, imports: string[]): string[] {
  const from = layerOf(file);
  if (from === undefined) return [];
  const found: string[] = [];
  for (const target of imports) {
    const to = layerOf(target);
    if (to === undefined || to === from) continue;
    if (ALLOWED[from].some((entry) => entry === to || isUnder(target, entry, to))) continue;
    found.push(`${file}: ${from} must not import ${to} (${target})`);
  }
  return found;
}

if (import.meta.main) {
  const found: string[] = [];
  let files = 0;
  for await (const file of new Bun.Glob('**/*.ts').scan({ cwd: root })) {
    if (/^(node_modules|dist|\.cache|data)\//.test(file)) continue;
    files++;
    found.push(...violations(file, await relativeImports(root, file)));
  }
  for (const line of found) console.error(line);
  console.log(`layers: ${files} files, ${found.length} violations`);
  process.exit(found.length === 0 ? 0 : 1);
}
