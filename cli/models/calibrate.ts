/** `gatehouse models calibrate`: error rates of the matcher over a folder of labelled pictures. */
import '../../server/core/native/libraries.ts';
import { basename, resolve } from 'node:path';
import {
  calibrationFrom,
  compareAll,
  crossValidatedAccuracy,
  detPlot,
  fnmrAt,
  thresholdFor,
} from '../../biometrics/evaluate/mod.ts';
import { dotProduct } from '../../biometrics/match/similarity.ts';
import { createFacePipeline, FaceError, type TemplatePart } from '../../biometrics/mod.ts';
import { openPack } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { extractAll, type LabelledFace } from '../eval/labelled-faces.ts';
import { choosePack } from '../pack-choice.ts';
import { reportProgress, reportShare } from '../progress.ts';

export const help = `Usage: gatehouse models calibrate --images DIR [options]

Compares every picture of a folder with every other and finds the thresholds of the working points.
DIR holds one folder per person with that person's pictures.

  --images DIR    the pictures
  --name NAME     what the data are called in the calibration; default the folder's name
  --pairs FILE    also the accuracy on a list of pairs in LFW's format, ten-fold cross-validated
  --out FILE      write the calibration here (JSON)
  --det FILE      draw the detection error trade-off curve here (SVG)
  --pack PATH     a model pack instead of the default one
  --json          one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    images: TEXT,
    name: TEXT,
    pairs: TEXT,
    out: TEXT,
    det: TEXT,
    pack: TEXT,
    json: FLAG,
  }, 0);
  if (values.images === undefined) throw new UsageError('calibrate needs --images DIR');
  const folder = resolve(values.images);
  const pairs = values.pairs === undefined ? undefined : await Bun.file(values.pairs).text();
  const { path, trust } = await choosePack(values.pack, reportProgress(io));
  const pack = await openPack(path, trust);
  const { modelId, parts } = await createFacePipeline(pack);
  const { faces, images, withoutFace } = await extractAll(folder, {
    packPath: path,
    packId: pack.id,
    modelId,
  }, io);

  const compare = reportShare(io, 'comparing');
  const fused = compareAll(faces, (share) => compare(share, 1));
  const calibration = calibrationFrom({
    modelId,
    dataName: values.name ?? basename(folder),
    images,
    withoutFace,
    identities: new Set(faces.map((face) => face.identity)).size,
    date: new Date().toISOString().slice(0, 10),
    command: 'gatehouse models calibrate',
  }, fused);
  const systems = [
    ...(parts.length > 1
      ? parts.map((part) => {
        const alone = faces.map((face) => only(face, part));
        return { label: `${part.id} alone`, faces: alone, histogram: compareAll(alone) };
      })
      : []),
    { label: 'fused', faces, histogram: fused },
  ];
  if (values.out !== undefined) {
    await Bun.write(values.out, JSON.stringify(calibration, null, 2) + '\n');
  }
  if (values.det !== undefined) {
    await Bun.write(values.det, detPlot(`DET on ${calibration.data.name}, all pairs`, systems));
  }

  const rows = systems.map((system) => {
    const tar = (fmr: number) => 1 - fnmrAt(system.histogram, thresholdFor(system.histogram, fmr));
    const accuracy = pairs === undefined ? undefined : pairAccuracy(pairs, system.faces);
    return { system: system.label, tar: [1e-2, 1e-3, 1e-4, 1e-5].map(tar), accuracy };
  });
  if (values.json) io.stdout(JSON.stringify({ calibration, systems: rows }) + '\n');
  else {
    const percent = (value: number) => (100 * value).toFixed(2);
    const { data, points } = calibration;
    io.stdout(
      `${data.name}: ${data.images} pictures, ${data.withoutFace} without a face, ${data.identities} people, ` +
        `${data.genuinePairs} genuine and ${data.impostorPairs} impostor pairs; model ${modelId}\n\n`,
    );
    io.stdout(table([
      [
        'TAR % at FMR',
        '1e-2',
        '1e-3',
        '1e-4',
        '1e-5',
        ...(pairs === undefined ? [] : ['accuracy %']),
      ],
      ...rows.map(({ system, tar, accuracy }) => [
        system,
        ...tar.map(percent),
        ...(accuracy === undefined
          ? []
          : [`${percent(accuracy.mean)} +- ${percent(accuracy.standardError)}`]),
      ]),
    ]));
    io.stdout(
      '\n' + table([
        ['FMR', 'threshold', 'false matches', 'FNMR %', ''],
        ...points.map((point) => [
          point.fmr.toExponential(),
          point.threshold.toFixed(5),
          String(point.falseMatches),
          percent(point.fnmr),
          point.extrapolated ? 'extrapolated' : '',
        ]),
      ]),
    );
  }
  return EXIT.ok;
}

/** The face as one embedder alone sees it: its part of the vector at unit length. */
function only(face: LabelledFace, part: TemplatePart): LabelledFace {
  const scale = 1 / Math.sqrt(part.weight);
  const vector = face.vector.slice(part.offset, part.offset + part.size).map((v) => v * scale);
  return { ...face, vector };
}

/** Accuracy on lines of "NAME i j" (one person) and "NAME i NAME j" (two people). */
function pairAccuracy(text: string, faces: readonly LabelledFace[]) {
  const byFile = new Map(faces.map((face) => [face.file, face.vector]));
  const pairs = text.split('\n').slice(1).map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length === 3 || fields.length === 4)
    .map((fields) => {
      const [a, i, ...rest] = fields;
      const [b, j] = rest.length === 2 ? rest : [a, rest[0]];
      const vectors = [[a, i], [b, j]].map(([name, k]) =>
        byFile.get(`${name}_${k.padStart(4, '0')}`)
      );
      const [x, y] = vectors;
      if (x === undefined || y === undefined) {
        throw new FaceError(
          'CALIBRATION_INVALID',
          `pairs: no face for the line "${fields.join(' ')}"`,
        );
      }
      return { similarity: dotProduct(x, y), samePerson: rest.length === 1 };
    });
  return crossValidatedAccuracy(pairs);
}
