/** Links between the pages of the documentation lead somewhere, and files that pages name exist. */
import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PAGES, readPage, ROOT } from './pages.ts';

const texts = new Map(
  await Promise.all(PAGES.map(async (page) => [page, await readPage(page)] as const)),
);

/** Without blocks of code, whose brackets are no links. */
function prose(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, '').replace(
    /`[^`\n]*`/g,
    (code) => `\`${'x'.repeat(code.length - 2)}\``,
  );
}

/** Names of the headings of a page, as GitHub makes them. */
function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading] of text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const name = plain.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let unique = name;
    for (let i = 1; found.has(unique); i++) unique = `${name}-${i}`;
    found.add(unique);
  }
  return found;
}

function linksOf(page: string): string[] {
  return [...prose(texts.get(page)!).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What is wrong with a link; undefined when nothing is. */
function flawOf(page: string, target: string): string | undefined {
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return `${page}: ${target}: no such file`;
  if (anchor === undefined) return undefined;
  const text = texts.get(file);
  return text !== undefined && anchors(text).has(anchor)
    ? undefined
    : `${page}: ${target}: no such heading`;
}

describe('the documentation', () => {
  test('has no link that leads nowhere', () => {
    const flaws = PAGES.flatMap((page) => linksOf(page).map((target) => flawOf(page, target)));
    expect(flaws.filter((flaw) => flaw !== undefined)).toEqual([]);
    expect(flaws.length).toBeGreaterThan(100);
  });

  test('is found by a link from another page', () => {
    const linked = new Set(
      PAGES.flatMap((page) =>
        linksOf(page).map((target) =>
          relative(ROOT, join(ROOT, dirname(page), target.split('#')[0]))
        )
      ),
    );
    // decisions are read by whoever changes the code, in their folder
    const pages = PAGES.filter((page) => /^docs\/[^/]+$/.test(page));
    expect(pages.filter((page) => !linked.has(page))).toEqual([]);
  });

  test('names no test that is not there', () => {
    const missing = PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap((page) =>
      [...texts.get(page)!.matchAll(/`((?:test|server|docker|packaging)\/[\w./-]+\.\w+)`/g)]
        .map(([, path]) => path).filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`)
    );
    expect(missing).toEqual([]);
  });
});
