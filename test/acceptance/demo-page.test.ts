/** The page at /demo: with the real server before a fake camera, and with every kind of answer. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { FaceEngine } from '../../server/core/face/engine.ts';
import { packPath } from '../../server/core/model-pack.ts';
import { openCaptureKeys } from '../../server/identy/mod.ts';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../server/mod.ts';
import { languages } from '../../server/web/demo/strings.ts';
import { homePages } from '../../server/web/mod.ts';
import { photograph } from '../biometrics/support/engine.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import { film } from './support/fake-camera.ts';
import { overflowPx, structureFaults, unnamed, weakContrasts } from './support/inspection.ts';

setDefaultTimeout(120_000);

const SMALL = { viewport: { width: 360, height: 740 } };

describeWithBrowser('the page of the Face SDK', () => {
  let server: RunningServer, browser: Browser, folder: string;
  let current: Visit | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-demo-'));
    const log = createLogger('error', () => {});
    const faces = new FaceEngine({ workers: 1, queueLimit: 8, log });
    await faces.start(await packPath(undefined, () => {}));
    const captureKeys = await openCaptureKeys(folder);
    server = startServer(loadConfig({}, { port: 0 }), {
      faces,
      log,
      pages: homePages,
      captureKeys,
    });
    browser = await launch({ film: await film('face') });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await current?.page.context().close();
    current = undefined;
  });

  async function open(options = {}): Promise<Page> {
    current = await visit(browser, new URL('/demo', server.url).href, options);
    current.page.setDefaultTimeout(60_000);
    return current.page;
  }
  const headline = (page: Page) => page.locator('#headline').textContent();

  test('takes a picture, shows its measures, gives templates, compares it with a document', async () => {
    const page = await open();
    await page.selectOption('#threshold', 'OFF');
    await page.getByRole('button', { name: 'Take picture' }).click();
    await page.locator('#result').waitFor();
    expect(await headline(page)).toBe('Captured');
    expect(
      await page.locator('#picture').evaluate((
        image: HTMLImageElement,
      ) => [image.naturalWidth, image.naturalHeight]),
    ).toEqual([480, 640]);
    expect(await page.locator('.mark').count()).toBe(8);
    expect(await page.locator('#measures tr').count()).toBe(18);
    expect(await page.locator('#templates a').allTextContents())
      .toEqual(['JPEG', 'PNG', 'ISO_19794_5', 'ICAO_JPEG', 'ICAO_PNG']);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'ISO_19794_5' }).click();
    const record = await Bun.file(await (await downloading).path()).bytes();
    expect(new TextDecoder().decode(record.subarray(0, 3))).toBe('FAC');

    const area = { left: 254, top: 840, width: 410, height: 410 };
    const buffer = await sharp(photograph(5)).extract(area).jpeg().toBuffer();
    await page.setInputFiles('#picture-id', { name: 'id.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('button', { name: 'Compare with the picture taken' }).click();
    await page.getByRole('heading', { name: 'The same person' }).waitFor();
    await page.getByRole('button', { name: 'Take a new picture' }).click();
    await page.locator('.identy-capture-dialog').waitFor();
    await page.locator('.identy-capture-dialog').waitFor({ state: 'detached' });
    await page.locator('#capture:enabled').waitFor();
    expect(await headline(page)).toBe('The same person');
    expect(current?.complaints).toEqual([]);
  });

  test('a film of a photograph is not taken for a live person', async () => {
    const page = await open();
    await page.selectOption('#threshold', 'HIGHEST');
    await page.getByRole('button', { name: 'Take picture' }).click();
    await page.locator('#result').waitFor();
    expect(await headline(page)).toBe('Not accepted');
    expect(await page.locator('#detail').textContent()).toMatch(/Code (401|408), FEEDBACK_RETRY/);
    expect(await page.locator('#picture').isVisible()).toBe(true);
  });

  test.each([
    [{ code: 408, message: 'FEEDBACK_RETRY_INSECURE' }, 'The camera is not a real one', '408'],
    [{ code: 601, feedbackCode: 'ERROR_DECRYPTION_FAILED' }, 'could not be opened', '601'],
    [{ code: 604, feedbackCode: 'ERROR_REQUEST_EXPIRED' }, 'too old', '604'],
    [{ code: 600, message: 'LICENSE_INVALID' }, 'licence', '600'],
    [{ code: 999, message: 'NEW_CODE' }, 'NEW_CODE', '999'],
  ])('says what the answer %o means', async (answer, words, code) => {
    const page = await open();
    await page.route('**/api/v1/process', (route) => route.fulfill({ status: 400, json: answer }));
    await page.getByRole('button', { name: 'Take picture' }).click();
    await page.locator('#result').waitFor();
    const detail = await page.locator('#detail').textContent();
    expect(detail).toContain(words);
    expect(detail).toContain(code);
  });

  test('says so when the capture is closed, and when the server has gone', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Take picture' }).click();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Capture closed (Code 202)').waitFor();
    await page.route('**/api/v1/process', (route) => route.abort());
    await page.getByRole('button', { name: 'Take picture' }).click();
    await page.getByText('The server cannot be reached.').waitFor();
  });

  test.each(Object.keys(languages))('speaks %s, the SDK too, on a small screen', async (code) => {
    const { text } = languages[code];
    const page = await open({ ...SMALL, locale: code });
    expect(await page.locator('html').getAttribute('lang')).toBe(code);
    expect(await page.locator('html').getAttribute('dir')).toBe(code === 'ar' ? 'rtl' : 'ltr');
    expect(await page.locator('h1').textContent()).toBe(text.page.heading);
    expect(await overflowPx(page)).toBe(0);
    expect(await structureFaults(page)).toEqual([]);
    expect(await unnamed(page)).toEqual([]);
    expect(await weakContrasts(page)).toEqual([]);
    await page.getByRole('button', { name: text.page.capture, exact: true }).click();
    const close = text.sdk.FEEDBACK_BUTTON_CLOSE ?? 'Close';
    await page.getByRole('button', { name: close }).click();
    await page.locator('#problem').waitFor();
    expect(await page.locator('#problem').textContent())
      .toContain(text.sdk.FEEDBACK_DIALOG_CLOSED ?? 'Capture closed');
    expect(current?.complaints).toEqual([]);
  });

  test('remembers the language that was chosen', async () => {
    const page = await open();
    await page.selectOption('#language', 'fr');
    expect(await page.title()).toBe(languages.fr.text.page.title);
    await page.reload();
    expect(await page.locator('#language').inputValue()).toBe('fr');
  });
});

test('every language has every text of the others', () => {
  const keys = (text: object) =>
    Object.entries(text).flatMap(([group, words]) =>
      Object.entries(words).map(([key, word]) => `${group}.${key}${word === '' ? ' empty' : ''}`)
    ).filter((key) => !key.startsWith('sdk.')).toSorted();
  for (const { text } of Object.values(languages)) {
    expect(keys(text)).toEqual(keys(languages.en.text));
  }
  const { sdk: arabic } = languages.ar.text;
  for (const code of ['es', 'fr', 'pt']) {
    expect(Object.keys(languages[code].text.sdk).toSorted()).toEqual(
      Object.keys(arabic).toSorted(),
    );
  }
});
