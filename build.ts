/** Builds dist/gatehouse: the program, its workers, pages, native libraries and the default model pack in one file. */
import { buildDefaultPack } from './models/mod.ts';
import { DEFAULT_PACK } from './server/core/model-pack.ts';

const OUT = 'dist/gatehouse';

const pack = await buildDefaultPack({
  outDir: DEFAULT_PACK,
  onProgress: ({ step, done, total }) => console.log(`${done + 1}/${total} ${step}`),
});
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
  DEFAULT_PACK,
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--outfile',
  OUT,
], { cwd: import.meta.dir, stdout: 'inherit', stderr: 'inherit' });
if (await exited !== 0) process.exit(1);
console.log(
  `${OUT}: ${Math.round(Bun.file(OUT).size / 1e6)} MB, model pack ${pack.id.slice(0, 16)}`,
);
