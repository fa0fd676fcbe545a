/** The compare page in a real browser: by mouse, by keyboard, on small screens, in both colour schemes. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContextOptions, FileChooser, Page } from 'playwright-core';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../server/mod.ts';
import { homePages } from '../../server/web/mod.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import {
  openDetails,
  overflowPx,
  structureFaults,
  unnamed,
  weakContrasts,
} from './support/inspection.ts';
import { paint, type PaintedFaces, paintedFaces } from './support/painted-faces.ts';

setDefaultTimeout(60_000);

/** Similarities with their level on both scales, by the default calibration. */
const SAME = 0.9;
const WEAK = 0.856;
const OTHER = 0.7;

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

async function photo(similarity: number, faces = 1): Promise<Upload> {
  const buffer = Buffer.from(await paint({ faces, similarity }));
  return { name: 'Erika Mustermann.png', mimeType: 'image/png', buffer };
}

describeWithBrowser('the compare page', () => {
  let browser: Browser;
  let server: RunningServer;
  let faces: PaintedFaces;
  let current: Visit | undefined;

  beforeAll(async () => {
    faces = paintedFaces();
    const log = createLogger('error', () => {});
    const config = loadConfig({}, { port: 0, bodyLimitBytes: 1_000_000 });
    server = startServer(config, { faces, log, pages: homePages });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  afterEach(async () => {
    faces.busy = false;
    const complaints = current?.complaints ?? [];
    await current?.page.context().close();
    current = undefined;
    expect(complaints).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    current = await visit(browser, server.url, options);
    await current.page.locator('#engine-facts', { hasText: 'painted 1.0.0' }).waitFor();
    return current.page;
  }

  async function choose(page: Page, a: Upload, b: Upload): Promise<void> {
    await page.setInputFiles('#file-a', a);
    await page.setInputFiles('#file-b', b);
  }

  async function compared(page: Page, a = SAME, b = 1): Promise<void> {
    await choose(page, await photo(a), await photo(b));
    await page.locator('#status', { hasText: 'of 100' }).waitFor();
  }

  /** Drops files onto an element as a file manager does. */
  async function drop(page: Page, selector: string, files: readonly Upload[]): Promise<void> {
    const sent = files.map(({ name, mimeType, buffer }) => ({
      name,
      type: mimeType,
      base64: buffer.toString('base64'),
    }));
    const transfer = await page.evaluateHandle((list) => {
      const made = new DataTransfer();
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        made.items.add(new File([bytes], name, { type }));
      }
      return made;
    }, sent);
    await page.dispatchEvent(selector, 'drop', { dataTransfer: transfer });
  }

  const isBlank = (page: Page, canvas: string) =>
    page.$eval(canvas, (element) => {
      const { width, height } = element as HTMLCanvasElement;
      const data = (element as HTMLCanvasElement).getContext('2d')
        ?.getImageData(0, 0, width, height).data;
      return data?.every((value) => value === 0) ?? true;
    });

  test('shows verdict, faces, scale and timings of two dropped photos', async () => {
    const page = await open();
    await drop(page, '#slot-a', [await photo(SAME), await photo(1, 2)]);
    await page.locator('#status', { hasText: 'of 100' }).waitFor();

    expect(await page.textContent('#headline')).toBe('Same person at level HIGH');
    expect(await page.textContent('#detail')).toContain('1 in 10,000 strangers');
    expect(await page.textContent('#status')).toBe(
      `Score ${await page.textContent('#pin-score')} of 100. Same person at level HIGH.`,
    );
    expect(await page.textContent('#facts-a')).toContain('1 face found');
    expect(await page.textContent('#facts-b')).toContain('2 faces found');
    for (const canvas of ['#overlay-a', '#overlay-b', '#crop-a', '#crop-b']) {
      expect([canvas, await isBlank(page, canvas)]).toEqual([canvas, false]);
    }
    expect(await page.locator('#points .reached').count()).toBe(3);
    expect(await page.locator('#points li').allTextContents()).toEqual([
      '✓ LOW 60 1 in 100, reached',
      '✓ MEDIUM 80 1 in 1,000, reached',
      '✓ HIGH 90 1 in 10,000, reached',
      'VERY HIGH 95 1 in 100,000, not reached',
      'HIGHEST 98 1 in 1,000,000 (estimated), not reached',
    ]);
    expect(await page.textContent('#calibration')).toContain(faces.info.calibration.data.name);
    expect(await page.locator('#timings tr').count()).toBe(6);
  });

  test('says which level each result reaches, on both scales', async () => {
    const page = await open();
    for (
      const [similarity, selfie, pictureId] of [
        [OTHER, 'No match', 'No match'],
        [WEAK, 'Weak match, level LOW', 'Weak match, level LOW'],
        [SAME, 'level HIGH', 'level HIGHEST'],
        [1, 'level HIGHEST', 'level HIGHEST'],
      ] as const
    ) {
      await page.check('#scale-selfie');
      await choose(page, await photo(similarity), await photo(1));
      await page.locator('#status', { hasText: selfie }).waitFor();
      expect(await page.textContent('#headline')).toContain(selfie);
      await page.check('#scale-picture-id');
      expect(await page.textContent('#headline')).toContain(pictureId);
    }
    expect(await page.isVisible('#extrapolated')).toBe(false);
    await page.check('#scale-selfie');
    expect(await page.isVisible('#extrapolated')).toBe(true);
  });

  test('sends the photos without their names, and nothing else', async () => {
    const page = await open();
    const sent: string[][] = [];
    await page.exposeFunction('report', (entry: string[]) => sent.push(entry));
    await page.evaluate(() => {
      const send = fetch;
      const { report } = globalThis as unknown as { report(entry: string[]): void };
      globalThis.fetch = Object.assign((url: RequestInfo | URL, init?: RequestInit) => {
        const form = init?.body instanceof FormData ? [...init.body] : [];
        for (const [name, value] of form) report([name, (value as File).name, `${url}`]);
        return send(url, init);
      }, send);
    });
    await compared(page);
    expect(sent).toEqual([['a', 'a', '/playground/compare'], ['b', 'b', '/playground/compare']]);
  });

  test('can be used with the keyboard alone', async () => {
    const page = await open();
    const press = async (key: string, times = 1) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.id);
    const tabTo = async (id: string) => {
      for (let i = 0; i < 15 && await focused() !== id; i++) await press('Tab');
      expect(await focused()).toBe(id);
    };
    const choosers: FileChooser[] = [];
    page.on('filechooser', (chooser) => choosers.push(chooser));
    for (const side of ['a', 'b']) {
      await tabTo(`file-${side}`);
      const outline = await page.$eval(`#drop-${side}`, (e) => getComputedStyle(e).outlineWidth);
      expect(outline).toBe('3px');
      await press('Enter');
      while (choosers.length === 0) await page.waitForTimeout(20);
      await choosers.pop()?.setFiles(await photo(side === 'a' ? SAME : 1));
    }
    await page.locator('#status', { hasText: 'level HIGH' }).waitFor();
    await tabTo('scale-selfie');
    await press('ArrowRight');
    expect(await page.textContent('#headline')).toContain('level HIGHEST');
    await tabTo('timings-total');
    await press('Enter');
    expect(await page.isVisible('#timings')).toBe(true);
    await tabTo('restart');
    await press('Enter');
    expect(await focused()).toBe('file-a');
    expect(await page.isVisible('#result')).toBe(false);
    expect(await page.isVisible('#drop-a')).toBe(true);
  });

  test('takes a photo with the camera', async () => {
    const page = await open();
    await page.click('#camera-a');
    await page.locator('#shoot:enabled').waitFor();
    expect(await unnamed(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#drop-a')).toBe(true);
    await page.click('#camera-a');
    await page.click('#shoot:enabled');
    await page.locator('#photo-a').waitFor();
    expect(await page.$eval('#image-a', (image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(100);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('camera-a');
    const live = await page.$eval('#viewfinder', (video) => (video as HTMLVideoElement).srcObject);
    expect(live).toBeNull();
  });

  test('takes a picture this browser cannot show', async () => {
    const page = await open();
    // Chromium refuses this PNG for its wrong checksum in the header; the service is asked all the same.
    const { buffer, ...rest } = await photo(SAME);
    const broken = Buffer.from(buffer);
    broken[29] ^= 0xff;
    const sent = page.waitForResponse('**/playground/compare');
    await choose(page, { ...rest, buffer: broken }, await photo(1));
    await sent;
    await page.locator('#photo-a.unseen').waitFor();
    expect(await page.$eval('#image-a', (image) => getComputedStyle(image).opacity)).toBe('0');
    current?.complaints.splice(0);
  });

  test('says in plain words what is wrong with a photo', async () => {
    const page = await open();
    // A refusal is an answer with an error status, which Chromium reports by itself.
    const forgive = () => {
      const list = current?.complaints ?? [];
      const own = list.filter((text) => !text.startsWith('Failed to load resource'));
      list.splice(0, list.length, ...own);
    };
    const bad = (bytes: string, mimeType = 'image/png'): Upload => ({
      name: 'x',
      mimeType,
      buffer: Buffer.from(bytes),
    });
    for (
      const [upload, words] of [
        [await photo(1, 0), 'no face was found'],
        [bad('GIF89a and so on'), 'not supported'],
        [bad('%PDF', 'application/pdf'), 'not a picture'],
        [bad(''), 'empty'],
      ] as const
    ) {
      await choose(page, await photo(1), upload);
      const problem = page.locator('#error-b', { hasText: words });
      await problem.waitFor();
      expect(await problem.textContent()).toStartWith('Second photo: ');
      expect(await page.isVisible('#result')).toBe(false);
      expect(await page.isVisible('#error-a')).toBe(false);
      expect(await page.getAttribute('#file-b', 'aria-invalid')).toBe('true');
      forgive();
    }
    await page.setInputFiles('#file-b', bad('x'.repeat(1_000_000)));
    await page.locator('#problem', { hasText: 'larger than 1 MB' }).waitFor();
    await page.setInputFiles('#file-b', await photo(1));
    await page.locator('#result').waitFor();
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test('offers another try when the server is busy', async () => {
    const page = await open();
    faces.busy = true;
    await choose(page, await photo(SAME), await photo(1));
    await page.locator('#problem', { hasText: 'busy' }).waitFor();
    current?.complaints.splice(0);
    faces.busy = false;
    await page.click('#retry');
    await page.locator('#result').waitFor();
    expect(await page.isVisible('#retry')).toBe(false);
  });

  test('removes a photo and takes back what was said about it', async () => {
    const page = await open();
    await compared(page);
    await page.click('#remove-a');
    expect(await page.isVisible('#result')).toBe(false);
    expect(await page.textContent('#status')).toBe('First photo removed.');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('file-a');
    expect(await isBlank(page, '#overlay-b')).toBe(true);
  });

  test('announces itself: names, structure, live regions', async () => {
    const page = await open();
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    await compared(page);
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    expect(await page.getAttribute('#status', 'aria-live')).toBe('polite');
    const meter = page.getByRole('meter', { name: 'Similarity score' });
    expect(await meter.getAttribute('aria-valuetext')).toMatch(/^9\d\.\d of 100\. Same person/);
    expect(await meter.getAttribute('aria-valuenow')).toMatch(/^9\d\.\d$/);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has readable contrast in ${colorScheme} colours`, async () => {
      const page = await open({ colorScheme });
      expect(await weakContrasts(page)).toEqual([]);
      for (const similarity of [OTHER, WEAK, SAME]) {
        await compared(page, similarity);
        await openDetails(page);
        await page.locator('#verdict').waitFor();
        expect(await weakContrasts(page)).toEqual([]);
      }
    });
  }

  test.each([320, 360, 768])('fits a screen of %d pixels', async (width) => {
    const page = await open({ viewport: { width, height: 640 }, hasTouch: width < 768 });
    expect(await overflowPx(page)).toBe(0);
    for (const similarity of [OTHER, 1]) {
      await compared(page, similarity);
      await openDetails(page);
      expect(await overflowPx(page)).toBe(0);
      const pin = await page.locator('#pin').boundingBox();
      expect(pin?.x).toBeGreaterThanOrEqual(0);
      expect((pin?.x ?? 0) + (pin?.width ?? 0)).toBeLessThanOrEqual(width);
    }
  });

  test('moves nothing for those who asked for less motion', async () => {
    const duration = (page: Page) =>
      page.$eval('#pin', (pin) => getComputedStyle(pin).transitionDuration);
    const page = await open();
    expect(await duration(page)).not.toBe('0s');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await duration(page)).toBe('0s');
  });

  test('waits for an engine that has not started', async () => {
    const { info } = faces;
    Object.assign(faces, { info: undefined });
    current = await visit(browser, server.url);
    const { page, complaints } = current;
    await choose(page, await photo(SAME), await photo(1));
    expect(await page.textContent('#status')).toContain('starting');
    Object.assign(faces, { info });
    await page.locator('#result').waitFor();
    complaints.splice(0);
  });
});
