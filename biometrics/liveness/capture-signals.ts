/**
 * What a client says about its capture, judged by rule: cameras that are programs, files that an editor
 * or a screenshot wrote, sizes that no camera frame has. A client can lie about all of it, so these
 * signals can only refuse: an answer without anything suspicious says nothing.
 */
import type { DetectorVerdict } from './verdict.ts';

/** Everything is optional; what is absent is not judged. */
export interface CaptureSignals {
  /** Label of the camera as the browser or phone names it (MediaDeviceInfo.label). */
  readonly cameraLabel?: string;
  /** EXIF Software (tag 0x0131) of the file as it was sent. */
  readonly software?: string;
  /** Size that the client says it captured, and the size of the file that came. */
  readonly claimed?: { readonly width: number; readonly height: number };
  readonly actual?: { readonly width: number; readonly height: number };
}

/** Programs that offer a video file or a screen as a camera. */
const VIRTUAL_CAMERAS = [
  /\bobs\b/i,
  /virtual/i,
  /manycam/i,
  /xsplit/i,
  /snap camera/i,
  /droidcam/i,
  /e2esoft|vcam/i,
  /splitcam/i,
  /camtwist/i,
  /fake|dummy|v4l2loopback/i,
  /ndi (webcam|video)/i,
  /youcam|faceswap|deepfacelive/i,
];

/** Programs that write files no camera wrote. */
const EDITORS = [
  /photoshop|lightroom/i,
  /gimp/i,
  /snapseed|picsart|facetune|faceapp/i,
  /affinity|pixelmator|paint/i,
  /screenshot/i,
  /stable diffusion|midjourney|comfyui/i,
];

/** @returns a verdict with confidence 0 when nothing was said */
export function judgeCapture(signals: CaptureSignals): DetectorVerdict {
  const found: string[] = [];
  const { cameraLabel, software, claimed, actual } = signals;
  if (cameraLabel !== undefined && VIRTUAL_CAMERAS.some((name) => name.test(cameraLabel))) {
    found.push('the camera is a program');
  }
  if (software !== undefined && EDITORS.some((name) => name.test(software))) {
    found.push('the file was written by an editor');
  }
  if (claimed !== undefined && actual !== undefined && !isReductionOf(actual, claimed)) {
    found.push('the file has another shape than the capture it claims to be');
  }
  const judged = Object.values(signals).some((value) => value !== undefined);
  return {
    detector: 'capture-signals',
    score: found.length === 0 ? 0.5 : 0.02,
    confidence: found.length > 0 ? 1 : 0,
    reason: found.length > 0
      ? found.join('; ')
      : judged
      ? 'nothing suspicious in what the client says, which proves nothing'
      : 'the client says nothing about its capture',
  };
}

/** Whether `actual` can be `claimed`, upright or turned, reduced with its shape kept to a pixel or so. */
function isReductionOf(
  actual: { width: number; height: number },
  claimed: { width: number; height: number },
): boolean {
  return [[claimed.width, claimed.height], [claimed.height, claimed.width]].some(([w, h]) => {
    const scale = actual.width / w;
    return scale <= 1.001 && Math.abs(actual.height - h * scale) <= 1.5;
  });
}
