import { expect, test } from 'bun:test';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { largestArray } from './asked-arrays.ts';
import { Executions } from './executions.ts';

test('a result and a typed error end an execution, anything else escapes', async () => {
  const executions = new Executions();
  const typed = () => {
    throw new EmrtdError('ASN1_MALFORMED', 'x');
  };
  const untyped = () => {
    throw new RangeError('x');
  };
  expect(executions.run(() => undefined)).toBe(true);
  expect(executions.run(typed)).toBe(false);
  expect(() => executions.run(untyped)).toThrow(RangeError);
  expect(await executions.runAsync(async () => undefined)).toBe(true);
  expect(await executions.runAsync(async () => typed())).toBe(false);
  expect(executions.runAsync(async () => untyped())).rejects.toThrow(RangeError);
});

test('the largest array asked for is seen, also by what waits, and the globals come back', async () => {
  const { Uint8Array, ArrayBuffer } = globalThis;
  const ask = () => [new globalThis.Uint8Array(70_000), new globalThis.ArrayBuffer(80_000)];
  expect(await largestArray(ask)).toBe(80_000);
  expect(await largestArray(() => Promise.resolve().then(ask))).toBe(80_000);
  expect(await largestArray(() => globalThis.Uint8Array.from([1, 2]))).toBeLessThan(3);
  expect([globalThis.Uint8Array, globalThis.ArrayBuffer]).toEqual([Uint8Array, ArrayBuffer]);
});
