/** Whether this browser can capture at all, and the code of table 6 that says why not. */
import { type FeedbackCode } from './errors.ts';

/** Major version at least; absent when the system is another one. */
function versionOf(agent: string, pattern: RegExp): number | undefined {
  const [, major, minor] = pattern.exec(agent) ?? [];
  return major === undefined ? undefined : Number(`${major}.${minor ?? 0}`);
}

export function isMobile(agent = navigator.userAgent): boolean {
  // an iPad says that it is a Mac
  return /Android|iPhone|iPad|iPod|Mobile/.test(agent) ||
    /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
}

/** The first reason against a capture here, or undefined when there is none. */
export function unsupportedBecause(): FeedbackCode | undefined {
  const agent = navigator.userAgent;
  const android = versionOf(agent, /Android (\d+)(?:\.(\d+))?/);
  const ios = versionOf(agent, /(?:iPhone )?OS (\d+)_(\d+)[\d_]* like Mac OS X/);
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  if (/MSIE|Trident/.test(agent)) return 'ERROR_BROWSER_NOT_SUPPORTED';
  if (/SMART-TV|SmartTV|PlayStation|Xbox|Nintendo/.test(agent)) return 'ERROR_DEVICE_NOT_SUPPORTED';
  if (android !== undefined && android < 7) return 'ERROR_DEVICE_NOT_SUPPORTED_ANDROID';
  if (ios !== undefined && ios < 13) return 'ERROR_DEVICE_NOT_SUPPORTED_IOS';
  if (ios !== undefined && ios < 14.3 && /CriOS|FxiOS|EdgiOS/.test(agent)) {
    return 'ERROR_PLATFORM_NOT_SUPPORTED_IOS';
  }
  if (deviceMemory !== undefined && deviceMemory < 1) return 'ERROR_DEVICE_NOT_SUPPORTED_MEMORY';
  if (typeof TextDecoder === 'undefined' || globalThis.crypto?.subtle === undefined) {
    return 'ERROR_BROWSER_FEATURE_NOT_SUPPORTED';
  }
  if (navigator.mediaDevices?.getUserMedia === undefined) return 'ERROR_WEBRTC_NOT_SUPPORTED';
  return isRecent() ? undefined : 'ERROR_BROWSER_VERSION_NOT_SUPPORTED';
}

/** What came last of all that is used: Chromium 110, Safari 16.4, Firefox 115. */
function isRecent(): boolean {
  return 'showModal' in HTMLDialogElement.prototype && 'adoptedStyleSheets' in document &&
    'throwIfAborted' in AbortSignal.prototype && 'toSorted' in Array.prototype;
}
