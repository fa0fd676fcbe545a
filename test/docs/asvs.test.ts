/**
 * The self-assessment in docs/asvs.md: every requirement of levels 1 and 2 is there once, with its level, and
 * what shows it exists. The list is that of OWASP ASVS 5.0.0, numbers and levels alone.
 */
import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import REQUIREMENTS from './asvs-5.0.0.json' with { type: 'json' };
import { readPage, ROOT } from './pages.ts';

const RESULTS = ['met', 'partly', 'not met', 'n/a'];
const page = await readPage('docs/asvs.md');

/** Cells of the rows of all tables; `\|` is no end of a cell. */
const rows = page.split('\n').filter((line) => line.startsWith('| '))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
const items = rows.filter(([number]) => /^\d+\.\d+\.\d+$/.test(number));

describe('the self-assessment', () => {
  test('has every requirement once, in order, with its level', () => {
    expect(items.map(([number, level]) => [number, Number(level)])).toEqual(
      Object.entries(REQUIREMENTS),
    );
    // as the standard counts them
    const levels = Object.values(REQUIREMENTS);
    expect([1, 2].map((level) => levels.filter((each) => each === level).length)).toEqual([
      70,
      183,
    ]);
  });

  test('says of each what it is, and how or why not', () => {
    for (const [number, , subject, result, how] of items) {
      expect([number, RESULTS.includes(result)]).toEqual([number, true]);
      expect([number, subject.length > 2, how.length > 1]).toEqual([number, true, true]);
    }
  });

  test('shows what it claims by a test, a file, a command or a page', () => {
    for (const [number, , , result, how, shown] of items) {
      if (result !== 'met') continue;
      expect([number, /`|\]\(/.test(shown + how)]).toEqual([number, true]);
    }
  });

  test('names files that exist', () => {
    const named = page.matchAll(/`((?:test|server|docker|packaging|cli)\/[\w./-]+)`/g);
    const missing = [...named].map(([, path]) => path).filter((path) =>
      !existsSync(join(ROOT, path))
    );
    expect(missing).toEqual([]);
  });

  test('counts its rows right', () => {
    for (const level of ['1', '2']) {
      const own = items.filter((item) => item[1] === level);
      const counts = RESULTS.map((result) => own.filter((item) => item[3] === result).length);
      const [, ...said] = rows.find(([first, ...rest]) => first === level && rest.length === 5) ??
        [];
      expect(said.map(Number)).toEqual([...counts, own.length]);
    }
  });
});
