/** The page of the DocVal demonstration in a real browser, against the real server and its specimen chips. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../server/mod.ts';
import { SPECIMEN_IDS, type SpecimenId } from '../../server/docval-demo/answer.ts';
import { homePages } from '../../server/web/mod.ts';
import { fakeFaces } from '../server/support/fake-faces.ts';
import { describeWithBrowser, launch, type Visit, visit } from './support/browser.ts';
import {
  openDetails,
  overflowPx,
  structureFaults,
  unnamed,
  weakContrasts,
} from './support/inspection.ts';

setDefaultTimeout(60_000);

const GENUINE = 'Genuine';
const UNPROVEN = 'Genuine data, chip not proven';
const FORGED = 'Do not accept: data not genuine';
const CLONED = 'Do not accept: chip not genuine';

/** What the page says of each specimen: the verdict, the checks that failed, a part of the reason. */
const SAID: Record<SpecimenId, { headline: string; failed: string[]; reason?: string }> = {
  'pace-ca': { headline: GENUINE, failed: [] },
  'pace-cam': { headline: GENUINE, failed: [] },
  'aa-rsa': { headline: GENUINE, failed: [] },
  'bac': { headline: UNPROVEN, failed: [] },
  'cloned': {
    headline: CLONED,
    failed: ['The chip is the original (chip authentication)'],
    reason: 'chip-authentication.proof',
  },
  'tampered-photo': {
    headline: FORGED,
    failed: [
      'The data is genuine (passive authentication)',
      'Every file is the one that was signed',
      'DG2',
    ],
    reason: 'the hash is not the one in the security object',
  },
  'expired-signer': {
    headline: FORGED,
    failed: [
      'The data is genuine (passive authentication)',
      'Its signer leads to a trusted state',
    ],
    reason: 'signer.validity-period',
  },
  'stranger': {
    headline: FORGED,
    failed: [
      'The data is genuine (passive authentication)',
      'Its signer leads to a trusted state',
    ],
    reason: 'anchor.found',
  },
};

describeWithBrowser('the page of the DocVal demonstration', () => {
  let browser: Browser;
  let server: RunningServer;
  let current: Visit | undefined;
  const log: string[] = [];

  beforeAll(async () => {
    // as after "npm start": no setting at all but the port
    server = startServer(loadConfig({}, { port: 0 }), {
      faces: fakeFaces(),
      log: createLogger('info', (line) => log.push(line)),
      pages: homePages,
    });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  afterEach(async () => {
    const complaints = current?.complaints ?? [];
    await current?.page.context().close();
    current = undefined;
    expect(complaints).toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    current = await visit(browser, `${server.url}docval`, options);
    // sockets of the page are its own business as long as they lead to its server
    const { page, complaints } = current;
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).host !== new URL(server.url).host) complaints.push(socket.url());
    });
    await page.locator('#form').waitFor();
    return page;
  }

  const finished = (page: Page) => page.locator('#status', { hasText: 'Finished.' }).waitFor();

  async function verify(page: Page, id: SpecimenId, pace: 'air' | 'none' = 'none'): Promise<void> {
    await page.check(`#specimen-${id}`);
    await page.check(`#pace-${pace}`);
    await page.click('#verify');
    await page.locator('body:not(.busy) #result').waitFor();
    await finished(page);
  }

  const failedChecks = (page: Page) =>
    page.locator('#checks li.failed:not(details *) > .line > .name').allTextContents();

  test('offers every specimen, says that they are specimens, and begins with the usual passport', async () => {
    const page = await open();
    const ids = await page.$$eval(
      'input[name=specimen]',
      (all) => all.map((input) => (input as HTMLInputElement).value),
    );
    expect(ids).toEqual([...SPECIMEN_IDS]);
    expect(await page.isChecked('#specimen-pace-ca')).toBe(true);
    expect(await page.textContent('main')).toContain('only this demonstration trusts them');
  });

  test('tells the verdict of the server on every specimen, one after the other', async () => {
    const page = await open();
    for (const id of SPECIMEN_IDS) await tellsVerdict(page, id);
  });

  async function tellsVerdict(page: Page, id: SpecimenId): Promise<void> {
    const before = log.length;
    await verify(page, id);
    const { headline, failed, reason } = SAID[id];
    expect(await page.textContent('#headline')).toBe(headline);
    expect(await page.textContent('#status')).toBe(`Finished. ${headline}.`);
    expect(await failedChecks(page)).toEqual(failed);
    if (reason !== undefined) {
      expect(
        (await page.locator('#checks .failed:not(details *) > .reason').allTextContents()).join(
          '\n',
        ),
      )
        .toContain(reason);
    }
    const steps = await page.locator('#steps li').allTextContents();
    expect(steps[0]).toMatch(/^Open the chip with its key \d+\sms, \d+ commands$/);
    expect(steps.at(-1)).toMatch(/^Passive authentication \d+\sms$/);
    expect(await page.textContent('#totals')).toMatch(
      /\d+\sms in all, \d+\sms of them for \d+ ans/,
    );

    const width = await page.$eval('#portrait', async (image) => {
      await (image as HTMLImageElement).decode();
      return (image as HTMLImageElement).naturalWidth;
    });
    expect(width).toBe(240);
    expect(await page.textContent('#data')).toContain('ANNA MARIA ERIKSSON');
    // the page only shows what the session code of the server found
    const line = log.slice(before).find((text) => text.includes('docval-session')) ?? '{}';
    const passive = headline !== FORGED;
    expect(JSON.parse(line)).toMatchObject({ outcome: 'DONE', passive_authentication: passive });
    const json = JSON.parse(await page.textContent('#json-text') ?? '');
    expect(json.emrtd_passport.passive_authentication).toBe(passive);
  }

  test('names the trust anchor and the files whose hashes were compared', async () => {
    const page = await open();
    await verify(page, 'aa-rsa');
    const checks = await page.textContent('#checks');
    expect(checks).toContain('Rests on C=UT, O=Specimen, CN=CSCA, serial number 1001');
    expect(checks).toMatch(/SHA-256 [0-9a-f]{64}/);
    expect(await page.locator('#checks ul ul .name:not(details *)').allTextContents()).toEqual([
      'DG1',
      'DG2',
      'DG15',
    ]);
  });

  test('unfolds the single checks, with their names and reasons, by keyboard', async () => {
    const page = await open();
    await verify(page, 'pace-ca');
    const signature = page.locator('#checks details').first();
    const summary = signature.locator('summary');
    expect(await summary.textContent()).toMatch(/^\d+ single checks$/);
    expect(await signature.getByText('message-digest').isVisible()).toBe(false);
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await signature.getByText('message-digest').isVisible()).toBe(true);
    expect(await signature.textContent()).toContain(
      'the SHA-256 digest of the content is the signed one',
    );
  });

  test('shows the steps while the chip is read, and stops when told to', async () => {
    const page = await open();
    let answers = 0;
    await page.routeWebSocket(/\/docval\/chip/, (route) => {
      const chip = route.connectToServer();
      // opening takes 13 answers; then the chip goes silent
      chip.onMessage((answer) => {
        if (++answers <= 15) route.send(answer);
      });
    });
    await page.check('#specimen-pace-ca');
    await page.click('#verify');
    await page.locator('#steps li.running', { hasText: 'security object' }).waitFor();
    expect(await page.locator('#steps li.done').count()).toBe(1);
    expect(await page.textContent('#status')).toBe('Reading: Passport as usual.');
    expect(await page.getAttribute('#verify', 'aria-disabled')).toBe('true');
    await page.click('#stop');
    await page.locator('#problem', { hasText: 'Stopped.' }).waitFor();
    expect(await page.isVisible('#result')).toBe(false);
    expect(await page.locator('#steps li').last().textContent()).toContain('ended here');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('verify');
    while (!log.at(-1)?.includes('CANCELLED_BY_USER')) await page.waitForTimeout(20);
    // 1001 may not be used by scripts
    expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({ close_code: 4001 });
    answers = -1000;
    await verify(page, 'pace-ca');
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test('can be used with the keyboard alone', async () => {
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    const tabTo = async (id: string) => {
      for (let i = 0; i < 20 && await focused() !== id; i++) await page.keyboard.press('Tab');
      expect(await focused()).toBe(id);
    };
    await tabTo('specimen-pace-ca');
    const outline = await page.$eval(
      '#specimen-pace-ca + label',
      (label) => getComputedStyle(label).outlineWidth,
    );
    expect(outline).toBe('3px');
    for (const id of SPECIMEN_IDS) {
      expect(await page.evaluate(() => document.activeElement?.getAttribute('value'))).toBe(id);
      if (id !== SPECIMEN_IDS.at(-1)) await page.keyboard.press('ArrowDown');
    }
    await tabTo('pace-air');
    await page.keyboard.press('ArrowRight');
    await tabTo('verify');
    await page.keyboard.press('Enter');
    await finished(page);
    expect(await page.textContent('#headline')).toBe(FORGED);
    await tabTo('json-title');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('#json-text')).toBe(true);
    await tabTo('json-text');
  });

  test('announces itself: names, structure, live regions, nested lists', async () => {
    const page = await open();
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    await verify(page, 'tampered-photo');
    expect(await unnamed(page)).toEqual([]);
    expect(await structureFaults(page)).toEqual([]);
    const radio = page.getByRole('radio', { name: 'Cloned chip' });
    expect(await radio.getAttribute('aria-describedby')).toBe('about-cloned');
    expect(await page.getAttribute('#status', 'aria-live')).toBe('polite');
    const steps = page.getByRole('log', { name: 'What the server does' });
    expect(await steps.getByRole('listitem').count()).toBeGreaterThan(5);
    const tree = page.locator('#checked').getByRole('list');
    expect(await tree.count()).toBe(4);
    const branch = page.locator('#checks li.failed:not(details *)').last();
    expect(await branch.ariaSnapshot()).toContain('DG2 failed');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has readable contrast in ${colorScheme} colours`, async () => {
      const page = await open({ colorScheme });
      expect(await weakContrasts(page)).toEqual([]);
      for (const id of ['pace-ca', 'bac', 'cloned', 'expired-signer'] as const) {
        await verify(page, id);
        await openDetails(page);
        expect(await weakContrasts(page)).toEqual([]);
      }
    });
  }

  test.each([320, 360, 768])('fits a screen of %d pixels', async (width) => {
    const page = await open({ viewport: { width, height: 640 } });
    expect(await overflowPx(page)).toBe(0);
    for (const id of ['pace-ca', 'stranger'] as const) {
      await verify(page, id);
      await openDetails(page);
      expect(await overflowPx(page)).toBe(0);
    }
  });

  test('moves nothing for those who asked for less motion', async () => {
    const page = await open({ reducedMotion: 'reduce' });
    await page.click('#verify');
    const step = page.locator('#steps li.running').first();
    await step.waitFor();
    const names = await page.$$eval(
      '#steps li',
      (items) => items.map((item) => getComputedStyle(item, '::before').animationName),
    );
    expect(new Set(names)).toEqual(new Set(['none']));
    await page.locator('body:not(.busy) #result').waitFor();
  });

  test('says that browsers do not show JPEG 2000', async () => {
    const page = await open();
    await page.evaluate(() => {
      // The client reads the result as text; a portrait of another kind is put into it on the way.
      const parse = JSON.parse;
      JSON.parse = (text: string) => {
        const value = parse(text);
        if (value.emrtd_passport) value.emrtd_passport.face_photo = 'AAAADGpQICANCocK';
        return value;
      };
    });
    await verify(page, 'pace-ca');
    expect(await page.textContent('#no-portrait')).toContain('JPEG 2000');
    expect(await page.isVisible('#portrait')).toBe(false);
  });

  test('says what to do when the server was restarted behind it', async () => {
    const page = await open();
    await page.routeWebSocket(/\/docval\/session/, (route) => {
      route.send(JSON.stringify({ close_code: 4401, close_reason: 'INVALID_CLIENT_ID' }));
      void route.close({ code: 4401, reason: 'INVALID_CLIENT_ID' });
    });
    await page.click('#verify');
    await page.locator('#problem', { hasText: 'load this page again' }).waitFor();
    expect(await page.isVisible('#result')).toBe(false);
    // the browser remarks that the chip was taken off before it was there
    current?.complaints.splice(0);
  });

  test('says that the demonstration is off, and how to switch it on', async () => {
    const closed = startServer(loadConfig({}, { port: 0, docvalDemo: 'off' }), {
      faces: fakeFaces(),
      log: createLogger('error', () => {}),
      pages: homePages,
    });
    current = await visit(browser, `${closed.url}docval`);
    await current.page.locator('#off', { hasText: 'GATEHOUSE_DOCVAL_DEMO=on' }).waitFor();
    expect(await current.page.isVisible('#form')).toBe(false);
    expect(await current.page.isVisible('#verify')).toBe(false);
    await current.page.context().close();
    await closed.stop();
  });

  test('is a step away from the compare page, and back', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Compare faces' }).click();
    await page.locator('#slot-a').waitFor();
    await page.getByRole('link', { name: 'Passport chip' }).click();
    await page.locator('#form').waitFor();
    // the compare page asks for an engine that this server does not have
    current?.complaints.splice(0);
  });
});
