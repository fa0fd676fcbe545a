/**
 * Every word the compare page shows, in one place: a translation replaces this module. `page` fills the
 * placeholders of index.html, the rest is said while the page runs.
 */
import type { ErrorCode, Level, Scale, Side, Stage } from '../../playground/answer.ts';

const number = new Intl.NumberFormat('en');

/** "1 in 10,000" for 1e-4. */
function oneIn(rate: number): string {
  return `1 in ${number.format(Math.round(1 / rate))}`;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`;
}

const photo: Record<Side, string> = { a: 'First photo', b: 'Second photo' };

const level: Record<Exclude<Level, 'NONE'>, string> = {
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  HIGH: 'HIGH',
  VERY_HIGH: 'VERY HIGH',
  HIGHEST: 'HIGHEST',
};

/** What went wrong and what to do about it; `subject` is a photo or "A photo". */
const errors: Record<ErrorCode, (subject: string) => string> = {
  REQUEST_INVALID: () => 'The photos did not arrive whole. Please try again.',
  REQUEST_TOO_LARGE: () => 'The two photos together are too large. Please choose smaller ones.',
  PHOTO_EMPTY: (subject) => `${subject}: the file is empty. Please choose another one.`,
  PHOTO_UNSUPPORTED: (subject) =>
    `${subject}: this kind of file is not supported. Please choose a JPEG, PNG, WebP or JPEG 2000 picture.`,
  PHOTO_DAMAGED: (subject) => `${subject}: the file is damaged or incomplete.`,
  PHOTO_TOO_LARGE: (subject) =>
    `${subject}: the picture is too large. Up to 25 megapixels and one frame are accepted.`,
  NO_FACE: (subject) =>
    `${subject}: no face was found. Please use a photo that shows the face from the front, in good light.`,
  LICENCE_INVALID: () => 'The licence of this server does not allow the comparison.',
  KEY_REFUSED: () =>
    'This server compares faces for programs with an API key only, so this page cannot be used.',
  TOO_MANY_REQUESTS: () => 'Too many requests. Please try again in a moment.',
  BUSY: () => 'The server is busy. Please try again in a moment.',
  TIMEOUT: () => 'The comparison took too long. Please try again.',
  NOT_FOUND: () => 'This server does not offer the comparison.',
  METHOD_NOT_ALLOWED: () => 'This server does not offer the comparison.',
  INTERNAL: () => 'Something went wrong on the server. Please try again.',
};

const stage: Record<Stage, string> = {
  queue: 'Waiting for a worker',
  decode: 'Reading the picture',
  detect: 'Finding faces',
  mesh: 'Fitting the face mesh',
  embed: 'Making the template',
};

function degrees(value: number, positive: string, negative: string): string | undefined {
  const whole = Math.round(Math.abs(value));
  return whole < 3 ? undefined : `${whole}°\u00a0${value > 0 ? positive : negative}`;
}

export const strings = {
  page: {
    language: 'en',
    title: 'Compare two faces · Gatehouse',
    heading: 'Compare two faces',
    lead:
      'Do two photos show the same person? This server measures both faces and says how sure it is.',
    photoA: photo.a,
    photoB: photo.b,
    drop: 'Drop a photo here',
    add: 'Add a photo',
    choose: 'or choose a file',
    chooseOnly: 'Choose a file',
    formats: 'JPEG, PNG, WebP or JPEG 2000',
    camera: 'Use camera',
    cameraA: 'Use camera for the first photo',
    cameraB: 'Use camera for the second photo',
    remove: 'Remove',
    removeA: 'Remove the first photo',
    removeB: 'Remove the second photo',
    scaleQuestion: 'The second photo is',
    selfie: 'a selfie',
    pictureId: 'an ID photo',
    retry: 'Try again',
    restart: 'Start over',
    noScript: 'This page needs JavaScript, which is switched off in this browser.',
    crops: 'The faces compared, levelled by the eyes',
    cropA: 'Face of the first photo',
    cropB: 'Face of the second photo',
    similarityScore: 'Similarity score, 0 to 100',
    workingPoints: 'Levels, and how many strangers reach them',
    timings: 'Timings',
    timingsCaption: 'Milliseconds on the server',
    stage: 'Stage',
    cameraTitle: 'Take a photo',
    cameraHint: 'Look straight into the camera, with light on your face.',
    takePhoto: 'Take photo',
    cancel: 'Cancel',
    privacy: 'Your photos',
    privacyText:
      'Photos are held in the memory of this server while it compares them, and are then forgotten. They are not stored, not logged and not sent anywhere else. The faces in the result are cut out here, in your browser.',
    engine: 'The engine',
    engineStarting: 'The face engine is starting.',
    levels: 'What the levels mean',
    levelsCaption: 'From this similarity on, at most this many pairs of strangers match',
    level: 'Level',
    score: 'Score',
    strangers: 'Strangers',
    similarity: 'Similarity',
  },
  photo,
  /** Headings of the table of levels. */
  scale: {
    'selfie': 'Selfie with selfie',
    'picture-id': 'Selfie with ID photo',
  } satisfies Record<Scale, string>,
  errors,
  stage,
  /** Subject of an error that names no photo. */
  somePhoto: 'A photo',
  connectionLost: 'The server could not be reached. Please try again.',
  tooLarge: (limitBytes: number) =>
    `The two photos together are larger than ${megabytes(limitBytes)}. Please choose smaller ones.`,
  notAPicture: (side: Side) =>
    `${photo[side]}: this is not a picture. Please choose a JPEG, PNG, WebP or JPEG 2000 file.`,
  noPreview: 'This browser cannot show this kind of picture. It can still be compared.',
  noCrop: 'No preview',
  cameraRefused: 'The camera could not be used. Please allow it in the browser, or choose a file.',
  status: {
    empty: 'Choose two photos to compare.',
    oneMissing: (missing: Side) => `${photo[missing]} is still missing.`,
    comparing: 'Comparing the two photos…',
    starting: 'The face engine is starting. Comparison begins when it is ready.',
    done: (score: string, headline: string) => `Score ${score} of 100. ${headline}.`,
    removed: (side: Side) => `${photo[side]} removed.`,
  },
  faces: (count: number) =>
    count === 1 ? '1 face found' : `${count} faces found, the most prominent one is compared`,
  confidence: (value: number) => `certainty ${Math.floor(value * 100)}\u00a0%`,
  /** Degrees as seen in the photo. */
  pose: (yaw: number, pitch: number, roll: number) => {
    const parts = [
      degrees(yaw, 'turned right', 'turned left'),
      degrees(pitch, 'looking up', 'looking down'),
      degrees(roll, 'tilted right', 'tilted left'),
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? 'facing the camera' : parts.join(', ');
  },
  photoAlt: (side: Side) => photo[side],
  score: (value: number) => value.toFixed(1),
  scoreText: (value: number) => `${value.toFixed(1)} of 100`,
  verdict: {
    none: 'No match: these look like different people',
    weak: 'Weak match, level LOW',
    match: (reached: Exclude<Level, 'NONE'>) => `Same person at level ${level[reached]}`,
    noneDetail: (lowestRate: number) =>
      `The score stays under the lowest level. More than ${
        oneIn(lowestRate)
      } pairs of strangers look at least this much alike.`,
    detail: (rate: number) => `At most ${oneIn(rate)} strangers would reach this score.`,
    weakDetail: (rate: number) =>
      `At most ${oneIn(rate)} strangers would reach this score: a hint, not enough to rely on.`,
    extrapolated:
      'The calibration data are too few to measure this level directly; its threshold was extrapolated from lower ones.',
  },
  point: {
    level,
    rate: oneIn,
    extrapolated: 'estimated',
    /** Behind a rate that was extrapolated. */
    star: ' *',
    reached: 'reached',
    notReached: 'not reached',
  },
  calibration: (data: string, identities: number, pairs: number, date: string) =>
    `The levels were measured on ${data}: ${number.format(pairs)} pairs of strangers among ${
      number.format(identities)
    } people, on ${date}. Other cameras, ages and origins may give other rates; both scales rest on the same data.`,
  liveness:
    'This page compares faces only. It does not check that a living person was in front of the camera.',
  engine: (name: string, version: string, signed: boolean) =>
    `Model pack ${name} ${version}, ${signed ? 'signed' : 'not signed'}.`,
  similarity: (value: number) => `Similarity of the two templates: ${value.toFixed(4)}.`,
  total: 'Both photos, start to finish',
  timings: (totalMs: number) => `Timings: ${Math.round(totalMs)} ms in total`,
  milliseconds: (value: number) => value.toFixed(1),
} as const;
