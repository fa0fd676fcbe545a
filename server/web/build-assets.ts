/**
 * Turns the sources of the pages into what the browser gets, while this server is compiled or loaded: a
 * macro, so that the compiled binary carries the texts and neither sources nor a bundler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiDocs } from './api-docs/mod.ts';
import { faceSdkFiles } from './bundle-face-sdk.ts';
import { strings as consoleStrings } from './console/strings.ts';
import { strings as demoStrings } from './demo/strings.ts';
import { strings as docvalStrings } from './docval/strings.ts';
import { framed } from './frame.ts';
import { strings as homeStrings } from './home/strings.ts';

/** Folder of a page -> the path of its HTML and the words for it. Its other files lie below `/FOLDER/`. */
const PAGES: Readonly<Record<string, { at: string; words: Readonly<Record<string, string>> }>> = {
  home: { at: '/', words: homeStrings.page },
  docval: { at: '/docval', words: docvalStrings.page },
  demo: { at: '/demo', words: demoStrings.page },
  console: { at: '/console', words: consoleStrings.page },
};

/** Path -> content. */
export function buildAssets(): Record<string, string> {
  const assets: Record<string, string> = {};
  for (const [page, { at, words }] of Object.entries(PAGES)) {
    const folder = join(import.meta.dir, page);
    for (const name of readdirSync(folder).sort()) {
      const source = readFileSync(join(folder, name), 'utf8');
      if (name.endsWith('.html')) assets[at] = framed(source, at, words);
      else if (name.endsWith('.ts')) assets[`/${page}/${toJs(name)}`] = toScript(source);
      else assets[`/${page}/${name}`] = source;
    }
  }
  for (const [name, content] of Object.entries(faceSdkFiles())) assets[`/sdk/${name}`] = content;
  return { ...assets, ...apiDocs(), ...clientModule() };
}

/** The client of DocVal as others import it: one module, and its types in one file. */
function clientModule(): Record<string, string> {
  const read = (path: string) => readFileSync(join(import.meta.dir, path), 'utf8');
  const types = read('docval-client/docval-client.d.ts');
  const passport = /^import type \{ EmrtdPassport \} from '([^']+)';\n/m;
  const [, path] = passport.exec(types) ?? [];
  return {
    '/sdk/docval-client.js': `/** Types and documentation: docval-client.d.ts. */\n${
      toScript(read('docval-client/client.ts'))
    }`,
    '/sdk/docval-client.d.ts': `${types.replace(passport, '')}\n${
      read(join('docval-client', path))
    }`,
  };
}

function toJs(name: string): string {
  return name.replace(/\.ts$/, '.js');
}

function toScript(source: string): string {
  const script = new Bun.Transpiler({ loader: 'ts', target: 'browser' }).transformSync(source);
  return script
    .replaceAll(/(from\s*"\.\.?\/(?:[\w-]+\/)?[\w-]+)\.ts"/g, '$1.js"')
    .replaceAll('"../docval-client/client.js"', '"../sdk/docval-client.js"')
    .replaceAll('"../face-sdk/main.js"', '"../sdk/face-sdk.js"');
}
