/** Passkeys in a real browser, with the authenticator that Chromium has for tests (WebDriver, WebAuthn 12). */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import { tmpdir } from 'node:os';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { oneTimePassword, stepOf } from '../../server/core/access/totp.ts';
import { loadConfig } from '../../server/mod.ts';
import { homePages } from '../../server/web/mod.ts';
import { ADMIN, PASSWORD, startWatched, type Watched } from '../server/support/console.ts';
import { licensed } from '../server/support/licences.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import { expectUsable } from './support/inspection.ts';

setDefaultTimeout(60_000);

describeWithBrowser('passkeys at the console', () => {
  let browser: Browser, running: Watched, current: Visit | undefined;
  /** As browsers on this machine call it: WebAuthn knows no addresses. */
  let origin: string;
  let cdp: CDPSession, authenticatorId: string;

  const usePasskeysAt = (passkeyOrigin: string | undefined) =>
    running.server.prepare(loadConfig({}, { port: 0, dataFolder: tmpdir(), passkeyOrigin }))();

  const licensing = licensed();

  async function start(): Promise<void> {
    running = await startWatched(homePages, { licensing });
    origin = `http://localhost:${running.port}`;
  }
  beforeAll(async () => {
    await start();
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await running.server.stop();
  });
  afterEach(async () => {
    // of an answer of 4xx the browser says so itself
    const complaints = (current?.complaints ?? [])
      .filter((text) => !/the server responded with a status of 4\d\d/.test(text));
    await current?.page.context().close();
    current = undefined;
    await running.access.run('DELETE FROM passkey');
    expect(complaints).toEqual([]);
  });

  async function open(options: { verified?: boolean; width?: number } = {}): Promise<Page> {
    const { verified = true, width = 1100 } = options;
    usePasskeysAt(origin);
    current = await visit(browser, `${origin}/console#passkeys`, {
      viewport: { width, height: 900 },
    });
    await plugIn(current.page, verified);
    await current.page.locator('#login').waitFor();
    return current.page;
  }

  /** Gives the browser an authenticator, which it loses when another session of the protocol ends. */
  async function plugIn(page: Page, isUserVerified = true): Promise<void> {
    cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    ({ authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified,
        automaticPresenceSimulation: true,
      },
    }));
  }

  function code(): string {
    void running.access.run('UPDATE admin SET last_step = 0');
    return oneTimePassword(running.secret, stepOf(Date.now()));
  }
  async function logIn(page: Page): Promise<void> {
    await page.fill('#name', ADMIN);
    await page.fill('#password', PASSWORD);
    await page.fill('#code', code());
    await page.keyboard.press('Enter');
    await page.locator('#passkeys').waitFor();
  }
  async function add(page: Page, name: string): Promise<void> {
    await page.fill('#passkey-name', name);
    await page.fill('#passkey-password', PASSWORD);
    await page.fill('#passkey-code', code());
    await page.keyboard.press('Enter');
  }
  async function logOut(page: Page): Promise<void> {
    await page.click('#logout');
    await page.locator('#passkey-login').waitFor();
  }
  const said = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();
  const events = async (kind: string): Promise<Record<string, unknown>[]> => {
    const found = [];
    for await (const { topic, body } of licensing.records.store.read('audit')) {
      if (topic === kind) found.push(JSON.parse(body));
    }
    return found;
  };

  test('one is added, lets in, and is removed', async () => {
    const page = await open();
    await logIn(page);
    await page.getByText('You have none yet.').waitFor();
    await add(page, 'Laptop of Ada');
    await said(page, '"Laptop of Ada" was added.');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('passkeys-title');
    expect(await page.textContent('#passkeys-list')).toContain('never used, on one device only');
    expect(await page.inputValue('#passkey-password')).toBe('');
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    await logOut(page);
    await page.click('#passkey-login');
    await page.locator('#passkeys-list', { hasText: 'last used' }).waitFor();
    expect((await events('console-login')).at(-1)).toMatchObject({
      actor: { type: 'admin', name: ADMIN },
      by: 'passkey',
    });

    const remove = page.getByRole('button', { name: 'Remove Laptop of Ada' });
    await remove.click();
    await page.getByRole('dialog', { name: 'Remove the passkey "Laptop of Ada"?' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#confirm')).toBe(false);
    expect(await remove.evaluate((button) => button === document.activeElement)).toBe(true);
    await remove.click();
    await page.fill('#confirm-password', PASSWORD);
    await page.fill('#confirm-code', code());
    await page.keyboard.press('Enter');
    await said(page, '"Laptop of Ada" was removed.');
    await page.getByText('You have none yet.').waitFor();
    await logOut(page);
    await page.click('#passkey-login');
    await said(page, 'The passkey was not accepted.');
    expect((await events('passkey-changed')).map(({ change }) => change)).toEqual([
      'added',
      'removed',
    ]);
  });

  test('an answer that is sent again lets nobody in', async () => {
    const page = await open();
    await logIn(page);
    await add(page, 'Key');
    await said(page, '"Key" was added.');
    await logOut(page);
    const sent = page.waitForRequest('**/console/api/passkey/login');
    await page.click('#passkey-login');
    await page.locator('#passkeys-list', { hasText: 'last used' }).waitFor();
    const body = (await sent).postData() ?? '';
    const again = await running.post('/console/api/passkey/login', body);
    expect(again.status).toBe(401);
    expect((await events('passkey-refused')).at(-1)).toMatchObject({ reason: 'challenge' });
  });

  test('a counter that has gone back lets nobody in', async () => {
    const page = await open();
    await logIn(page);
    await add(page, 'Key');
    await said(page, '"Key" was added.');
    await logOut(page);
    await running.access.run('UPDATE passkey SET counter = counter + 100');
    await page.click('#passkey-login');
    await said(page, 'The passkey was not accepted.');
    expect((await events('passkey-refused')).at(-1)).toMatchObject({ reason: 'counter' });
  });

  test('a page at another origin has none, and its answers let nobody in', async () => {
    const page = await open();
    await logIn(page);
    await add(page, 'Key');
    await said(page, '"Key" was added.');
    await logOut(page);
    // to the browser it is the same relying party, to the server another page
    usePasskeysAt('https://localhost:8443');
    await page.route('**/console/api/passkey', async (route) => {
      const response = await route.fetch();
      const { passkey } = await response.json();
      await route.fulfill({ response, json: { passkey: { ...passkey, origin } } });
    });
    await page.click('#passkey-login');
    await said(page, 'The passkey was not accepted.');
    expect((await events('passkey-refused')).at(-1)).toMatchObject({ reason: 'origin' });
    await page.unroute('**/console/api/passkey');
    await page.reload();
    await page.getByText('Passkeys work at https://localhost:8443 only.').waitFor();
    expect(await page.isVisible('#passkey-login')).toBe(false);
    await logIn(page);
    await said(page, 'Passkeys work at https://localhost:8443 only.');
    expect(await page.isVisible('#passkey-form')).toBe(false);
  });

  test('wrong ones lock the source out, passwords too', async () => {
    const page = await open();
    await logIn(page);
    await add(page, 'Key');
    await said(page, '"Key" was added.');
    await logOut(page);
    await running.access.run('DELETE FROM passkey');
    for (let i = 0; i < 5; i++) {
      const answer = page.waitForResponse('**/console/api/passkey/login');
      await page.click('#passkey-login');
      await answer;
    }
    await page.click('#passkey-login');
    await said(page, 'Too many wrong logins. Try again in 30 seconds.');
    // the other tests need a server that has locked nobody out
    await running.server.stop();
    await start();
  });

  test('nobody is let in who was not verified, and nothing is added', async () => {
    const page = await open({ verified: false });
    await logIn(page);
    await add(page, 'Key');
    await said(page, 'No passkey was used');
    await page.getByText('You have none yet.').waitFor();
    await logOut(page);
    await page.click('#passkey-login');
    await said(page, 'No passkey was used');
  });

  test('the same authenticator is not added twice, and a wrong code adds none', async () => {
    const page = await open();
    await logIn(page);
    await add(page, 'Key');
    await said(page, '"Key" was added.');
    await add(page, 'Key again');
    await said(page, 'has a passkey for you already');
    await page.fill('#passkey-password', PASSWORD);
    await page.fill('#passkey-code', '000000');
    await page.keyboard.press('Enter');
    await said(page, 'Password or code is wrong.');
    expect(await page.locator('#passkeys-list li').count()).toBe(1);
  });

  test('there are none where no origin is set', async () => {
    const page = await open();
    usePasskeysAt(undefined);
    await page.reload();
    await page.locator('#login').waitFor();
    expect(await page.isVisible('#passkey-login')).toBe(false);
    await logIn(page);
    expect(await page.isVisible('#passkeys-link')).toBe(false);
  });

  test('all of it works by keyboard, has names, and fits small screens in both colours', async () => {
    const page = await open({ width: 360 });
    const inspect = (name: string) => expectUsable(page, name);
    await inspect('login');
    await plugIn(page);
    await logIn(page);
    await page.locator('#passkey-form').waitFor();
    await page.focus('#passkey-name');
    for (const text of ['Security key in the safe of the second floor', PASSWORD, code()]) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await said(page, 'was added.');
    await inspect('passkeys');
    await page.setViewportSize({ width: 1100, height: 900 });
    await inspect('passkeys-wide');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Remove Security key in the safe of the second floor',
    );
  });
});
