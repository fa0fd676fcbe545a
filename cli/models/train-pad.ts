/** `gatehouse models train-pad`: fits liveness detection on labelled presentations and writes a pack with it. */
import '../../server/core/native/libraries.ts';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fitPad, padReport } from '../../biometrics/evaluate/mod.ts';
import { livenessDetectors } from '../../biometrics/liveness/mod.ts';
import { createOnnxLoader } from '../../biometrics/runtime/network.ts';
import { openPack, replaceCalibration } from '../../models/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { choosePack } from '../pack-choice.ts';
import { measureFolder } from '../eval/pad-measure.ts';
import { reportTables } from '../eval/pad-tables.ts';
import { reportProgress } from '../progress.ts';
import { readSigningKey } from './signing-key.ts';

export const help = `Usage: gatehouse models train-pad --data DIR --out FILE [options]

Fits the liveness detectors and their fusion on labelled presentations, finds the thresholds of the
security levels, and writes the pack with this calibration as one .gpack file. The error rates come
from cross-validation: no presentation is scored by a model that saw its person.

DIR is laid out as "gatehouse eval pad --help" says.

  --data DIR            the presentations
  --out FILE            the pack to write
  --attacks KIND        "real" for recorded attacks, "synthetic" for computed ones; default real
  --name NAME           what the data are called in the calibration; default the folder's name
  --pack PATH           the pack to start from instead of the one in use
  --pack-name NAME      name of the new pack; default that of the old one with "-site" behind it
  --sign KEY            sign it with this Ed25519 private key (PEM)
  --calibration FILE    write the calibration alone here as well (JSON)
  --json                one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    data: TEXT,
    out: TEXT,
    attacks: { type: 'string', default: 'real' },
    name: TEXT,
    pack: TEXT,
    'pack-name': TEXT,
    sign: TEXT,
    calibration: TEXT,
    json: FLAG,
  }, 0);
  const { data, out, attacks } = values;
  if (data === undefined || out === undefined) {
    throw new UsageError('train-pad needs --data DIR and --out FILE');
  }
  if (attacks !== 'real' && attacks !== 'synthetic') {
    throw new UsageError('--attacks is "real" or "synthetic"');
  }
  const key = values.sign === undefined ? undefined : await readSigningKey(values.sign);
  await mkdir(dirname(resolve(out)), { recursive: true });
  const { path, trust } = await choosePack(values.pack, reportProgress(io));
  const pack = await openPack(path, trust);
  const { samples, withoutFace, unreadable } = await measureFolder(resolve(data), path, pack, io);
  io.stderr(`fitting ${samples.length} presentations\n`);
  const { calibration, fused, alone } = fitPad(
    samples,
    await livenessDetectors(pack, createOnnxLoader(pack)),
    {
      dataName: values.name ?? basename(resolve(data)),
      attacks,
      withoutFace,
      date: new Date().toISOString().slice(0, 10),
      command: 'gatehouse models train-pad',
    },
  );
  const bytes = new TextEncoder().encode(JSON.stringify(calibration, null, 2) + '\n');
  if (values.calibration !== undefined) await Bun.write(values.calibration, bytes);
  const written = await replaceCalibration(path, resolve(out), 'pad', bytes, {
    name: values['pack-name'] ?? `${pack.manifest.name}-site`,
    key,
  });

  const reports = [...Object.entries(alone), ['fused', fused] as const]
    .map(([system, scores]) => padReport(system, scores));
  const { levels } = calibration;
  if (values.json) {
    io.stdout(
      JSON.stringify({
        file: resolve(out),
        id: written.id,
        signed: key !== undefined,
        data: calibration.data,
        unreadable,
        systems: reports,
        levels,
      }) + '\n',
    );
    return EXIT.ok;
  }
  const percent = (v: number) => (100 * v).toFixed(1);
  io.stdout(`${attacks} attacks, cross-validated over people; pack ${written.id}\n\n`);
  io.stdout(reportTables(reports));
  io.stdout(
    '\n' + table([
      ['level', 'APCER %', 'threshold', 'passed', 'BPCER %', 'supported'],
      ...levels.map((entry) => [
        entry.level,
        percent(entry.targetApcer),
        entry.threshold?.toFixed(4) ?? '-',
        `${entry.passed}/${entry.attacks} ${entry.species}`,
        percent(entry.bpcer),
        `${entry.supported ? 'yes' : 'no'}: ${entry.reason}`,
      ]),
    ]),
  );
  return EXIT.ok;
}
