/**
 * Every text of the SDK: those of the specification (Figure 9) with their English words, then our own for
 * what it has no key for. `lang` and `dir` say how the texts are to be read out and laid out.
 */
export const ENGLISH = {
  FEEDBACK_RETRY: 'Something is weird, move slightly to change lighting',
  FEEDBACK_RETRY_INSECURE: 'Insecure camera feed',
  FEEDBACK_RETRY_QUALITY: 'Bad Quality, Retry Capture',
  FEEDBACK_ENROLLED: 'Registered Successfully',
  FEEDBACK_CAPTURED: 'Captured Successfully',
  FEEDBACK_NOT_ENROLLED: 'User Not Enrolled',
  FEEDBACK_VERIFY_COMPLETED: 'Verification Successful',
  FEEDBACK_VERIFY_FAILED: 'Verification failed',
  FEEDBACK_SEARCHING: 'Searching...',
  FEEDBACK_INSIDE_GUIDE: 'Please be inside the guide',
  FEEDBACK_PLEASE_HOLD: 'Please hold.',
  FEEDBACK_STABLE: 'Please be stable',
  FEEDBACK_EYE_LEVEL: 'Look Straight',
  FEEDBACK_UP_FACING: 'Look Down to be parallel to camera',
  FEEDBACK_DOWN_FACING: 'Look up to be parallel to camera',
  FEEDBACK_FACE_OUTSIDE: 'Please be inside guide',
  FEEDBACK_CLOSE: 'Move Away',
  FEEDBACK_FAR: 'Move Close',
  FEEDBACK_LEFT_FACING: 'Looking Left, Please Look straight',
  FEEDBACK_RIGHT_FACING: 'Looking Right, Please Look straight',
  FEEDBACK_ROTATED: 'Look Straight',
  FEEDBACK_NOT_STABLE: 'Please be stable',
  FEEDBACK_OK: 'Please Hold',
  FEEDBACK_NO: 'Checking',
  FEEDBACK_NOT_CENTERED: 'Center Face in oval',
  FEEDBACK_CAMERA_ACQUIRING_FAILED: 'Cannot acquire camera, Allow permission Or Retry Capture',
  FEEDBACK_PROCESSING: 'Processing...',
  FEEDBACK_UPLOAD_FAILURE: 'Internal error retry',
  FEEDBACK_INITIALIZATION: 'Initializing...',
  FEEDBACK_CHANGE_LIGHT: 'Avoid shadows',
  FEEDBACK_CHANGE_LIGHT_TOO_BRIGHT: 'Too Bright, Move to better lighting.',
  FEEDBACK_CHANGE_LIGHT_TOO_DARK: 'Too Dark, Move to better lighting.',
  FEEDBACK_BUTTON_CLOSE: 'Close',
  FEEDBACK_BUTTON_RETRY: 'Retry',
  FEEDBACK_TRAINING_BUTTON_NEXT: 'Next',
  FEEDBACK_TRAINING_LABEL: 'Dont Show again',
  FEEDBACK_ORIENTATION_NOT_SUPPORTED: 'Only Portrait mode is supported',
  FEEDBACK_TRAINING_DIALOG_CLOSED: 'Training dialog, exited',
  FEEDBACK_LICENCE_INVALID: 'License Invalid!!',
  ERROR_BROWSER_NOT_SUPPORTED:
    'Browser not supported. Please use Chrome, Firefox, Opera, Edge(iOS, Android, Desktop), Samsung Internet (Android) or Safari (iOS, MAC)',
  ERROR_BROWSER_VERSION_NOT_SUPPORTED:
    'Browser version not supported. Please update to latest version available.',
  ERROR_DEVICE_NOT_SUPPORTED: 'Device not supported, Please use mobile device or desktop.',
  ERROR_DEVICE_NOT_SUPPORTED_ANDROID:
    'Android version not supported. Please update to latest version available',
  ERROR_DEVICE_NOT_SUPPORTED_IOS:
    'IOS version not supported. Please update to latest version available',
  ERROR_DEVICE_NOT_SUPPORTED_MEMORY: 'Device not supported. Insufficient Memory',
  ERROR_PLATFORM_NOT_SUPPORTED_ANDROID:
    'Android version not supported. Please update to latest version available',
  ERROR_PLATFORM_NOT_SUPPORTED_IOS:
    'IOS version not supported for this browser. Please update to latest version available',
  ERROR_BROWSER_FEATURE_NOT_SUPPORTED: 'TextDecoder or Crypto API not present.',
  ERROR_WEBRTC_NOT_SUPPORTED: 'Webrtc not supported',
  ERROR_MODEL_FAIL: 'Model detection failed',
  ERROR_SERVER_INTERNAL: 'Internal Server Error',
  ERROR_SERVER_CONNECTION_FAILURE: 'Server connection failure',

  // ours: codes of table 6 that have no text there, and screens
  ERROR_NO_INPUT_DEVICES: 'No camera found',
  ERROR_FETCH_INTERNAL: 'The server is not available',
  FEEDBACK_DIALOG_CLOSED: 'Capture closed',
  FEEDBACK_CAPTURE_TIMEOUT: 'No picture was taken in time',
  FEEDBACK_MULTIPLE_FACES: 'Only one person, please',
  FEEDBACK_EYES_CLOSED: 'Please open your eyes',
  CAPTURE_TITLE: 'Take a picture of your face',
  TRAINING_TITLE: 'Before we start',
  TRAINING_FACE: 'Keep your face inside the oval and look into the camera.',
  TRAINING_LIGHT: 'Face the light: no shadows, no bright window behind you.',
  TRAINING_COVER: 'Take off dark glasses, hat and mask.',
  RETAKE_TITLE: 'Is the picture good?',
  RETAKE_PICTURE: 'The picture that was taken',
  RETAKE_USE: 'Use this picture',
  CAMERA_TITLE: 'Choose a camera',
  CAMERA_NUMBER: 'Camera',
  CAPTURE_START: 'Take picture',
  lang: 'en',
  dir: 'ltr',
} as const;

export type TextKey = Exclude<keyof typeof ENGLISH, 'lang' | 'dir'>;
export type Texts = Readonly<Record<keyof typeof ENGLISH, string>>;

/** English with the integrator's texts over it; keys that are not known are left aside. */
export function textsOf(own: Readonly<Record<string, unknown>> | undefined): Texts {
  const texts: Record<string, string> = { ...ENGLISH };
  for (const [key, value] of Object.entries(own ?? {})) {
    if (key in ENGLISH && typeof value === 'string') texts[key] = value;
  }
  return texts as Texts;
}
