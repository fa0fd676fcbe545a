/** Face SDK: captures a face in the browser and seals it for a Gatehouse server (IDENTY Face Web SDK 6). */

/** Strictness of liveness detection, weakest first. */
export declare const AsThreshold: {
  readonly LOW: 'LOW';
  readonly MEDIUM: 'MEDIUM';
  readonly MODERATE: 'MODERATE';
  readonly BALANCED_HIGH: 'BALANCED_HIGH';
  readonly HIGH: 'HIGH';
  readonly BALANCED_VERY_HIGH: 'BALANCED_VERY_HIGH';
  readonly VERY_HIGH: 'VERY_HIGH';
  readonly HIGHEST: 'HIGHEST';
};
export type AsThreshold = typeof AsThreshold[keyof typeof AsThreshold];

export declare const Template: {
  readonly JPEG: 'JPEG';
  readonly PNG: 'PNG';
  readonly ISO_19794_5: 'ISO_19794_5';
  readonly IDENTY_TYPE_1: 'IDENTY_TYPE_1';
};
export type Template = typeof Template[keyof typeof Template];

/** A plain oval, or ticks around it that fill while the person holds still. */
export declare const AppUI: { readonly STANDARD: 'STANDARD'; readonly TICKING: 'TICKING' };
export type AppUI = typeof AppUI[keyof typeof AppUI];

export declare const Base64: {
  readonly DEFAULT: 'DEFAULT';
  readonly NO_PADDING: 'NO_PADDING';
  readonly NO_WRAP: 'NO_WRAP';
  readonly CRLF: 'CRLF';
  readonly URL_SAFE: 'URL_SAFE';
  readonly NO_CLOSE: 'NO_CLOSE';
};
export type Base64 = typeof Base64[keyof typeof Base64];

export declare const TransactionMode: {
  readonly CAPTURE: 'CAPTURE';
  readonly ENROLL: 'ENROLL';
  readonly VERIFY: 'VERIFY';
};
export type TransactionMode = typeof TransactionMode[keyof typeof TransactionMode];

/** An address, alone or with headers for its requests. */
export type Endpoint =
  | string
  | { url: string; headers?: readonly { readonly name: string; readonly value: string }[] };

/** How `preInitialize` takes an endpoint. */
export interface ApplicationURL {
  URL: Endpoint;
}

/** Texts by key; keys that are left out stay English. `lang` and `dir` describe the language. */
export type Localization = Readonly<Record<string, string>> & {
  readonly lang?: string;
  readonly dir?: 'ltr' | 'rtl';
};

/** What the browser measured of the picture. The server measures again; its values count. */
export interface ImageQuality {
  eyes_status?: 'open' | 'closed';
  /** 0 (closed) to 100 (wide open). */
  eyes_opening_grade?: number;
  /**
   * 0 to 100: mean of size, place, pose and light, each 100 where it is best and 0 where the picture would not
   * have been taken.
   */
  quality_metric: number;
  head_pose_check: boolean;
}

export interface Events {
  /** After a picture was taken, when `returnQualityMetadata` is on. */
  onImageQualityDetected?(quality: ImageQuality): void;
  /** With `allowCameraSelect` and several cameras: resolves with the `deviceId` to use. Without it the SDK asks. */
  onInputDevicesDetected?(devices: readonly MediaDeviceInfo[]): Promise<string>;
  /** The guidance changed: a key of the texts. */
  onFeedback?(key: string): void;
}

/** HTML in place of the SDK's own; it must keep the classes of `FaceSDK.templates`. */
export interface TemplateList {
  CAPTURE_DIALOG?: string;
  PROGRESS_DIALOG?: string;
}

/** CSS colours. */
export interface CanvasGraphics {
  label?: string;
  labelBackground?: string;
  canvasBackground?: string;
  ovalBorderBackground?: string;
  ovalBorderErrorBackground?: string;
  tickerDefaultBackground?: string;
  tickerActiveBackground?: string;
}

export interface SdkOptions {
  /** Liveness detection on the server. Default true. */
  enableAS?: boolean;
  /** The same under the name of the specification's table. */
  enableAs?: boolean;
  /** Default BALANCED_VERY_HIGH. */
  asThreshold?: AsThreshold;
  /** Templates in the answer of the server. Default JPEG. */
  requiredTemplates?: readonly Template[];
  /** How the templates in the answer of the server are written. Default DEFAULT. */
  base64EncodingFlag?: Base64;
  localization?: Localization;
  events?: Events;
  htmlTemplates?: TemplateList;
  graphics?: { canvas?: CanvasGraphics };
  /** Instructions before the first capture. Default false. */
  showCaptureTraining?: boolean;
  /** Whether the person may close the dialog. Default true. */
  allowClose?: boolean;
  /** The camera on the back: somebody else holds the device. Default false. */
  assisted?: boolean;
  /** Measures the picture in the browser and calls `onImageQualityDetected`. Default true. */
  returnQualityMetadata?: boolean;
  /** Lets the person choose among several cameras. Default false. */
  allowCameraSelect?: boolean;
  /** Milliseconds for the capture. Default 30000, at most 50000. */
  captureTimeout?: number;
  enableICAOChecks?: boolean;
  enableBackgroundRemoval?: boolean;
  /** `#rrggbb`; anything else throws. Default: the mean of the background. */
  backgroundColor?: string;
  /** Waits for open eyes and tells their state. Default true. */
  enableEyesStatusDetector?: boolean;
  /** Shows the picture and asks whether to keep it. Default false. */
  enableRetakeScreen?: boolean;
  transaction?: { type: TransactionMode };
  appUI?: AppUI;
  /** Leaves out the check of device and browser. Default false. */
  skipSupportCheck?: boolean;
}

/** What every rejected promise of the SDK rejects with (table 6 of the specification). */
export interface FaceSDKError extends Error {
  readonly code: number;
  /** The name of the code, such as FEEDBACK_CAPTURE_TIMEOUT; `message` is the same. */
  readonly feedbackCode: string;
  /** The text for the person before the screen. */
  getLocalizedString(): string;
}

export declare class FaceSDK {
  /**
   * Fetches networks, key and time; call it when the application starts. Arguments that are left out are
   * taken from beside the models: `/api/v1/models`, `/api/v1/pub_key`, `/api/v1/time`. The first of two
   * arguments may be a licence text, as in old versions; it is not used.
   */
  static preInitialize(
    models?: ApplicationURL | string,
    pubKey?: ApplicationURL,
    time?: ApplicationURL,
  ): Promise<void>;
  static version(): string;
  /** The HTML of the dialogs, to start own templates from. */
  static readonly templates: Readonly<Required<TemplateList>>;

  /** @throws TypeError for an option out of its range */
  constructor(options?: SdkOptions);
  /** Makes ready; rejects when this browser or the server cannot capture. */
  initialize(): Promise<void>;
  /** Opens the dialog and resolves with the sealed capture, to be posted as `file`, named `bdata`. */
  capture(): Promise<Blob>;
  /** Ends a capture under way; it rejects with FEEDBACK_DIALOG_CLOSED (202). */
  abort(): void;
}

/**
 * `<gatehouse-capture>`: the same capture inside a page instead of a dialog. `element.options = {...}`, then
 * `element.start()` or the button. Parts for `::part()`: stage, video, guide, label, actions, button, panel, title.
 */
export declare class GatehouseCaptureElement extends HTMLElement {
  options: SdkOptions;
  start(): Promise<Blob>;
  abort(): void;
  addEventListener<K extends keyof CaptureEventMap>(
    type: K,
    listener: (this: GatehouseCaptureElement, event: CaptureEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export interface CaptureEventMap extends HTMLElementEventMap {
  /** The sealed capture. */
  capture: CustomEvent<Blob>;
  /** The key of the guidance text. */
  feedback: CustomEvent<string>;
  quality: CustomEvent<ImageQuality>;
  failure: CustomEvent<FaceSDKError>;
}

declare global {
  interface HTMLElementTagNameMap {
    'gatehouse-capture': GatehouseCaptureElement;
  }
}
