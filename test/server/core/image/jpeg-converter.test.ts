import { afterEach, expect, test } from 'bun:test';
import { encodePng, sniffFormat } from '../../../../biometrics/image/mod.ts';
import { JpegConverter } from '../../../../server/core/image/jpeg-converter.ts';
import { workerUrl } from '../../../../server/core/inference/worker-url.ts';
import { createLogger } from '../../../../server/mod.ts';
import { paint } from '../../../biometrics/support/pictures.ts';

const never = new AbortController().signal;
const log = createLogger('error', () => {});
const picture = await encodePng(paint(32, 32, (x, y) => [8 * x, 8 * y, 128]));

let converter: JpegConverter | undefined;
afterEach(() => converter?.close());

/** A worker that ends before it is ready. */
function stillborn(): Worker {
  const url = URL.createObjectURL(new Blob(['process.exit(7)']));
  return new Worker(url);
}

test(
  'a worker that does not start fails its pictures, and the next picture starts another',
  async () => {
    let spawned = 0;
    converter = new JpegConverter(
      log,
      () => spawned++ === 0 ? stillborn() : new Worker(workerUrl('server/core/image/worker.ts')),
    );
    const failures = await Promise.allSettled([
      converter.toJpeg(picture, never),
      converter.toJpeg(picture, never),
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_FAILED' } });
    }
    expect(spawned).toBe(1);
    expect(sniffFormat(await converter.toJpeg(picture, never))).toBe('jpeg');
    expect(sniffFormat(await converter.toJpeg(picture, never))).toBe('jpeg');
    expect(spawned).toBe(2);
  },
  20_000,
);
