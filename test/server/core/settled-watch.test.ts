/** When files count as changed: not while they are being written. */
import { expect, test } from 'bun:test';
import { renameSync, rmSync } from 'node:fs';
import { lookOf, SettledWatch } from '../../../server/core/settled-watch.ts';
import { configFolder } from './config/support.ts';

const folder = configFolder();

test('a change counts once, when two looks in a row see the same', () => {
  let now = 'a';
  const watch = new SettledWatch(() => new Map([['file', now]]));
  const polls = (...looks: string[]) => looks.map((look) => (now = look, watch.poll()));
  expect(polls('a', 'a')).toEqual([false, false]);
  expect(polls('b', 'c', 'd')).toEqual([false, false, false]);
  expect(polls('d', 'd')).toEqual([true, false]);
  expect(polls('e', 'd', 'd')).toEqual([false, false, false]);
});

test('what is watched from now on is known at first sight, and its changes count from then on', () => {
  const files = new Map([['a', '1']]);
  const watch = new SettledWatch(() => new Map(files));
  files.set('b', '1');
  expect([watch.poll(), watch.poll()]).toEqual([false, false]);
  files.set('b', '2');
  expect([watch.poll(), watch.poll(), watch.poll()]).toEqual([false, true, false]);
  files.delete('b');
  expect([watch.poll(), watch.poll()]).toEqual([false, false]);
});

test('what is accepted does not count', () => {
  let now = 'a';
  const watch = new SettledWatch(() => new Map([['file', now]]));
  now = 'b';
  watch.accept();
  expect([watch.poll(), watch.poll()]).toEqual([false, false]);
  now = 'c';
  expect([watch.poll(), watch.poll()]).toEqual([false, true]);
});

test('writing, renaming onto it, taking it away and a change of its mode make a file look different', () => {
  const file = folder.write('a', 'x'), other = folder.write('b', 'x');
  const looks = [lookOf(file)];
  folder.write('a', 'xy');
  looks.push(lookOf(file));
  renameSync(other, file);
  looks.push(lookOf(file));
  folder.write('a', 'x', 0o644);
  looks.push(lookOf(file));
  rmSync(file);
  looks.push(lookOf(file));
  expect(new Set(looks).size).toBe(5);
  expect(lookOf(file)).toBe(looks[4]);
});
