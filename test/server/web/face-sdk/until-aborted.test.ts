import { expect, spyOn, test } from 'bun:test';
import { untilAborted } from '../../../../server/web/face-sdk/until-aborted.ts';

/** A signal, and how many listeners it has. */
function counted() {
  const { signal } = new AbortController();
  const added = spyOn(signal, 'addEventListener');
  const removed = spyOn(signal, 'removeEventListener');
  const left = () =>
    added.mock.calls.filter(([, listener]) =>
      !removed.mock.calls.some(([, gone]) => gone === listener)
    ).length;
  return { signal, left };
}

test('what is waited for settles, and nothing listens to the signal any more', async () => {
  const { signal, left } = counted();
  const waiting = untilAborted(Promise.resolve('camera'), signal);
  expect(left()).toBe(1);
  expect(await waiting).toBe('camera');
  await expect(untilAborted(Promise.reject(new Error('denied')), signal)).rejects.toThrow('denied');
  expect(left()).toBe(0);
});

test('an abort ends the wait with its reason, before or while it goes on', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = untilAborted(new Promise(() => {}), signal);
  controller.abort(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
  await expect(untilAborted(Promise.resolve(1), signal)).rejects.toThrow('closed');
});
