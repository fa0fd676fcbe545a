/**
 * Takes a photo with the camera: in a dialog where the browser gives pages the camera (a secure
 * context), else through the camera app of a phone.
 */
import { element, say } from './dom.ts';
import { strings } from './strings.ts';

const JPEG_QUALITY = 0.92;
/** Wished for, not demanded: the browser picks the nearest the camera has. */
const WISH: MediaTrackConstraints = {
  facingMode: 'user',
  width: { ideal: 1280 },
  height: { ideal: 960 },
};

type Way = 'dialog' | 'app' | 'none';

/** How this browser can take a photo. */
export function cameraWay(): Way {
  if (navigator.mediaDevices?.getUserMedia !== undefined) return 'dialog';
  return matchMedia('(pointer: coarse)').matches ? 'app' : 'none';
}

/** Opens the dialog; resolves with the photo, or undefined when it was closed without one. */
export function takePhoto(): Promise<File | undefined> {
  const dialog = element('camera', HTMLDialogElement);
  const video = element('viewfinder', HTMLVideoElement);
  const shoot = element('shoot', HTMLButtonElement);
  const cancel = element('cancel', HTMLButtonElement);
  const problem = element('camera-error', HTMLElement);
  say(problem, undefined);
  shoot.disabled = true;
  dialog.showModal();

  return new Promise((resolve) => {
    let stream: MediaStream | undefined;
    let photo: File | undefined;
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
    dialog.onclose = () => {
      stop();
      video.srcObject = null;
      resolve(photo);
    };
    cancel.onclick = () => dialog.close();
    shoot.onclick = async () => {
      photo = await grab(video);
      dialog.close();
    };
    navigator.mediaDevices.getUserMedia({ video: WISH, audio: false }).then((opened) => {
      stream = opened;
      if (!dialog.open) return stop();
      video.srcObject = stream;
      video.onloadeddata = () => {
        shoot.disabled = false;
        shoot.focus();
      };
    }).catch(() => say(problem, strings.cameraRefused));
  });
}

/** The current frame. The viewfinder is mirrored as people expect; the photo is not. */
function grab(video: HTMLVideoElement): Promise<File | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) =>
    canvas.toBlob(
      (blob) =>
        resolve(blob === null ? undefined : new File([blob], 'camera.jpg', { type: blob.type })),
      'image/jpeg',
      JPEG_QUALITY,
    )
  );
}
