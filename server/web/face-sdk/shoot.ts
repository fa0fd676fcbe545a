/** From an open camera to a picture: watch, guide, wait until the person has held still, take it. */
import { Burst } from './burst.ts';
import type { Camera } from './camera.ts';
import { FaceSDKError } from './errors.ts';
import { guide, imageQuality } from './guidance.ts';
import type { ImageQuality } from './face-sdk.d.ts';
import type { TextKey } from './localization.ts';
import type { Settings } from './options.ts';
import type { Shot } from './payload.ts';
import type { Stage } from './stage.ts';
import { isMobile } from './support.ts';
import { Frame } from './vision/frame.ts';
import { type Networks, type Seen, Watcher } from './vision/watch.ts';

/** A person who holds still for so long has stopped moving, and the burst is full. */
const HOLD_MS = 1000;
/** Good looks in a row at least, for devices that look less than thrice a second. */
const HOLD_LOOKS = 3;

export interface Taken {
  readonly shot: Shot;
  readonly quality: ImageQuality | undefined;
}

export interface ShootOptions {
  readonly stage: Stage;
  readonly camera: Camera;
  readonly networks: Networks;
  readonly settings: Settings;
  /** Ends it: closed, aborted, out of time. */
  readonly signal: AbortSignal;
  onFeedback(key: TextKey): void;
}

/** @throws the signal's reason; FaceSDKError FEEDBACK_CAMERA_ACQUIRING_FAILED when the camera goes away */
export async function shoot(options: ShootOptions): Promise<Taken> {
  const { stage, camera, networks, settings, signal } = options;
  const { video } = stage;
  const [track] = camera.stream.getVideoTracks();
  await play(video, camera.stream, signal);
  const frame = new Frame(), burst = new Burst(), watcher = new Watcher(networks);
  let before: Seen | undefined, goodSinceMs: number | undefined, goodLooks = 0;
  for (;;) {
    await nextPicture(video, track, signal);
    const nowMs = performance.now();
    frame.take(video);
    const seen = await watcher.watch(frame, nowMs, settings.eyesStatus && goodLooks > 0);
    signal.throwIfAborted();
    const { key, good } = isSideways()
      ? { key: 'FEEDBACK_ORIENTATION_NOT_SUPPORTED' as const, good: false }
      : guide(seen, before, goodLooks > 0);
    before = seen;
    goodLooks = good ? goodLooks + 1 : 0;
    goodSinceMs = good ? goodSinceMs ?? nowMs : undefined;
    const held = goodSinceMs === undefined ? 0 : Math.min(1, (nowMs - goodSinceMs) / HOLD_MS);
    stage.guide(good, held);
    if (stage.say(key, nowMs)) options.onFeedback(key);
    if (seen.faces !== 1) burst.clear();
    else if (held === 1 && goodLooks >= HOLD_LOOKS) {
      const picture = { jpeg: await frame.jpeg(), atMs: nowMs };
      const { videoWidth: width, videoHeight: height } = video;
      const shot = { picture, burst: burst.frames, camera, width, height };
      return { shot, quality: imageQuality(seen) };
    } else if (burst.wants(nowMs)) burst.add({ jpeg: await frame.jpeg(), atMs: nowMs });
  }
}

function isSideways(): boolean {
  return isMobile() && innerWidth > innerHeight;
}

async function play(
  video: HTMLVideoElement,
  stream: MediaStream,
  signal: AbortSignal,
): Promise<void> {
  video.srcObject = stream;
  try {
    await video.play();
  } catch (cause) {
    signal.throwIfAborted();
    throw new FaceSDKError('FEEDBACK_CAMERA_ACQUIRING_FAILED', { cause });
  }
}

/** A picture that was not looked at before; a camera that gives none is left to the time limit. */
function nextPicture(
  video: HTMLVideoElement,
  track: MediaStreamTrack,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = () => new FaceSDKError('FEEDBACK_CAMERA_ACQUIRING_FAILED');
    if (signal.aborted) return reject(signal.reason);
    if (track.readyState === 'ended') return reject(lost());
    const settle = (work: () => void) => (): void => {
      signal.removeEventListener('abort', abort);
      track.removeEventListener('ended', ended);
      work();
    };
    const abort = settle(() => reject(signal.reason)), ended = settle(() => reject(lost()));
    signal.addEventListener('abort', abort);
    track.addEventListener('ended', ended);
    const ready = settle(resolve);
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(ready);
    else requestAnimationFrame(ready);
  });
}
