/** The page at `/docs` in a real browser: readable, navigable by keyboard, on every width. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { homePages } from '../../server/web/mod.ts';
import { type Running, startFake } from '../server/support/running.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import {
  openDetails,
  overflowPx,
  structureFaults,
  unnamed,
  weakContrasts,
} from './support/inspection.ts';

setDefaultTimeout(60_000);

describeWithBrowser('the API page', () => {
  let running: Running, browser: Browser;
  const visits: Visit[] = [];
  beforeAll(async () => {
    running = startFake({}, homePages);
    browser = await launch();
  });
  afterEach(async () => {
    for (const { page, complaints } of visits.splice(0)) {
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });
  afterAll(async () => {
    await browser?.close();
    await running?.server.stop();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const visited = await visit(browser, new URL('/docs', running.server.url).href, options);
    visits.push(visited);
    return visited.page;
  }

  test('leads from the list to each endpoint, by keyboard', async () => {
    const page = await open();
    const links = page.locator('.contents a');
    const paths = await links.allTextContents();
    expect(paths).toContain('/api/v1/process');
    await links.nth(paths.indexOf('/api/v1/process')).focus();
    await page.keyboard.press('Enter');
    const top = await page.locator('#process').evaluate((part) => part.getBoundingClientRect().top);
    expect(Math.abs(top)).toBeLessThan(40);
    expect(await page.locator('#process h3').textContent()).toBe('POST /api/v1/process');
  });

  test('says which fields an endpoint takes and gives', async () => {
    const page = await open();
    const names = await page.locator('#process tbody th code').allTextContents();
    for (
      const name of ['file', 'enableQuality', 'data.quality.eyes_status', 'icao_data.is_compliant']
    ) {
      expect(names).toContain(name);
    }
  });

  test('gives a call that works as it stands', async () => {
    const page = await open();
    await openDetails(page);
    const call = await page.locator('#face_health pre').first().textContent() ?? '';
    const [, ...args] = call.replace('http://127.0.0.1:8080/', running.server.url).split(' ');
    const { stdout } = Bun.spawn(['curl', ...args]);
    expect(await new Response(stdout).text()).toBe('OK');
  });

  test('has names for everything and one clear structure', async () => {
    const page = await open();
    await openDetails(page);
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    await openDetails(page);
    expect(await weakContrasts(page)).toEqual([]);
  });

  test.each([320, 360, 768])('fits %d pixels', async (width) => {
    const page = await open({ viewport: { width, height: 800 } });
    await openDetails(page);
    expect(await overflowPx(page)).toBe(0);
  });
});
