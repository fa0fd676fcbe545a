/** The options of the constructor (table 2): checked, completed, and under one name each. */
import type * as Declared from './face-sdk.d.ts';
import { AppUI, AsThreshold, Base64, Template, TransactionMode } from './enums.ts';
import { type Texts, textsOf } from './localization.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 50_000;

export interface Settings {
  readonly antiSpoofing: boolean;
  readonly threshold: AsThreshold;
  readonly templates: readonly Template[];
  readonly base64: Base64;
  readonly texts: Texts;
  readonly events: Declared.Events;
  readonly htmlTemplates: Declared.TemplateList;
  readonly colors: Declared.CanvasGraphics;
  readonly training: boolean;
  readonly allowClose: boolean;
  readonly assisted: boolean;
  readonly qualityMetadata: boolean;
  readonly cameraSelect: boolean;
  readonly timeoutMs: number;
  readonly icaoChecks: boolean;
  readonly backgroundRemoval: boolean;
  readonly backgroundColor: string | null;
  readonly eyesStatus: boolean;
  readonly retake: boolean;
  readonly transaction: TransactionMode;
  readonly ticking: boolean;
  readonly skipSupportCheck: boolean;
}

/** @throws TypeError that names the option and what it may be */
export function settingsOf(options: Declared.SdkOptions): Settings {
  const flag = (name: keyof Declared.SdkOptions, otherwise: boolean): boolean => {
    const value = options[name] ?? otherwise;
    if (typeof value !== 'boolean') throw new TypeError(`${name}: true or false`);
    return value;
  };
  return {
    antiSpoofing: flag(options.enableAS === undefined ? 'enableAs' : 'enableAS', true),
    threshold: oneOf('asThreshold', AsThreshold, options.asThreshold, 'BALANCED_VERY_HIGH'),
    templates: (options.requiredTemplates ?? [Template.JPEG])
      .map((name) => oneOf('requiredTemplates', Template, name, 'JPEG')),
    base64: oneOf('base64EncodingFlag', Base64, options.base64EncodingFlag, 'DEFAULT'),
    texts: textsOf(options.localization),
    events: options.events ?? {},
    htmlTemplates: options.htmlTemplates ?? {},
    colors: options.graphics?.canvas ?? {},
    training: flag('showCaptureTraining', false),
    allowClose: flag('allowClose', true),
    assisted: flag('assisted', false),
    qualityMetadata: flag('returnQualityMetadata', true),
    cameraSelect: flag('allowCameraSelect', false),
    timeoutMs: timeoutOf(options.captureTimeout),
    icaoChecks: flag('enableICAOChecks', false),
    backgroundRemoval: flag('enableBackgroundRemoval', false),
    backgroundColor: colorOf(options.backgroundColor),
    eyesStatus: flag('enableEyesStatusDetector', true),
    retake: flag('enableRetakeScreen', false),
    transaction: oneOf('transaction.type', TransactionMode, options.transaction?.type, 'CAPTURE'),
    ticking: oneOf('appUI', AppUI, options.appUI, 'STANDARD') === AppUI.TICKING,
    skipSupportCheck: flag('skipSupportCheck', false),
  };
}

function oneOf<T extends string>(
  name: string,
  values: Readonly<Record<string, T>>,
  value: T | undefined,
  otherwise: T,
): T {
  const given = value ?? otherwise;
  if (Object.values(values).includes(given)) return given;
  throw new TypeError(`${name}: one of ${Object.keys(values).join(', ')}`);
}

function timeoutOf(value: number | undefined): number {
  const ms = value ?? DEFAULT_TIMEOUT_MS;
  if (!(Number.isInteger(ms) && ms > 0)) {
    throw new TypeError('captureTimeout: milliseconds, a whole number above 0');
  }
  return Math.min(ms, MAX_TIMEOUT_MS);
}

function colorOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)) return value;
  throw new TypeError('backgroundColor: # and six hexadecimal digits');
}
