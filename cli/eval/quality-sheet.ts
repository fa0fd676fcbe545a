/** `gatehouse eval quality-sheet`: pictures beside their quality values, for people who judge the values. */
import '../../server/core/native/libraries.ts';
import { parse } from 'node:path';
import { degrade, FAULTS, qualitySheet, type SheetEntry } from '../../biometrics/evaluate/mod.ts';
import { encodeJpeg, encodePng } from '../../biometrics/image/mod.ts';
import {
  judgeQuality,
  measureInputs,
  type QualityCalibration,
  type QualityInputs,
  recognitionInputs,
  unifiedScore,
} from '../../biometrics/quality/mod.ts';
import { cutFrame } from '../../biometrics/portrait/cut.ts';
import { randomNumbers } from '../../biometrics/random-numbers.ts';
import { Pyramid } from '../../biometrics/align/pyramid.ts';
import { letterbox } from '../../biometrics/align/affine.ts';
import { FaceError } from '../../biometrics/mod.ts';
import type { FaceAnalysis, Picture } from '../../biometrics/types.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../command.ts';
import {
  analyseFile,
  type FaceEngine,
  openFaceEngine,
  qualityCalibration,
} from '../face-engine.ts';

export const help = `Usage: gatehouse eval quality-sheet IMAGE... --out FILE [options]

Draws pictures beside their quality values into one SVG: the unified score, what the gates say, and
the measures.

  --out FILE        where to write
  --title TEXT      over the page; default "Face quality"
  --faults DEGREE   also the first picture spoilt in every known way, to a degree of 0 to 1
  --pack PATH       a model pack instead of the default one
  --json            the values as JSON on standard output
`;

/** Size that pictures are drawn at, at most; and the JPEG quality. */
const THUMBNAIL = { width: 180, height: 240, quality: 72 };

/** Values on the page and their digits; the others are in the JSON. */
const SHOWN: readonly (readonly [name: string, label: string, digits: number])[] = [
  ['sharpness', 'sharpness', 0],
  ['illuminationUniformity', 'illumination uniformity', 0],
  ['overExposure', 'over-exposure', 0],
  ['underExposure', 'under-exposure', 0],
  ['backgroundUniformity', 'background uniformity', 0],
  ['yaw', 'yaw, degrees', 0],
  ['pitch', 'pitch, degrees', 0],
  ['roll', 'roll, degrees', 0],
  ['interEyeDistance', 'between the eyes, pixels', 0],
  ['rightEyeVisibility', 'right eye visible', 0],
  ['leftEyeVisibility', 'left eye visible', 0],
  ['noseVisibility', 'nose visible', 0],
  ['mouthVisibility', 'mouth visible', 0],
  ['confidence', 'detector confidence', 2],
  ['presence', 'mesh presence', 2],
];

interface Shown {
  readonly title: string;
  readonly picture: Picture;
  readonly analysis: FaceAnalysis;
}

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    out: TEXT,
    title: { type: 'string', default: 'Face quality' },
    faults: TEXT,
    pack: TEXT,
    json: FLAG,
  });
  if (positionals.length === 0 || values.out === undefined) {
    throw new UsageError('quality-sheet needs pictures and --out FILE');
  }
  const degree = values.faults === undefined ? undefined : Number(values.faults);
  if (degree !== undefined && !(degree >= 0 && degree <= 1)) {
    throw new UsageError('--faults takes a degree of 0 to 1');
  }
  const engine = await openFaceEngine(io, values.pack);
  const calibration = await qualityCalibration(engine);
  const shown: Shown[] = [];
  const lost: string[] = [];
  for (const path of positionals) {
    shown.push({ title: parse(path).name, ...await analyseFile(engine, path, { measure: true }) });
  }
  if (degree !== undefined) {
    for (const fault of FAULTS) {
      const spoilt = await spoil(engine, shown[0], fault, degree);
      if (spoilt === undefined) lost.push(fault);
      else shown.push(spoilt);
    }
  }
  const rows = shown.map(({ title, analysis }) => ({ title, ...valuesOf(analysis, calibration) }));
  const entries = await Promise.all(
    shown.map(({ picture }, i) => entryOf(picture, rows[i], calibration)),
  );
  await Bun.write(values.out, qualitySheet(values.title, entries));
  if (values.json) io.stdout(JSON.stringify({ out: values.out, pictures: rows, lost }) + '\n');
  else {
    io.stdout(`${entries.length} pictures in ${values.out}\n`);
    if (lost.length > 0) io.stdout(`no face found any more: ${lost.join(', ')}\n`);
  }
  return EXIT.ok;
}

/** @returns undefined when no face is found any more */
async function spoil(
  { pipeline }: FaceEngine,
  { title, picture, analysis }: Shown,
  fault: typeof FAULTS[number],
  degree: number,
): Promise<Shown | undefined> {
  const { box } = analysis.faces[0];
  const bad = await degrade(picture, box, fault, degree, randomNumbers(1));
  try {
    const { analysis: found } = await pipeline.inspect(await encodePng(bad), { measure: true });
    return { title: `${title}, ${fault}`, picture: bad, analysis: found };
  } catch (error) {
    if (error instanceof FaceError && error.code === 'NO_FACE') return undefined;
    throw error;
  }
}

function valuesOf(analysis: FaceAnalysis, { score }: QualityCalibration) {
  const measures = { ...recognitionInputs(analysis), ...measureInputs(analysis) };
  const values: QualityInputs = { ...measures, score: unifiedScore(score, measures) };
  return { values, eyesStatus: analysis.measures?.eyesStatus };
}

async function entryOf(
  picture: Picture,
  { title, values }: { title: string; values: QualityInputs },
  { gates }: QualityCalibration,
): Promise<SheetEntry> {
  const scale = Math.min(THUMBNAIL.width / picture.width, THUMBNAIL.height / picture.height);
  const width = Math.round(picture.width * scale), height = Math.round(picture.height * scale);
  const frame = letterbox(picture.width, picture.height, width, height);
  const small = cutFrame(new Pyramid(picture), frame, width, height).picture;
  return {
    title,
    thumbnail: await encodeJpeg(small, THUMBNAIL.quality),
    width,
    height,
    score: values.score,
    verdicts: (['ENROL', 'VERIFY'] as const).map((mode) => {
      const { accepted, findings } = judgeQuality(gates, mode, values);
      const kinds = [...new Set(findings.map(({ kind }) => kind.toLowerCase().replace('_', ' ')))];
      return `${mode}: ${accepted ? 'accepted' : kinds.join(', ')}`;
    }),
    values: SHOWN.map(([name, label, digits]) => [label, rounded(values[name], digits)]),
  };
}

/** A number to a number of digits, without the sign of a zero. */
function rounded(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, '');
}
