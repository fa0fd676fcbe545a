/** Table 6 of the specification: what a rejected promise says. */
import { ENGLISH, type TextKey, type Texts } from './localization.ts';

const CODES = {
  ERROR_BROWSER_NOT_SUPPORTED: 100,
  ERROR_DEVICE_NOT_SUPPORTED: 100,
  ERROR_DEVICE_NOT_SUPPORTED_ANDROID: 100,
  ERROR_DEVICE_NOT_SUPPORTED_IOS: 100,
  ERROR_PLATFORM_NOT_SUPPORTED_IOS: 100,
  ERROR_DEVICE_NOT_SUPPORTED_MEMORY: 100,
  ERROR_BROWSER_FEATURE_NOT_SUPPORTED: 100,
  ERROR_WEBRTC_NOT_SUPPORTED: 100,
  ERROR_NO_INPUT_DEVICES: 101,
  ERROR_BROWSER_VERSION_NOT_SUPPORTED: 103,
  FEEDBACK_CAMERA_ACQUIRING_FAILED: 104,
  FEEDBACK_DIALOG_CLOSED: 202,
  ERROR_SERVER_CONNECTION_FAILURE: 500,
  ERROR_FETCH_INTERNAL: 500,
  ERROR_MODEL_FAIL: 500,
  FEEDBACK_CAPTURE_TIMEOUT: 501,
  FEEDBACK_LICENCE_INVALID: 600,
} as const satisfies Partial<Record<TextKey, number>>;

export type FeedbackCode = keyof typeof CODES;

/** `message` and `feedbackCode` are the name of the code; `cause` is for the integrator's log. */
export class FaceSDKError extends Error {
  override readonly name = 'FaceSDKError';
  readonly code: number;
  readonly feedbackCode: FeedbackCode;
  #text: string;

  constructor(feedbackCode: FeedbackCode, options?: ErrorOptions) {
    super(feedbackCode, options);
    this.code = CODES[feedbackCode];
    this.feedbackCode = feedbackCode;
    this.#text = ENGLISH[feedbackCode];
  }

  /** The text for the person before the screen, in the language of the options. */
  getLocalizedString(): string {
    return this.#text;
  }

  /** The same error with the text of other words. */
  in(texts: Texts): this {
    this.#text = texts[this.feedbackCode];
    return this;
  }
}
