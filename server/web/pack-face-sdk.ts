/** Writes the files of the npm package of the Face SDK; `npm pack` in server/web/face-sdk runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faceSdkFiles } from './bundle-face-sdk.ts';

const dist = join(import.meta.dir, 'face-sdk/dist');
mkdirSync(dist, { recursive: true });
for (const [name, content] of Object.entries(faceSdkFiles())) {
  writeFileSync(join(dist, name), content);
  // an extension that says "no module" to Node in a package of modules
  if (name === 'face-sdk.umd.js') writeFileSync(join(dist, 'face-sdk.umd.cjs'), content);
}
