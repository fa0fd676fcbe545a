/** The camera: opened, chosen among several, and refused when all there is are programs that play one. */
import { FaceSDKError } from './errors.ts';

/** Wished for, not demanded: the browser picks the nearest that the camera has. */
const WISH = { width: { ideal: 1280 }, height: { ideal: 960 }, frameRate: { ideal: 30 } };

/**
 * Names under which programs that pose as a camera register themselves. Only a first sieve: the server
 * gets the name of the camera with every capture and decides.
 */
const VIRTUAL =
  /\bvirtual\b|\bobs\b|manycam|snap camera|xsplit|e2esoft|\bvcam\b|v4l2 ?loopback|dummy video|mmhmm|camtwist|sparkocam|splitcam|youcam|webcamoid|unity video capture|\bndi\b/i;

export function isVirtual(label: string): boolean {
  return VIRTUAL.test(label);
}

export interface Camera {
  readonly stream: MediaStream;
  readonly label: string;
  readonly facing: 'user' | 'environment' | null;
  readonly frameRate: number | null;
  /** Cameras of this device. */
  readonly devices: number;
  stop(): void;
}

export interface CameraWishes {
  /** The camera on the back. */
  readonly rear: boolean;
  /** Asked when there are several; gives the deviceId. Without it the browser's choice stays. */
  choose?(devices: readonly MediaDeviceInfo[], current: string): Promise<string>;
}

/** @throws FaceSDKError ERROR_NO_INPUT_DEVICES, FEEDBACK_CAMERA_ACQUIRING_FAILED */
export async function openCamera({ rear, choose }: CameraWishes): Promise<Camera> {
  let stream = await open({ ...WISH, facingMode: rear ? 'environment' : 'user' });
  try {
    // names are only told once a camera was allowed
    const all = (await navigator.mediaDevices.enumerateDevices())
      .filter(({ kind }) => kind === 'videoinput');
    const real = all.filter(({ label }) => !isVirtual(label));
    const [track] = stream.getVideoTracks();
    const current = track.getSettings().deviceId ?? '';
    let wanted = current;
    if (isVirtual(track.label)) {
      if (real.length === 0) throw noDevice(new Error('only virtual cameras'));
      wanted = real[0].deviceId;
    }
    if (choose !== undefined && real.length > 1) wanted = await choose(real, wanted);
    if (wanted !== current && wanted !== '') {
      stop(stream);
      stream = await open({ ...WISH, deviceId: { exact: wanted } });
      if (isVirtual(stream.getVideoTracks()[0].label)) throw noDevice(new Error('virtual camera'));
    }
    return describe(stream, all.length);
  } catch (error) {
    stop(stream);
    throw error;
  }
}

function describe(stream: MediaStream, devices: number): Camera {
  const [track] = stream.getVideoTracks();
  const { facingMode, frameRate } = track.getSettings();
  return {
    stream,
    label: track.label.slice(0, 256),
    facing: facingMode === 'user' || facingMode === 'environment' ? facingMode : null,
    frameRate: frameRate ?? null,
    devices,
    stop: () => stop(stream),
  };
}

async function open(video: MediaTrackConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (cause) {
    const missing = ['NotFoundError', 'OverconstrainedError'].includes((cause as Error)?.name);
    if (missing) throw noDevice(cause);
    throw new FaceSDKError('FEEDBACK_CAMERA_ACQUIRING_FAILED', { cause });
  }
}

function noDevice(cause: unknown): FaceSDKError {
  return new FaceSDKError('ERROR_NO_INPUT_DEVICES', { cause });
}

function stop(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}
