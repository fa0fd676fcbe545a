/** Bodies: what of them is left once their request is answered. */
import { expect, test } from 'bun:test';
import { ByteBudget, readBody } from '../../../../server/core/http/body.ts';

const limits = () => ({ limitBytes: 1000, timeoutMs: 5000, budget: new ByteBudget(10_000) });

function requestOf(chunks: readonly Uint8Array[]): Request {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Request('http://localhost/', { method: 'POST', body });
}

const chunk = (byte: number, length = 100) => new Uint8Array(length).fill(byte);

for (const count of [1, 3]) {
  test(`a body of ${count} chunks is overwritten when it is released`, async () => {
    const chunks = Array.from({ length: count }, (_, i) => chunk(i + 1));
    const { budget, ...rest } = limits();
    const body = await readBody(requestOf(chunks), { budget, ...rest });
    expect(body.bytes).toEqual(
      new Uint8Array(Buffer.concat(Array.from({ length: count }, (_, i) => chunk(i + 1)))),
    );
    expect(budget.heldBytes).toBe(100 * count);
    body.release();
    expect([...body.bytes, ...chunks.flatMap((bytes) => [...bytes])].some((byte) => byte !== 0))
      .toBe(false);
    expect(budget.heldBytes).toBe(0);
  });
}

test('a body that is refused half way is overwritten as far as it came', async () => {
  const chunks = [chunk(1, 600), chunk(2, 600)];
  await expect(readBody(requestOf(chunks), limits())).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  });
  expect(chunks[0].some((byte) => byte !== 0)).toBe(false);
});

test('a body that was handed on to a worker can be released', async () => {
  const body = await readBody(requestOf([chunk(1)]), limits());
  structuredClone(body.bytes, { transfer: [body.bytes.buffer as ArrayBuffer] });
  expect(() => body.release()).not.toThrow();
});
