/**
 * `npm run bench -- face-sdk`: what the Face SDK costs the one who is captured, in the Chromium of this machine
 * before a fake camera of 30 frames a second: bytes, time to the first picture, looks a second.
 */
import '../server/core/native/libraries.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { openCaptureKeys } from '../server/identy/mod.ts';
import { createLogger, loadConfig, startServer } from '../server/mod.ts';
import type * as Sdk from '../server/web/face-sdk/face-sdk.d.ts';
import { homePages } from '../server/web/mod.ts';
import { launch, visit } from '../test/acceptance/support/browser.ts';
import { film } from '../test/acceptance/support/fake-camera.ts';
import { printTable } from './statistics.ts';

const VISITS = 4;
const WATCH_MS = 10_000;

interface Measured {
  readonly preInitializeMs: number;
  readonly firstPictureMs: number;
  readonly firstFeedbackMs: number;
  readonly looksPerSecond: number;
  readonly lookP50Ms: number;
  readonly lookP99Ms: number;
}

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const log = createLogger('error', (line) => console.error(line));
  const faces = new FaceEngine({ workers: 1, queueLimit: 8, log });
  await faces.start(await packPath(undefined, () => {}));
  const captureKeys = await openCaptureKeys(folder);
  const server = startServer(loadConfig({}, { port: 0 }), {
    faces,
    log,
    pages: homePages,
    captureKeys,
  });
  // a face that is too far away is watched until the time is over
  const browser = await launch({ film: await film('far', 30) });
  try {
    const { page } = await visit(browser, new URL('/docval', server.url).href);
    const bytes = await countBytes(page);
    const ms = (value: number) => `${Math.round(value)} ms`;
    const rows = [
      [
        'visit',
        'bytes',
        'pre-initialized',
        'picture',
        'guidance',
        'looks/s',
        'look p50',
        'look p99',
      ],
    ];
    for (let i = 0; i < VISITS; i++) {
      const before = bytes(), m = await measure(page);
      rows.push([
        i === 0 ? 'first' : 'repeat',
        String(bytes() - before),
        ms(m.preInitializeMs),
        ms(m.firstPictureMs),
        ms(m.firstFeedbackMs),
        m.looksPerSecond.toFixed(1),
        ms(m.lookP50Ms),
        ms(m.lookP99Ms),
      ]);
      await page.reload();
    }
    printTable(rows);
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** Bytes on the wire of the SDK and the API so far. */
async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const wanted = new Set<string>();
  let total = 0;
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (/\/(?:sdk|api)\//.test(request.url)) wanted.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (wanted.has(requestId)) total += encodedDataLength;
  });
  return () => total;
}

function measure(page: Page): Promise<Measured> {
  return page.evaluate(async (captureTimeout) => {
    const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
    const startMs = performance.now();
    await FaceSDK.preInitialize();
    const fetchedMs = performance.now();
    let feedbackMs = 0, pictureMs = 0;
    const looks: number[] = [];
    // each look begins with taking over a frame of the video
    const { drawImage } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.drawImage = function (...given: unknown[]) {
      if (given[0] instanceof HTMLVideoElement) looks.push(performance.now());
      return Reflect.apply(drawImage, this, given);
    };
    addEventListener('loadeddata', () => pictureMs ||= performance.now(), true);
    const onFeedback = () => void (feedbackMs ||= performance.now());
    const sdk = new FaceSDK({ captureTimeout, events: { onFeedback } });
    await sdk.initialize();
    const openedMs = performance.now();
    await sdk.capture().catch(() => {});
    const gaps = looks.slice(1).map((ms, i) => ms - looks[i]).toSorted((a, b) => a - b);
    return {
      preInitializeMs: fetchedMs - startMs,
      firstPictureMs: pictureMs - openedMs,
      firstFeedbackMs: feedbackMs - openedMs,
      looksPerSecond: 1000 * gaps.length / (looks[looks.length - 1] - looks[0]),
      lookP50Ms: gaps[gaps.length >> 1],
      lookP99Ms: gaps[Math.floor(gaps.length * 0.99)],
    };
  }, WATCH_MS);
}
