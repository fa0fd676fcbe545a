/**
 * A real browser for acceptance runs: the Chromium of the system, driven by playwright-core. Everything a
 * page does wrong in passing (console errors, requests to elsewhere) is collected.
 */
import { existsSync } from 'node:fs';
import { describe } from 'bun:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** `describe` that runs where Chromium is installed and says so where it is not. */
export function describeWithBrowser(name: string, body: () => void): void {
  if (existsSync(CHROMIUM)) describe(name, body);
  else describe.skip(`${name} [skipped: no ${CHROMIUM}; install the package chromium]`, body);
}

/** What the fake camera shows and whether pages get it. */
export interface CameraSetup {
  /** A film for the camera instead of Chromium's test picture. */
  readonly film?: string;
  /** Default true: nobody is asked. */
  readonly allowed?: boolean;
}

export function launch({ film, allowed = true }: CameraSetup = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      allowed ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      ...(film === undefined ? [] : [`--use-file-for-fake-video-capture=${film}`]),
    ],
  });
}

export interface Visit {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, requests to another origin. Must stay empty. */
  readonly complaints: string[];
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 900 },
    permissions: ['camera'],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const to = request.url();
    // the origin of a blob: is that of the page which made it
    if (new URL(to).origin !== new URL(url).origin) complaints.push(`request to ${to}`);
  });
  await page.goto(url);
  return { page, complaints };
}
