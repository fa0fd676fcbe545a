/**
 * Turns the sources in home/ into what the browser gets, while this server is compiled or loaded: a
 * macro, so that the compiled binary carries the texts and neither sources nor a bundler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strings } from './home/strings.ts';

/** Path below home/ -> content. */
export function buildAssets(): Record<string, string> {
  const folder = join(import.meta.dir, 'home');
  const assets: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const source = readFileSync(join(folder, name), 'utf8');
    if (name.endsWith('.ts')) assets[name.replace(/ts$/, 'js')] = toScript(source);
    else assets[name] = name.endsWith('.html') ? fill(name, source) : source;
  }
  return assets;
}

function toScript(source: string): string {
  const script = new Bun.Transpiler({ loader: 'ts', target: 'browser' }).transformSync(source);
  return script.replaceAll(/(from\s*"\.\/[\w-]+)\.ts"/g, '$1.js"');
}

/** Puts the words in place of the {{placeholders}}. */
function fill(name: string, source: string): string {
  const words: Readonly<Record<string, string>> = strings.page;
  return source.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const text = words[key];
    if (text === undefined) throw new Error(`${name}: no text for {{${key}}}`);
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  });
}
