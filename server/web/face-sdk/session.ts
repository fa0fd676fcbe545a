/** One capture from opening to the picture, on a stage that somebody else has put into the page. */
import { openCamera } from './camera.ts';
import { FaceSDKError } from './errors.ts';
import type { TextKey } from './localization.ts';
import type { Settings } from './options.ts';
import { chooseCamera } from './screens/cameras.ts';
import { wantsAnother } from './screens/retake.ts';
import { train } from './screens/training.ts';
import { shoot, type Taken } from './shoot.ts';
import type { Stage } from './stage.ts';
import { untilAborted } from './until-aborted.ts';
import type { Networks } from './vision/watch.ts';

/** @throws FaceSDKError, or the signal's reason */
export async function runSession(
  stage: Stage,
  settings: Settings,
  networks: Networks,
  signal: AbortSignal,
): Promise<Taken> {
  const { events } = settings;
  const onFeedback = (key: TextKey): void => events.onFeedback?.(key);
  if (settings.training) await train(stage, signal);
  stage.say('FEEDBACK_INITIALIZATION', -Infinity);
  const opening = openCamera({
    rear: settings.assisted,
    ...(settings.cameraSelect && {
      choose: (devices: readonly MediaDeviceInfo[], current: string) =>
        untilAborted(
          events.onInputDevicesDetected?.(devices) ??
            chooseCamera(stage, devices, current, signal),
          signal,
        ),
    }),
  });
  const camera = await untilAborted(opening, signal).catch((error) => {
    // allowed after all, when nobody waits for it any more
    opening.then((late) => late.stop(), () => {});
    throw error;
  });
  const mirrored = camera.facing !== 'environment' && !settings.assisted;
  stage.mirror(mirrored);
  try {
    for (;;) {
      const taken = await withinTime(
        settings.timeoutMs,
        signal,
        (limited) => shoot({ stage, camera, networks, settings, signal: limited, onFeedback }),
      );
      const picture = taken.shot.picture.jpeg;
      const again = settings.retake && await wantsAnother(stage, picture, mirrored, signal);
      if (!again) return taken;
    }
  } finally {
    camera.stop();
    stage.video.srcObject = null;
  }
}

/** Time runs while the person is before the camera, not while a screen asks something. */
async function withinTime<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = new AbortController();
  // AbortSignal.any came to browsers years later
  const abort = () => limit.abort(signal.reason);
  signal.addEventListener('abort', abort);
  const timer = setTimeout(
    () => limit.abort(new FaceSDKError('FEEDBACK_CAPTURE_TIMEOUT')),
    timeoutMs,
  );
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
