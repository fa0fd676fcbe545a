/** Tidying waits for a quiet moment and is done once for all the work before it. */
import { expect, test } from 'bun:test';
import { Tidying } from '../../../../server/core/native/tidying.ts';

test('is done once after many pieces of work, and again after the next', async () => {
  let done = 0;
  let next = Promise.withResolvers<void>();
  const tidying = new Tidying(() => {
    done++;
    next.resolve();
  });
  expect(done).toBe(0);
  for (let i = 0; i < 5; i++) tidying.worked();
  const alive = setInterval(() => {}, 1000);
  await next.promise;
  expect(done).toBe(1);
  next = Promise.withResolvers<void>();
  tidying.worked();
  await next.promise;
  expect(done).toBe(2);
  clearInterval(alive);
});
