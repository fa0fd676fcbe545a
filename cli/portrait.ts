/** `gatehouse portrait IMAGE`: the portrait of a document out of any picture with a face. */
import '../server/core/native/libraries.ts';
import { parse } from 'node:path';
import {
  plainFaceRecord,
  plainFaceRecord39794,
  readFaceInput,
  writeFaceRecord,
  writeFaceRecord39794,
} from '../biometrics/formats/mod.ts';
import { decodePicture, encodeJpeg, encodePng } from '../biometrics/image/mod.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { FaceError } from '../biometrics/mod.ts';
import { createPortraitMaker, formatColour, parseColour } from '../biometrics/portrait/mod.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import type { Picture } from '../biometrics/types.ts';
import { openPack } from '../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from './command.ts';
import { choosePack } from './pack-choice.ts';
import { readPictureFile } from './picture-file.ts';
import { reportProgress } from './progress.ts';

export const help = `Usage: gatehouse portrait IMAGE [options]

Cuts the 480x640 portrait of ISO/IEC 19794-5 (token frontal: eyes level, 120 pixels apart) out of a
picture. What lies outside the picture takes the background's colour and is reported.

  --out FILE           where to write: a PNG where FILE ends in .png, else a JPEG; default IMAGE with
                       the ending .portrait.jpg, in this folder
  --background COLOUR  "keep" it (the default), replace it by its "mean" colour or by #rrggbb
  --record VERSION     write a face record with a JPEG: 19794-5:2005, 19794-5:2011 or 39794-5:2019
  --pack PATH          a model pack instead of the default one
  --json               one JSON object instead of text
`;

/** Longer side in pixels that pictures are reduced to before. */
const WORKING_SIDE = 2560;

const RECORDS: Readonly<Record<string, (image: Uint8Array, size: Picture) => Uint8Array>> = {
  '19794-5:2005': (image, size) => writeFaceRecord(plainFaceRecord('010', image, size)),
  '19794-5:2011': (image, size) => writeFaceRecord(plainFaceRecord('030', image, size)),
  '39794-5:2019': (image, size) => writeFaceRecord39794(plainFaceRecord39794(image, size)),
};

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    out: TEXT,
    background: { type: 'string', default: 'keep' },
    record: TEXT,
    pack: TEXT,
    json: FLAG,
  });
  if (positionals.length !== 1) {
    throw new UsageError('portrait needs one file: gatehouse portrait IMAGE');
  }
  if (values.record !== undefined && !Object.hasOwn(RECORDS, values.record)) {
    throw new UsageError(`--record is one of ${Object.keys(RECORDS).join(', ')}`);
  }
  const background = chosenBackground(values.background);
  const [file] = positionals;
  const { path, trust } = await choosePack(values.pack, reportProgress(io));
  const pack = await openPack(path, trust);
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const portraits = await createPortraitMaker(pack, loader);

  const bytes = await readPictureFile(file);
  const portrait = await named(file, async () => {
    const picture = await decodePicture(readFaceInput(bytes).image, { maxSide: WORKING_SIDE });
    return await portraits.make((await locator.locate(picture)).scene, { background });
  });
  const ending = values.record === undefined ? 'portrait.jpg' : 'portrait.bin';
  const out = values.out ?? `${parse(file).name}.${ending}`;
  const write = values.record === undefined ? undefined : RECORDS[values.record];
  if (write === undefined && /\.png$/i.test(out)) {
    await Bun.write(out, await encodePng(portrait.picture));
  } else {
    const jpeg = await encodeJpeg(portrait.picture);
    await Bun.write(out, write === undefined ? jpeg : write(jpeg, portrait.picture));
  }

  const result = {
    width: portrait.picture.width,
    height: portrait.picture.height,
    outsideShare: Number(portrait.outsideShare.toFixed(4)),
    scale: Number(portrait.scale.toFixed(3)),
    background: formatColour(portrait.background),
    out,
  };
  if (values.json) io.stdout(JSON.stringify(result) + '\n');
  else {
    io.stdout(table([
      ['size', `${result.width} x ${result.height}`],
      ['outside the picture', `${(100 * result.outsideShare).toFixed(1)} %`],
      ['picture pixels per pixel', String(result.scale)],
      ['background', result.background],
      ['written', out],
    ]));
  }
  return EXIT.ok;
}

/** @throws UsageError */
function chosenBackground(text: string) {
  if (text === 'keep' || text === 'mean') return text;
  try {
    return parseColour(text);
  } catch {
    throw new UsageError('--background is keep, mean or a colour like #ffffff');
  }
}

/** Puts the file's name before the library's message. */
async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FaceError)) throw error;
    throw new FaceError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}
