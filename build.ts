/**
 * Builds dist/gatehouse: the program, its workers, pages, native libraries, the default model pack and what
 * release bundles need, in one file.
 */
import { archiveChunks, buildDefaultPack, exportPack, FolderStorage } from './models/mod.ts';
import { layOutParts } from './packaging/parts.ts';
import { DEFAULT_PACK } from './server/core/model-pack.ts';

const OUT = 'dist/gatehouse';
/** Where the compiled program finds its own files. */
const BUNDLE_ROOT = '/$bunfs/root';

const pack = await buildDefaultPack({
  outDir: DEFAULT_PACK,
  onProgress: ({ step, done, total }) => console.log(`${done + 1}/${total} ${step}`),
});
// One file, because Bun embeds a folder in the order in which the file system lists it.
const archive = `${DEFAULT_PACK}.gpack`;
await exportPack(DEFAULT_PACK, archive);
await layOutParts(import.meta.dir, 'dist/parts');
const parts = await Array.fromAsync(archiveChunks(new FolderStorage('dist/parts')));
await Bun.write('dist/parts.tar', new Blob(parts as Uint8Array<ArrayBuffer>[]));
const { exited } = Bun.spawn([
  process.execPath,
  'build',
  '--compile',
  '--minify',
  'main.ts',
  'server/core/face/worker.ts',
  'server/core/image/worker.ts',
  'cli/eval/pad-worker.ts',
  '--asset',
  archive,
  '--asset',
  'dist/parts.tar',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  // Bun would write the folder of this checkout into CommonJS modules, and two builds would differ.
  '--define',
  `__dirname=${JSON.stringify(BUNDLE_ROOT)}`,
  '--define',
  `__filename=${JSON.stringify(`${BUNDLE_ROOT}/module.js`)}`,
  '--outfile',
  OUT,
], { cwd: import.meta.dir, stdout: 'inherit', stderr: 'inherit' });
if (await exited !== 0) process.exit(1);
console.log(
  `${OUT}: ${Math.round(Bun.file(OUT).size / 1e6)} MB, model pack ${pack.id.slice(0, 16)}`,
);
