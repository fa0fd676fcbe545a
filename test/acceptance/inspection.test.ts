/** The page checks themselves: each must find the fault it is for. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, launch } from './support/browser.ts';
import { overflowPx, structureFaults, unnamed, weakContrasts } from './support/inspection.ts';

setDefaultTimeout(60_000);

describeWithBrowser('a page check', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 320, height: 400 } });
  });
  afterAll(() => browser.close());
  beforeEach(() =>
    page.setContent(`<!doctype html><html lang="en"><main><h1>Sound</h1><p>text</p></main>`)
  );

  const body = (html: string) =>
    page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), html);

  test('is content with a sound page', async () => {
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    expect(await weakContrasts(page)).toEqual([]);
    expect(await overflowPx(page)).toBe(0);
  });

  test('finds what has no name', async () => {
    await body('<button></button><input><meter value="1"></meter>');
    expect(await unnamed(page)).toEqual(['button', 'textbox', 'meter']);
  });

  test('finds faults of structure', async () => {
    await body(
      '<h3 id="x">deep</h3><i id="x"></i><label for="gone">lost</label>' +
        '<button style="font-size:4px;padding:0">tiny</button>',
    );
    expect((await structureFaults(page)).join('; ')).toMatch(
      /^id x twice; for="gone" leads nowhere; heading "deep" skips a level; "tiny" is /,
    );
  });

  test('finds weak contrast, and measures it as WCAG does', async () => {
    await body('<p style="color:#777;background:#fff">grey</p><p style="color:#767676">enough</p>');
    expect(await weakContrasts(page)).toEqual(['4.48: grey']);
  });

  test('finds what is too wide', async () => {
    await body('<div style="width:400px">wide</div>');
    expect(await overflowPx(page)).toBeGreaterThan(79);
  });
});
