/** Runs the Face SDK in a page and opens what it has sealed, for a server whose key and clock are the test's own. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { Page } from 'playwright-core';
import { NonceCache } from '../../../server/core/replay/nonce-cache.ts';
import { openEnvelope } from '../../../server/identy/envelope/open.ts';
import type * as Sdk from '../../../server/web/face-sdk/face-sdk.d.ts';

const KEY_ID = '0123456789abcdef0123456789abcdef';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
/** What `/api/v1/pub_key` answers. */
export const PUBLISHED_KEY = JSON.stringify({
  version: 1,
  kid: KEY_ID,
  spki: publicKey.toString('base64'),
  alg: 'RSA-OAEP-256',
});
/** A server whose clock is an hour ahead: the SDK has to go by it. */
export const AHEAD_MS = 3_600_000;

type Failure = { code: number; message: string; feedbackCode: string; text: string };
type Captured = { blob: string; type: string; qualities: Sdk.ImageQuality[]; feedback: string[] };

/** Opens a capture with the key of this test. */
export function unseal(blob: string, nonces = new NonceCache(240_000)) {
  const key = { id: KEY_ID, privateKey: createPrivateKey(privateKey) };
  const keys = { find: (id: string) => id === KEY_ID ? key : undefined, current: key };
  return openEnvelope(Buffer.from(blob, 'base64'), { keys, nonces, nowMs: Date.now() + AHEAD_MS });
}

/** Captures in the page; rejects with what the SDK rejects with. */
export function capture(page: Page, options: Sdk.SdkOptions): Promise<Captured> {
  return page.evaluate(async (given) => {
    const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
    await FaceSDK.preInitialize(
      { URL: '/api/v1/models' },
      { URL: { url: '/api/v1/pub_key', headers: [{ name: 'LogAPITrigger', value: 'true' }] } },
      { URL: '/api/v1/time' },
    );
    const qualities: Sdk.ImageQuality[] = [], feedback: string[] = [];
    const sdk = new FaceSDK({
      ...given,
      events: {
        onImageQualityDetected: (quality) => qualities.push(quality),
        onFeedback: (key) => feedback.push(key),
      },
    });
    await sdk.initialize();
    const blob = await sdk.capture();
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return { blob: bytes.toBase64(), type: blob.type, qualities, feedback };
  }, options);
}

/** What a capture that must fail fails with, and what was said until then. The page keeps it as `sdk`. */
export function failureOf(
  page: Page,
  options: Sdk.SdkOptions,
): Promise<Failure & { feedback: string[] }> {
  return page.evaluate(async (given) => {
    const { FaceSDK } = await import('/sdk/face-sdk.js' as string) as typeof Sdk;
    const feedback: string[] = [];
    const sdk = new FaceSDK({ ...given, events: { onFeedback: (key) => feedback.push(key) } });
    Object.assign(globalThis, { sdk });
    try {
      await sdk.initialize();
      await sdk.capture();
      return { code: 0, message: '', feedbackCode: 'none', text: '', feedback };
    } catch (error) {
      const { code, message, feedbackCode } = error as Sdk.FaceSDKError;
      const text = (error as Sdk.FaceSDKError).getLocalizedString?.() ?? String(error);
      return { code, message, feedbackCode, text, feedback };
    }
  }, options);
}
