/** `gatehouse inspect IMAGE`. */
import '../server/core/native/libraries.ts';
import { parse } from 'node:path';
import { encodePng } from '../biometrics/image/mod.ts';
import { drawAnalysis } from '../biometrics/draw.ts';
import { headPose } from '../biometrics/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from './command.ts';
import { analyseFile, openFaceEngine } from './face-engine.ts';

export const help = `Usage: gatehouse inspect IMAGE [--out PNG] [--pack PATH] [--json]

Finds the faces of a picture and writes a PNG with their boxes, the landmarks and the head pose of
the most prominent one drawn in.

  --out PNG    where to write; default IMAGE with the ending .inspected.png, in this folder
  --pack PATH  a model pack instead of the default one
  --json       one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { out: TEXT, pack: TEXT, json: FLAG });
  if (positionals.length !== 1) {
    throw new UsageError('inspect needs one file: gatehouse inspect IMAGE');
  }
  const [path] = positionals;
  const engine = await openFaceEngine(io, values.pack);
  const { picture, analysis } = await analyseFile(engine, path);
  const pose = headPose(analysis.mesh, analysis);
  const out = values.out ?? `${parse(path).name}.inspected.png`;
  await Bun.write(out, await encodePng(drawAnalysis(picture, analysis)));

  const round = (value: number) => Math.round(value * 10) / 10;
  const result = {
    width: picture.width,
    height: picture.height,
    faces: analysis.faces.map(({ box, confidence }) => ({
      left: Math.round(box.left),
      top: Math.round(box.top),
      right: Math.round(box.right),
      bottom: Math.round(box.bottom),
      confidence: Number(confidence.toFixed(3)),
    })),
    pose: { yaw: round(pose.yaw), pitch: round(pose.pitch), roll: round(pose.roll) },
    timingsMs: Object.fromEntries(
      Object.entries(analysis.timingsMs).map(([stage, ms]) => [stage, round(ms)]),
    ),
    drawing: out,
  };
  if (values.json) io.stdout(JSON.stringify(result) + '\n');
  else {
    io.stdout(table([
      ['size', `${result.width} x ${result.height}`],
      ...result.faces.map((face, i) => [
        `face ${i + 1}`,
        `${face.left},${face.top} to ${face.right},${face.bottom}  confidence ${face.confidence}`,
      ]),
      [
        'pose',
        `yaw ${result.pose.yaw}, pitch ${result.pose.pitch}, roll ${result.pose.roll} degrees`,
      ],
      ['drawing', out],
    ]));
  }
  return EXIT.ok;
}
