/** The operator console in a real browser, against a server that has something to show. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { homePages } from '../../server/web/mod.ts';
import {
  ADMIN,
  cookieOf,
  issueKeys,
  PASSWORD,
  startWatched,
  type Watched,
} from '../server/support/console.ts';
import { base64, picture } from '../server/support/fake-faces.ts';
import { oneTimePassword, stepOf } from '../../server/core/access/totp.ts';
import { licensed } from '../server/support/licences.ts';
import { startFake } from '../server/support/running.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import {
  openDetails,
  overflowPx,
  structureFaults,
  unnamed,
  weakContrasts,
} from './support/inspection.ts';

setDefaultTimeout(60_000);

const SELFIE = '/api/v1/matchWithSelfie';

/** Fragment of each section and its heading. */
const SECTIONS = [
  ['live', 'Live'],
  ['trust', 'Trust store'],
  ['models', 'Models'],
  ['licence', 'Licence'],
  ['audit', 'Audit trail'],
  ['clients', 'Clients'],
  ['settings', 'Configuration'],
  ['account', 'Account'],
] as const;

describeWithBrowser('the operator console', () => {
  let browser: Browser;
  let running: Watched;
  let current: Visit | undefined;

  beforeAll(async () => {
    running = await startWatched(homePages);
    browser = await launch();
    await work();
  });
  afterAll(async () => {
    await browser.close();
    await running.server.stop();
  });
  afterEach(async () => {
    const complaints = current?.complaints ?? [];
    await current?.page.context().close();
    current = undefined;
    expect(complaints).toEqual([]);
  });

  const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });

  /** A match, a refused request, two ratings of liveness. */
  async function work(): Promise<void> {
    const faces = { image: image('face 0'), imageToVerifyAgainst: image('face 0') };
    await running.post(SELFIE, { ...faces, level: 'HIGH' });
    await running.post(SELFIE, {});
    for (const score of [0.2, 0.95]) {
      const probe = base64(picture(`face 0 1 ${score}`));
      await running.post('/api/v1/face/as', { image: probe, threshold: 'LOW' });
    }
  }

  /** The state of a browser in which an administrator has logged in. */
  function loggedIn({ session }: Watched): BrowserContextOptions {
    const [name, value] = cookieOf(session).split('=');
    const cookie = { name, value, domain: '127.0.0.1', path: '/', expires: -1 };
    return {
      storageState: {
        cookies: [{ ...cookie, httpOnly: true, secure: true, sameSite: 'Strict' }],
        origins: [],
      },
    };
  }

  async function open(
    section = '',
    options: BrowserContextOptions = {},
    server = running,
  ): Promise<Page> {
    const at = `${server.server.url}console${section && `#${section}`}`;
    current = await visit(browser, at, { ...loggedIn(server), ...options });
    await current.page.locator('#about', { hasText: 'running since' }).waitFor();
    return current.page;
  }

  /** Goes to a section and waits for what it shows. */
  async function show(page: Page, section: string): Promise<void> {
    await page.click(`.index a[href="#${section}"]`);
    await page.locator(`#${section} :is(tbody tr, dl, .entries li)`).first().waitFor();
  }

  const requests = (page: Page) =>
    page.locator('#endpoints tr', { hasText: SELFIE }).locator('td').first();

  /** Fills the form of the login in. */
  async function logIn(page: Page, password = PASSWORD): Promise<void> {
    await running.access.run('UPDATE admin SET last_step = 0');
    await page.fill('#name', ADMIN);
    await page.fill('#password', password);
    await page.fill('#code', oneTimePassword(running.secret, stepOf(Date.now())));
    await page.keyboard.press('Enter');
  }

  test('asks who one is, lets in who is right, and out who wants to go', async () => {
    current = await visit(browser, `${running.server.url}console#clients`);
    const { page } = current;
    await page.locator('#login').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('name');
    expect(await page.isVisible('#index')).toBe(false);
    for (const colorScheme of ['light', 'dark'] as const) {
      // without it colours would still be on their way
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await weakContrasts(page)).toEqual([]);
    }
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflowPx(page)).toBe(0);
    await logIn(page, 'wrong password');
    await page.locator('#problem', { hasText: 'Name, password or code is wrong.' }).waitFor();
    await logIn(page);
    await page.locator('#clients tbody tr').first().waitFor();
    expect(await page.isVisible('#problem')).toBe(false);
    await page.click('#logout');
    await page.locator('#login').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(0);
    expect(await page.inputValue('#password')).toBe('');
    // of an answer of 401 the browser says so itself
    current.complaints.splice(0);
  });

  test('takes away what it shows when the session ends', async () => {
    const page = await open();
    await page.locator('#endpoints tbody tr').first().waitFor();
    await running.access.run('UPDATE session SET seen_ms = 0 WHERE admin = ?', ADMIN);
    await page.locator('#problem', { hasText: 'The session has ended.' }).waitFor();
    expect(await page.isVisible('#login')).toBe(true);
    expect(await page.locator('tbody tr, svg.chart').count()).toBe(0);
    await logIn(page);
    await page.locator('#endpoints tbody tr').first().waitFor();
    // the other tests go on with the session that this one began
    const [cookie] = await page.context().cookies();
    running = { ...running, session: cookie.value };
    current?.complaints.splice(0);
  });

  test('says what to do where nobody can log in', async () => {
    const plain = startFake({}, homePages);
    current = await visit(browser, `${plain.server.url}console`);
    const { page } = current;
    await page.locator('#problem', { hasText: 'gatehouse admin create' }).waitFor();
    expect(await page.isVisible('#login')).toBe(false);
    current.complaints.splice(0);
    await page.context().close();
    await plain.server.stop();
  });

  test('shows requests, outcomes and scores, and new ones without being asked', async () => {
    const page = await open();
    const before = Number(await requests(page).textContent());
    expect(before).toBeGreaterThanOrEqual(2);
    await work();
    await page.locator(`#endpoints tr:has-text("${SELFIE}") td`, {
      hasText: new RegExp(`^${before + 2}$`),
    }).first().waitFor();
    const outcomes = await page.textContent('#outcomes');
    for (const said of ['HIGHEST', 'Live', 'Spoof', 'ERROR_INVALID']) {
      expect(outcomes).toContain(said);
    }
    const scores = page.locator('#scores').getByRole('img');
    expect(await scores.getAttribute('aria-label')).toMatch(
      /^Liveness scores since the start: \d+ ratings, [1-9]\d* below 0.5, [1-9]\d* at 0.5 or above$/,
    );
  });

  test('says in words what the charts show, and has it as tables', async () => {
    const page = await open();
    const charts = page.locator('#tiles').getByRole('img');
    const labels = await charts.evaluateAll((all) =>
      all.map((chart) => chart.getAttribute('aria-label'))
    );
    expect(labels.length).toBe(4);
    // one worker is busy all the time, and nothing ever waits
    expect(labels[2]).toBe(
      'Queue, last 15 minutes: now 0 waiting, 1 of 4 workers busy, highest 0',
    );
    for (const label of labels) expect(label).toMatch(/, last 15 minutes: now .+, highest .+$/);
    await page.click('#history summary');
    await page.locator('#history-table tbody tr').first().waitFor();
    const cells = await page.locator('#history-table tbody tr').first().locator('th, td')
      .allTextContents();
    expect(cells[0]).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(cells.length).toBe(7);
    await page.click('#scores-details summary');
    const row = page.locator('#scores-table tr', { hasText: '0.90 – 0.95' });
    expect(Number(await row.locator('td').last().textContent())).toBeGreaterThan(0);
  });

  test('stands still when told to, and goes on', async () => {
    const page = await open();
    await page.click('#pause');
    expect(await page.getAttribute('#pause', 'aria-pressed')).toBe('true');
    const before = await page.textContent('#about');
    let asked = 0;
    await page.route('**/console/api/overview', (route) => {
      asked++;
      return route.continue();
    });
    await page.waitForTimeout(4500);
    expect([asked, await page.textContent('#about')]).toEqual([0, before]);
    const answer = page.waitForResponse('**/console/api/overview');
    await page.click('#pause');
    await answer;
  });

  test('keeps the place and the focus of who reads a table while it is renewed', async () => {
    const page = await open();
    const frame = page.locator('#endpoints .scroll');
    await frame.focus();
    const places = ['#tiles strong', '#tiles svg path', '#endpoints td', '#outcomes td'];
    const held = await page.evaluateHandle(
      (all) => all.map((place) => document.querySelector(place)),
      places,
    );
    const before = Number(await requests(page).textContent());
    await work();
    await page.locator('#endpoints td', { hasText: new RegExp(`^${before + 2}$`) }).first()
      .waitFor();
    expect(await held.evaluate((all) => all.map((node) => node?.isConnected))).toEqual(
      places.map(() => true),
    );
    expect(await frame.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('can be used with the keyboard alone', async () => {
    const page = await open();
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: element } = document;
        return element?.id || element?.getAttribute('href') || element?.getAttribute('aria-label');
      });
    const tabTo = async (wanted: string) => {
      for (let i = 0; i < 30 && await focused() !== wanted; i++) await page.keyboard.press('Tab');
      expect(await focused()).toBe(wanted);
    };
    await tabTo('#trust');
    expect(await page.$eval(':focus', (link) => getComputedStyle(link).outlineWidth)).toBe('3px');
    await page.keyboard.press('Enter');
    await page.locator('#countries tbody tr').first().waitFor();
    expect(await focused()).toBe('trust-title');
    expect(await page.title()).toBe('Trust store · Console · Gatehouse');
    await tabTo('Countries');
    await tabTo('validity');
    await page.keyboard.press('End');
    expect(await page.locator('#certificates tbody tr').count()).toBe(5);
    await page.goBack();
    await page.locator('#live').waitFor();
    expect(await page.isVisible('#trust')).toBe(false);
  });

  test('shows states by name, and what ends soon', async () => {
    const page = await open('trust');
    await page.locator('#countries tbody tr').first().waitFor();
    expect(await page.locator('#countries tbody th').allTextContents()).toEqual([
      'France',
      'Germany',
      'Netherlands',
      'UT',
    ]);
    expect(await page.locator('#countries tr', { hasText: 'France' }).textContent()).toContain(
      '100 days, due',
    );
    expect(await page.locator('#certificates tbody th').allTextContents()).toEqual([
      'C=DE, CN=CSCA DE 2',
      'C=FR, CN=CSCA FR 3',
      'C=NL, CN=CSCA NL 4',
    ]);
    await page.selectOption('#country', 'DE');
    expect(await page.textContent('#certificates-count')).toBe('1 of 5 certificates');
    await page.selectOption('#validity', 'expired');
    expect(await page.textContent('#certificates')).toBe('No certificate is like that.');
  });

  test('shows the pack, the levels it supports and its cards', async () => {
    const page = await open('models');
    await page.locator('#networks tbody tr').first().waitFor();
    expect(await page.textContent('#liveness-data')).toContain('synthetic attacks only');
    const level = (name: string) =>
      page.getByRole('row', { name: new RegExp(`^${name} `) }).locator('td').first();
    expect(await level('LOW').textContent()).toBe('yes');
    expect(await level('HIGHEST').textContent()).toBe('no');
    await page.getByText('dlib face recognition ResNet').last().click();
    expect(await page.isVisible('.model-card h4:text("Known limits")')).toBe(true);
  });

  test('shows licence, clients and settings', async () => {
    const page = await open('licence');
    await page.locator('#licence dl').waitFor();
    expect(await page.textContent('#licence .standing')).toMatch(/^valid: /);
    expect(await page.getByRole('meter', { name: 'Used volume' }).isVisible()).toBe(true);
    await show(page, 'clients');
    expect(await page.locator('#clients tbody th').allTextContents()).toEqual(['bank', 'kiosk']);
    await show(page, 'settings');
    expect(await page.textContent('#settings tr:has-text("template_encryption_key")')).toContain(
      'set',
    );
  });

  test('shows API keys, with those that end soon marked and first', async () => {
    const other = await startWatched(homePages);
    await issueKeys(other);
    const page = await open('clients', {}, other);
    const keys = page.getByRole('table', { name: 'API keys' });
    await keys.locator('tbody tr').first().waitFor();
    expect(await keys.locator('tbody th').allTextContents()).toEqual([
      'teller',
      'branch',
      'kiosk',
      'pilot',
      'lost',
    ]);
    const states = keys.locator('tbody td:nth-child(3)');
    expect(await states.allTextContents()).toEqual([
      'Ends within 30 days',
      'Valid',
      'Valid',
      'Expired',
      'Revoked',
    ]);
    expect(await states.first().getAttribute('class')).toContain('fair');
    const frame = page.getByRole('region', { name: 'API keys' });
    await frame.focus();
    expect(await frame.evaluate((element) => element === document.activeElement)).toBe(true);
    const { SCREENSHOTS: folder } = process.env;
    for (const width of [1100, 360]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await weakContrasts(page)).toEqual([]);
        if (folder) {
          await page.screenshot({ path: `${folder}/keys-${width}-${colorScheme}.png` });
        }
      }
      expect(await overflowPx(page)).toBe(0);
    }
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    await page.context().close();
    await other.server.stop();
  });

  test('searches the audit trail', async () => {
    const page = await open('audit');
    await page.locator('#audit tbody tr').first().waitFor();
    await page.fill('#audit-text', 'ada');
    await page.keyboard.press('Enter');
    await page.locator('#audit-count', { hasText: /^1 record$/ }).waitFor();
    expect(await page.textContent('#audit tbody')).toContain('ledger-reported');
    await page.fill('#audit-text', '<b>nothing</b>');
    await page.click('#audit-form button');
    await page.getByText('No record is like that.').waitFor();
  });

  test('goes further back in a long trail', async () => {
    const licensing = licensed();
    for (let i = 0; i < 120; i++) {
      await licensing.records.audit.record({
        kind: 'docval-session',
        session: `${i}`,
        protocol: 'v1',
      });
    }
    const other = await startWatched(homePages, { licensing });
    const page = await open('audit', {}, other);
    await page.locator('#audit-count', { hasText: '100 records; there are older' }).waitFor();
    await page.click('#audit-older');
    await page.locator('#audit-count', { hasText: /^120 records$/ }).waitFor();
    expect(await page.isVisible('#audit-older')).toBe(false);
    await page.context().close();
    await other.server.stop();
  });

  test('says when the server does not answer, and when it does again', async () => {
    const page = await open();
    await page.route('**/console/api/overview', (route) => route.abort());
    const problem = page.getByRole('status').locator('#problem');
    await problem.filter({ hasText: 'does not answer' }).waitFor();
    await page.unroute('**/console/api/overview');
    await problem.waitFor({ state: 'hidden' });
    // the browser says itself that it got no answer
    current?.complaints.splice(0);
  });

  test('says that the engine is not ready', async () => {
    running.faces.ready = false;
    const page = await open();
    await page.locator('#problem', { hasText: 'not ready' }).waitFor();
    running.faces.ready = true;
    await page.locator('#problem').waitFor({ state: 'hidden' });
  });

  test('announces itself: names, structure, landmarks', async () => {
    const page = await open();
    for (const [section, name] of SECTIONS) {
      await show(page, section);
      await openDetails(page);
      expect(await unnamed(page)).toEqual([]);
      expect(await structureFaults(page)).toEqual([]);
      expect(await page.getByRole('region', { name, exact: true }).first().isVisible()).toBe(true);
      const link = page.getByRole('link', { name, exact: true });
      expect(await link.getAttribute('aria-current')).toBe('page');
    }
    const sections = page.getByRole('navigation', { name: 'Sections of the console' });
    expect(await sections.getByRole('link').count()).toBe(SECTIONS.length);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has readable contrast in ${colorScheme} colours`, async () => {
      const page = await open('', { colorScheme });
      for (const [section] of SECTIONS) {
        await show(page, section);
        await openDetails(page);
        expect(await weakContrasts(page)).toEqual([]);
      }
    });
  }

  test.each([320, 360, 768])('fits a screen of %d pixels', async (width) => {
    const page = await open('', { viewport: { width, height: 640 } });
    for (const [section] of SECTIONS) {
      await show(page, section);
      await openDetails(page);
      expect([section, await overflowPx(page)]).toEqual([section, 0]);
    }
  });

  test('has nothing that moves by itself', async () => {
    const page = await open('', { reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  test('shows no settings where the server was not started from any', async () => {
    const plain = await startWatched(homePages, { settings: undefined, docval: undefined });
    const page = await open('', {}, plain);
    await page.locator('#outcomes', { hasText: 'Nothing has been decided' }).waitFor();
    expect(await page.isVisible('#settings-link')).toBe(false);
    await page.click('.index a[href="#trust"]');
    await page.locator('#trust-summary', { hasText: 'gatehouse pki import' }).waitFor();
    expect(await page.isVisible('#trust-contents')).toBe(false);
    await page.context().close();
    await plain.server.stop();
  });
});
