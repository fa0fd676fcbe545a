/** The account of an administrator in a real browser: another password, sessions seen and ended. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { Sessions } from '../../server/core/access/sessions.ts';
import { oneTimePassword, stepOf } from '../../server/core/access/totp.ts';
import { homePages } from '../../server/web/mod.ts';
import {
  ADMIN,
  cookieOf,
  PASSWORD,
  startWatched,
  type Watched,
} from '../server/support/console.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import { expectUsable } from './support/inspection.ts';

setDefaultTimeout(60_000);

const NEXT = 'staples of another sort';

describeWithBrowser('the account at the console', () => {
  let browser: Browser, running: Watched, current: Visit | undefined;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    running = await startWatched(homePages);
  });
  afterEach(async () => {
    // of an answer of 4xx the browser says so itself
    const complaints = (current?.complaints ?? [])
      .filter((text) => !/the server responded with a status of 4\d\d/.test(text));
    await current?.page.context().close();
    current = undefined;
    await running.server.stop();
    expect(complaints).toEqual([]);
  });

  async function open(width = 1100): Promise<Page> {
    const [name, value] = cookieOf(running.session).split('=');
    const cookie = { name, value, domain: '127.0.0.1', path: '/', expires: -1 };
    current = await visit(browser, `${running.server.url}console#account`, {
      viewport: { width, height: 900 },
      storageState: {
        cookies: [{ ...cookie, httpOnly: true, secure: true, sameSite: 'Strict' }],
        origins: [],
      },
    });
    await current.page.locator('#sessions-list li').first().waitFor();
    return current.page;
  }
  function code(): string {
    // a file is written at once
    void running.access.run('UPDATE admin SET last_step = 0');
    return oneTimePassword(running.secret, stepOf(Date.now()));
  }
  const begin = (address: string) =>
    new Sessions(running.access).begin(ADMIN, Date.now(), 'passkey', address);
  const said = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();
  async function confirm(page: Page, password = PASSWORD): Promise<void> {
    await page.fill('#confirm-password', password);
    await page.fill('#confirm-code', code());
    await page.keyboard.press('Enter');
  }
  async function changePassword(page: Page, next: string, again = next): Promise<void> {
    await page.focus('#password-current');
    for (const text of [PASSWORD, code(), next, again]) {
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
  }

  test('a password is changed by keyboard, and other sessions end', async () => {
    await begin('198.51.100.7');
    const page = await open();
    expect(await page.locator('#sessions-list li').count()).toBe(2);
    await changePassword(page, NEXT, `${NEXT} `);
    await said(page, 'The new passwords are not the same.');
    await changePassword(page, 'gatehouse of mine');
    await said(page, 'a password with "gatehouse" in it is easy to guess');
    await changePassword(page, NEXT);
    await said(page, 'The password was changed. All other sessions of yours have ended.');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('account-title');
    expect(await page.inputValue('#password-new')).toBe('');
    expect(await page.locator('#sessions-list li').allTextContents()).toEqual([
      expect.stringContaining('This browser'),
    ]);
    // the session that it goes on in is a good one
    await begin('198.51.100.8');
    await page.click('.index a[href="#live"]');
    await page.click('.index a[href="#account"]');
    await page.click('#sessions-others');
    await confirm(page, PASSWORD);
    await said(page, 'Password or code is wrong.');
    await page.click('#sessions-others');
    await confirm(page, NEXT);
    await said(page, 'All other sessions have been ended.');
  });

  test('a session is seen with its address and ended, or not', async () => {
    const { id } = await begin('198.51.100.7');
    await begin('2001:db8::7');
    const page = await open();
    const item = page.locator('#sessions-list li', { hasText: '198.51.100.7' });
    expect(await item.textContent()).toMatch(/Since .+ last used .+ with a passkey/);
    const button = page.getByRole('button', { name: /^End the session of 198\.51\.100\.7 since/ });
    await button.click();
    await page.getByRole('dialog', { name: 'End the session of 198.51.100.7?' }).waitFor();
    await page.fill('#confirm-password', PASSWORD);
    await page.click('#confirm-cancel');
    expect(await button.evaluate((shown) => shown === document.activeElement)).toBe(true);
    expect(await new Sessions(running.access).look(id, Date.now())).toBeDefined();
    await button.click();
    // nothing that was typed is left
    expect(await page.inputValue('#confirm-password')).toBe('');
    await confirm(page);
    await said(page, 'The session has been ended.');
    expect(await new Sessions(running.access).look(id, Date.now())).toBeUndefined();
    expect(await page.locator('#sessions-list li').count()).toBe(2);
  });

  test('what was typed is gone when the session has ended', async () => {
    const page = await open();
    await begin('198.51.100.7');
    await page.fill('#password-new', NEXT);
    await running.access.run('DELETE FROM session');
    await page.locator('#problem', { hasText: 'The session has ended.' }).waitFor();
    expect(await page.inputValue('#password-new')).toBe('');
    expect(await page.locator('#sessions-list li').count()).toBe(0);
  });

  test('all of it has names, and fits small screens in both colours', async () => {
    await begin('2001:db8:1234:5678:9abc:def0:1234:5678');
    const page = await open(360);
    const inspect = (name: string) => expectUsable(page, name);
    await inspect('account');
    await page.click('#sessions-others');
    await inspect('confirm');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1100, height: 900 });
    await inspect('account-wide');
  });
});
