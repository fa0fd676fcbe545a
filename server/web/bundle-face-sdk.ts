/** Bundles the Face SDK into one module and one script for pages without modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dir, 'face-sdk');

/** File name -> content. @throws Error with what the bundler said */
export function faceSdkFiles(): Record<string, string> {
  const types = readFileSync(join(FOLDER, 'face-sdk.d.ts'), 'utf8');
  const note = '/** Types and documentation: face-sdk.d.ts. */\n';
  return {
    'face-sdk.js': note + bundle('esm'),
    'face-sdk.umd.js': note + umd(bundle('cjs')),
    'face-sdk.d.ts': types,
  };
}

function bundle(format: 'esm' | 'cjs'): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([
    process.execPath,
    'build',
    join(FOLDER, 'main.ts'),
    '--target=browser',
    '--minify',
    `--format=${format}`,
  ], { env: { ...process.env, BUN_BE_BUN: '1' } });
  if (exitCode !== 0) throw new Error(`face-sdk: ${stderr.toString()}`);
  return stdout.toString();
}

/** `FaceSDK` as a global is the class itself, with the other exports on it; as a module all exports. */
function umd(commonJs: string): string {
  return `(function (root, factory) {
  if (typeof module === 'object' && module.exports) module.exports = factory();
  else if (typeof define === 'function' && define.amd) define([], factory);
  else {
    var all = factory();
    root.FaceSDK = all.FaceSDK;
    for (var name of Object.keys(all)) if (!(name in root.FaceSDK)) root.FaceSDK[name] = all[name];
  }
})(typeof globalThis === 'object' ? globalThis : self, function () {
  var module = { exports: {} }, exports = module.exports;
${commonJs}
  return module.exports;
});
`;
}
