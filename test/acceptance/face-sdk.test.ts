/**
 * The Face SDK in a real browser before a fake camera: what it captures opens on the server, and what goes
 * wrong has the documented code.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { decodePicture } from '../../biometrics/image/mod.ts';
import { type DetectorVerdict, judgeFeed } from '../../biometrics/liveness/mod.ts';
import { type Capture, parseCapture } from '../../server/identy/capture.ts';
import { NonceCache } from '../../server/core/replay/nonce-cache.ts';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../server/mod.ts';
import type * as Sdk from '../../server/web/face-sdk/face-sdk.d.ts';
import { homePages } from '../../server/web/mod.ts';
import { defaultDetector, defaultPack } from '../biometrics/support/engine.ts';
import { Pyramid } from '../../biometrics/align/pyramid.ts';
import { fakeFaces } from '../server/support/fake-faces.ts';
import { type CameraSetup, describeWithBrowser, launch, visit } from './support/browser.ts';
import { AHEAD_MS, capture, failureOf, PUBLISHED_KEY, unseal } from './support/face-sdk.ts';
import { film } from './support/fake-camera.ts';
import { unnamed, weakContrasts } from './support/inspection.ts';

setDefaultTimeout(90_000);

type Options = Sdk.SdkOptions;

/** What the server makes of the frames of a capture. */
function feedOf({ description, frames }: Capture): DetectorVerdict {
  const sent = frames.map((bytes, i) => ({ bytes, timeMs: description.frames[i].time_ms }));
  return judgeFeed([...sent.slice(1), sent[0]]);
}

describeWithBrowser('the Face SDK', () => {
  let server: RunningServer;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    const faces = { ...fakeFaces(), pack: await defaultPack() };
    server = startServer(loadConfig({}, { port: 0 }), {
      faces,
      log: createLogger('error', () => {}),
      pages: homePages,
    });
  });
  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await server.stop();
  });

  /** A page of the server with the SDK in it; key and time are those of this test. */
  async function open(setup: CameraSetup = {}, size = { width: 1100, height: 900 }) {
    const browser = await launch(setup);
    browsers.push(browser);
    const url = new URL('/docval', server.url).href;
    const visited = await visit(browser, url, {
      viewport: size,
      permissions: setup.allowed === false ? [] : ['camera'],
    });
    const { page } = visited;
    const octets = (body: string) => ({ contentType: 'application/octet-stream', body });
    await page.route('**/api/v1/pub_key', (route) => route.fulfill(octets(PUBLISHED_KEY)));
    await page.route(
      '**/api/v1/time',
      (route) => route.fulfill(octets(String(Date.now() + AHEAD_MS))),
    );
    page.setDefaultTimeout(60_000);
    return visited;
  }

  test('captures a face that the server can open, with the motion before it', async () => {
    const { page, complaints } = await open({ film: await film('face') });
    const { blob, type, qualities, feedback } = await capture(page, {
      asThreshold: 'HIGH',
      requiredTemplates: ['PNG', 'ISO_19794_5'],
      enableICAOChecks: true,
      backgroundColor: '#12aBCd',
      transaction: { type: 'ENROLL' },
    });
    expect(type).toBe('application/octet-stream');
    expect(feedback).toContain('FEEDBACK_OK');
    expect(qualities).toEqual([expect.objectContaining({ head_pose_check: true })]);
    expect(qualities[0].quality_metric).toBeGreaterThan(0);

    const { payload, packedAtMs } = await unseal(blob);
    expect(Math.abs(packedAtMs - AHEAD_MS - Date.now())).toBeLessThan(30_000);
    const { description, frames } = parseCapture(payload);
    expect(description).toMatchObject({
      sdk: 'gatehouse-face-sdk/0.1.0',
      platform: 'desktop',
      anti_spoofing: { enabled: true, threshold: 'HIGH' },
      templates: ['PNG', 'ISO_19794_5'],
      icao: { checks: true, background_removal: false, background_color: '#12aBCd' },
      eyes_status: true,
      transaction: 'ENROLL',
      camera: { width: 640, height: 480, devices: 1 },
    });
    expect(frames.length).toBeGreaterThanOrEqual(3);
    const times = description.frames.map(({ time_ms }) => time_ms);
    expect(times[0]).toBe(Math.max(...times));
    expect(Math.min(...times)).toBe(0);
    expect(times.slice(1)).toEqual(times.slice(1).toSorted((a, b) => a - b));
    // on a slow machine the film comes round again within the burst
    expect(feedOf({ description, frames }).reason).not.toContain('repeat');
    const detector = await defaultDetector();
    for (const frame of frames) {
      const picture = await decodePicture(frame, { maxSide: 1280 });
      expect([picture.width, picture.height]).toEqual([480, 640]);
      expect(await detector.detect(new Pyramid(picture))).toHaveLength(1);
    }
    expect(complaints).toEqual([]);
  });

  test('a film that stands still gives frames that repeat to the byte', async () => {
    const { page } = await open({ film: await film('frozen') });
    const { blob } = await capture(page, {});
    expect(feedOf(parseCapture((await unseal(blob)).payload))).toMatchObject({
      score: 0,
      confidence: 1,
      reason: 'most frames repeat the one before',
    });
  });

  test('a second capture asks for no network again, and each has a nonce of its own', async () => {
    const { page } = await open({ film: await film('face') });
    const first = await capture(page, {});
    const sizes: number[] = [];
    page.on('response', async (response) => {
      if (response.url().endsWith('/models')) sizes.push((await response.body()).length);
    });
    await page.reload();
    const second = await capture(page, {});
    expect(sizes.length).toBe(2);
    expect(Math.max(...sizes)).toBeLessThan(5000);
    const nonces = new NonceCache(240_000);
    await unseal(first.blob, nonces);
    await unseal(second.blob, nonces);
    await expect(unseal(first.blob, nonces)).rejects.toThrow('seen before');
  });

  test.each(
    [
      ['black', 'FEEDBACK_CHANGE_LIGHT_TOO_DARK'],
      ['faces', 'FEEDBACK_MULTIPLE_FACES'],
      ['far', 'FEEDBACK_FAR'],
    ] as const,
  )('before a film of "%s" it says so until the time is over', async (name, key) => {
    const { page } = await open({ film: await film(name) });
    const failure = await failureOf(page, { captureTimeout: 8000 });
    expect(failure).toMatchObject({ code: 501, feedbackCode: 'FEEDBACK_CAPTURE_TIMEOUT' });
    expect(failure.feedback).toContain(key);
    expect(failure.feedback).not.toContain('FEEDBACK_OK');
    expect(await page.locator('.identy-face-dialog').count()).toBe(0);
  });

  test('without permission: 104, with the text of the options', async () => {
    const { page } = await open({ allowed: false });
    const localization = { FEEDBACK_CAMERA_ACQUIRING_FAILED: 'Keine Kamera' };
    expect(await failureOf(page, { localization })).toMatchObject({
      code: 104,
      message: 'FEEDBACK_CAMERA_ACQUIRING_FAILED',
      feedbackCode: 'FEEDBACK_CAMERA_ACQUIRING_FAILED',
      text: 'Keine Kamera',
    });
  });

  test('without any camera, and with none but a virtual one: 101', async () => {
    const { page } = await open();
    await page.evaluate(() => {
      const { mediaDevices } = navigator, { getUserMedia } = mediaDevices;
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
      Object.assign(globalThis, { getUserMedia: getUserMedia.bind(mediaDevices) });
    });
    const missing = { code: 101, feedbackCode: 'ERROR_NO_INPUT_DEVICES' };
    expect(await failureOf(page, {})).toMatchObject(missing);
    await page.evaluate(() => {
      const { getUserMedia } = globalThis as unknown as MediaDevices;
      navigator.mediaDevices.getUserMedia = getUserMedia;
      const label = { get: () => 'OBS Virtual Camera' };
      Object.defineProperty(MediaStreamTrack.prototype, 'label', label);
      Object.defineProperty(MediaDeviceInfo.prototype, 'label', label);
    });
    expect(await failureOf(page, {})).toMatchObject(missing);
  });

  test('aborted by the page, closed by the button, closed by Escape: 202', async () => {
    const { page } = await open({ film: await film('far') });
    const closed = { code: 202, feedbackCode: 'FEEDBACK_DIALOG_CLOSED' };
    const dialog = page.locator('.ui-dialog.identy-face-dialog.identy-capture-dialog');
    for (
      const close of [
        () => page.evaluate(() => (globalThis as unknown as { sdk: Sdk.FaceSDK }).sdk.abort()),
        () => page.getByRole('button', { name: 'Close' }).click(),
        () => page.keyboard.press('Escape'),
      ]
    ) {
      const failing = failureOf(page, {});
      await dialog.waitFor();
      await page.getByText('Move Close').waitFor();
      await close();
      expect(await failing).toMatchObject(closed);
      expect(await dialog.count()).toBe(0);
    }
  });

  test('closed while the browser still asks for permission: 202, and the camera stays off', async () => {
    const { page } = await open({ film: await film('far') });
    await page.evaluate(() => {
      const { mediaDevices } = navigator, real = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wish) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const stream = await real(wish);
        Object.assign(globalThis, { stream });
        return stream;
      };
    });
    const failing = failureOf(page, {});
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await failing).toMatchObject({ code: 202 });
    await page.waitForFunction(() =>
      (globalThis as unknown as { stream?: MediaStream }).stream?.getTracks()
        .every(({ readyState }) => readyState === 'ended')
    );
  });

  test('a camera that is taken away during the capture: 104', async () => {
    const { page } = await open({ film: await film('far') });
    const failing = failureOf(page, {});
    await page.getByText('Move Close').waitFor();
    await page.locator('.gh-video').evaluate((video: HTMLVideoElement) => {
      const [track] = (video.srcObject as MediaStream).getVideoTracks();
      track.stop();
      track.dispatchEvent(new Event('ended'));
    });
    expect(await failing).toMatchObject({ code: 104 });
  });

  test('stays open where closing is not allowed', async () => {
    const { page } = await open({ film: await film('far') });
    const failing = failureOf(page, { allowClose: false, captureTimeout: 6000 });
    await page.getByText('Move Close').waitFor();
    expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0);
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
    expect(await page.locator('.identy-face-dialog').isVisible()).toBe(true);
    expect(await failing).toMatchObject({ code: 501 });
  });

  test('a server that is not there: 500, under the name of the step', async () => {
    const { page } = await open();
    await page.route('**/api/v1/*', (route) => route.abort());
    expect(
      await page.evaluate(async () => {
        const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
        const failed = (error: Sdk.FaceSDKError) => [error.code, error.message];
        const before = await FaceSDK.preInitialize({ URL: '/api/v1/models' }).catch(failed);
        const after = await new FaceSDK().initialize().catch(failed);
        return [before, after];
      }),
    ).toEqual([[500, 'ERROR_SERVER_CONNECTION_FAILURE'], [500, 'ERROR_FETCH_INTERNAL']]);
  });

  test.each([
    [503, '{"code":500,"message":"Server busy"}', 500, 'ERROR_FETCH_INTERNAL'],
    [400, '{"code":600,"message":"LICENSE_INVALID"}', 600, 'FEEDBACK_LICENCE_INVALID'],
    [200, 'no key', 500, 'ERROR_FETCH_INTERNAL'],
  ])('a server that answers %i %s: %i', async (status, body, code, feedbackCode) => {
    const { page } = await open();
    await page.route('**/api/v1/pub_key', (route) => route.fulfill({ status, body }));
    expect(await failureOf(page, {})).toMatchObject({ code, feedbackCode });
  });

  test('shows training once, then the picture to keep or to take again', async () => {
    const { page, complaints } = await open({ film: await film('face') });
    const capturing = capture(page, { showCaptureTraining: true, enableRetakeScreen: true });
    await page.getByRole('heading', { name: 'Before we start' }).waitFor();
    expect(await unnamed(page)).toEqual([]);
    await page.getByLabel('Dont Show again').check();
    await page.getByRole('button', { name: 'Next' }).press('Enter');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByAltText('The picture that was taken').waitFor();
    await page.getByRole('button', { name: 'Use this picture' }).click();
    expect(parseCapture((await unseal((await capturing).blob)).payload).frames.length)
      .toBeGreaterThan(1);
    const again = capture(page, { showCaptureTraining: true });
    await again;
    expect(complaints).toEqual([]);
  });

  test('asks which camera to use, itself or through the event', async () => {
    const { page } = await open({ film: await film('face') });
    await page.evaluate(() => {
      const real = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
      navigator.mediaDevices.enumerateDevices = async () => {
        const [one] = (await real()).filter(({ kind }) => kind === 'videoinput');
        const named = (label: string) =>
          ({ kind: one.kind, deviceId: one.deviceId, label }) as MediaDeviceInfo;
        return [named('Front'), named('Back')];
      };
    });
    const capturing = capture(page, { allowCameraSelect: true });
    await page.getByRole('button', { name: 'Back' }).click();
    const { camera } = parseCapture((await unseal((await capturing).blob)).payload).description;
    expect(camera.devices).toBe(2);
    const labels = await page.evaluate(async () => {
      const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
      let asked: string[] = [];
      const sdk = new FaceSDK({
        allowCameraSelect: true,
        events: {
          async onInputDevicesDetected(devices) {
            asked = devices.map(({ label }) => label);
            return devices[0].deviceId;
          },
        },
      });
      await sdk.capture();
      return asked;
    });
    expect(labels).toEqual(['Front', 'Back']);
  });

  test('takes own HTML, colours and a language from right to left', async () => {
    const { page } = await open({ film: await film('far') });
    // own HTML is a matter of pages without trusted types
    await page.route('**/docval', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: {}, contentType: 'text/html' });
    });
    await page.reload();
    const failing = page.evaluate(async () => {
      const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
      const own = FaceSDK.templates.CAPTURE_DIALOG.replace('<p ', '<h2 id="bank">Bank</h2><p ');
      const sdk = new FaceSDK({
        htmlTemplates: { CAPTURE_DIALOG: own },
        localization: { FEEDBACK_FAR: 'اقترب', lang: 'ar', dir: 'rtl' },
        graphics: { canvas: { canvasBackground: 'rgb(255, 192, 203)' } },
        captureTimeout: 6000,
      });
      return sdk.capture().catch(({ code }) => code);
    });
    await page.getByText('اقترب').waitFor();
    expect(await page.locator('#bank').textContent()).toBe('Bank');
    expect(await page.locator('.gh-stage').getAttribute('dir')).toBe('rtl');
    const fill = await page.locator('.gh-outside').evaluate((path) => getComputedStyle(path).fill);
    expect(fill).toBe('rgb(255, 192, 203)');
    expect(await failing).toBe(501);
  });

  test('the element captures in the page, tells events and can be styled by parts', async () => {
    const { page, complaints } = await open({ film: await film('face') });
    const told = page.evaluate(async () => {
      await import('/sdk/face-sdk.js' as string);
      const element = document.createElement('gatehouse-capture');
      element.options = { localization: { CAPTURE_START: 'Go' } };
      const events: string[] = [];
      for (const type of ['feedback', 'quality', 'capture', 'failure']) {
        element.addEventListener(type, () => events.push(type));
      }
      document.querySelector('main')!.prepend(element);
      return await new Promise<string[]>((resolve) => {
        element.addEventListener(
          'capture',
          ({ detail }) => resolve([...new Set(events), String(detail.size > 10_000)]),
        );
        element.addEventListener('failure', ({ detail }) => resolve([detail.message]));
      });
    });
    await page.getByRole('button', { name: 'Go' }).click();
    expect(await told).toEqual(['feedback', 'quality', 'capture', 'true']);
    expect(
      await page.locator('gatehouse-capture').evaluate((element) =>
        element.shadowRoot?.querySelector('[part~=button]')?.textContent
      ),
    ).toBe('Go');
    expect(complaints).toEqual([]);
  });

  test('on a small screen it fills it, with nothing unnamed or hard to read', async () => {
    const { page } = await open({ film: await film('far') }, { width: 360, height: 640 });
    const failing = failureOf(page, { captureTimeout: 6000, appUI: 'TICKING' });
    await page.getByText('Move Close').waitFor();
    const box = await page.locator('.identy-face-dialog').boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    expect(await unnamed(page)).toEqual([]);
    expect(await weakContrasts(page)).toEqual([]);
    expect(await page.locator('.gh-tick').count()).toBe(60);
    expect(await failing).toMatchObject({ code: 501 });
  });

  test('options that are out of range throw before anything opens', async () => {
    const { page } = await open();
    const thrown = await page.evaluate(async () => {
      const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
      const wrong = ['', 'ffffff', '0xffffff', '#00000g', '#00ff', '#00ff00ff']
        .map((backgroundColor): unknown => ({ backgroundColor }));
      wrong.push({ asThreshold: 'X' }, { captureTimeout: -1 }, { enableAS: 1 }, { appUI: 'x' });
      return wrong.map((options) => {
        try {
          new FaceSDK(options as Options);
          return 'taken';
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(new Set(thrown)).toEqual(new Set(['TypeError']));
  });

  test('the script without modules makes the class a global, with all exports on it', async () => {
    const { page } = await open();
    await page.route('**/docval', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><script src="/sdk/face-sdk.umd.js"></script>',
      }));
    await page.reload();
    expect(
      await page.evaluate(() => {
        const { FaceSDK } = globalThis as unknown as { FaceSDK: typeof Sdk.FaceSDK & typeof Sdk };
        return [
          FaceSDK.version(),
          FaceSDK.AsThreshold.HIGH,
          FaceSDK.Template.PNG,
          FaceSDK.AppUI.TICKING,
        ];
      }),
    ).toEqual(['0.1.0', 'HIGH', 'PNG', 'TICKING']);
  });
});
