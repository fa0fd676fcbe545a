/** Options, texts and errors of the Face SDK, without a browser. */
import { describe, expect, test } from 'bun:test';
import { FaceSDKError } from '../../../../server/web/face-sdk/errors.ts';
import { isVirtual } from '../../../../server/web/face-sdk/camera.ts';
import { ENGLISH, textsOf } from '../../../../server/web/face-sdk/localization.ts';
import type * as Declared from '../../../../server/web/face-sdk/face-sdk.d.ts';
import * as sdk from '../../../../server/web/face-sdk/main.ts';
import { settingsOf } from '../../../../server/web/face-sdk/options.ts';

describe('options', () => {
  test('have the documented defaults', () => {
    expect(settingsOf({})).toMatchObject({
      antiSpoofing: true,
      threshold: 'BALANCED_VERY_HIGH',
      templates: ['JPEG'],
      training: false,
      allowClose: true,
      assisted: false,
      qualityMetadata: true,
      cameraSelect: false,
      timeoutMs: 30_000,
      icaoChecks: false,
      backgroundRemoval: false,
      backgroundColor: null,
      eyesStatus: true,
      retake: false,
      transaction: 'CAPTURE',
      ticking: false,
    });
  });

  test('take liveness under both names, and no more than 50 seconds', () => {
    expect(settingsOf({ enableAS: false }).antiSpoofing).toBe(false);
    expect(settingsOf({ enableAs: false }).antiSpoofing).toBe(false);
    expect(settingsOf({ captureTimeout: 80_000 }).timeoutMs).toBe(50_000);
  });
});

test('own texts replace English ones; what is no text is left aside', () => {
  const texts = textsOf({ FEEDBACK_FAR: 'näher', FEEDBACK_CLOSE: 5, other: 'x', dir: 'rtl' });
  expect(texts).toEqual({ ...ENGLISH, FEEDBACK_FAR: 'näher', dir: 'rtl' });
});

test('an error carries code, name and text', () => {
  const error = new FaceSDKError('FEEDBACK_CAPTURE_TIMEOUT');
  expect([error.code, error.message, error.feedbackCode]).toEqual([
    501,
    'FEEDBACK_CAPTURE_TIMEOUT',
    'FEEDBACK_CAPTURE_TIMEOUT',
  ]);
  expect(error.getLocalizedString()).toBe(ENGLISH.FEEDBACK_CAPTURE_TIMEOUT);
});

test('programs that play a camera are told from cameras', () => {
  const virtual = ['OBS Virtual Camera', 'ManyCam Virtual Webcam', 'Dummy video device (0x0000)'];
  const real = ['Integrated Camera (5986:2118)', 'FaceTime HD Camera', 'camera2 1, facing front'];
  expect(virtual.map(isVirtual)).toEqual([true, true, true]);
  expect(real.map(isVirtual)).toEqual([false, false, false]);
});

test('the module loads where there is no page, and has what its types declare', () => {
  type Names = 'FaceSDK' | 'AsThreshold' | 'Template' | 'AppUI' | 'Base64' | 'TransactionMode';
  const declared: Pick<typeof Declared, Names> = sdk;
  expect(Object.values(declared).every(Boolean)).toBe(true);
  expect(declared.FaceSDK.version()).toBe('0.1.0');
});
