/** Captures as an SDK writes them. */
import type { CaptureDescription } from '../../../../server/identy/capture.ts';

/** The description of a capture of one frame, with changes. */
export function describeCapture(changes: object = {}): CaptureDescription {
  return {
    version: 1,
    sdk: 'test',
    platform: 'desktop',
    captured_at: '2026-01-15T12:00:00.000Z',
    anti_spoofing: { enabled: true, threshold: 'BALANCED_VERY_HIGH' },
    templates: ['JPEG'],
    base64: 'DEFAULT',
    icao: { checks: false, background_removal: false, background_color: null },
    eyes_status: true,
    quality_metadata: true,
    transaction: null,
    camera: {
      label: 'Integrated Camera',
      facing: 'user',
      width: 1280,
      height: 720,
      frame_rate: 30,
      devices: 1,
    },
    frames: [{ bytes: 1, time_ms: 0 }],
    ...changes,
  };
}

/**
 * A capture of these frames, whose lengths go into the description: the picture, then the frames before it,
 * 140 ms apart as an SDK takes them.
 */
export function writeCapture(
  description: CaptureDescription,
  frames: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const listed = frames.map(({ length }, i) => ({
    bytes: length,
    time_ms: 140 * (i === 0 ? frames.length - 1 : i - 1),
  }));
  const all = new Uint8Array(frames.flatMap((frame) => [...frame]));
  return writePayload({ ...description, frames: listed }, all);
}

/** Length, description, bytes, whether or not they belong together. */
export function writePayload(description: unknown, frames: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(description));
  const payload = new Uint8Array(4 + json.length + frames.length);
  new DataView(payload.buffer).setUint32(0, json.length);
  payload.set(json, 4);
  payload.set(frames, 4 + json.length);
  return payload;
}
