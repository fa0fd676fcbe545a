/** `gatehouse match A B`. */
import '../server/core/native/libraries.ts';
import {
  MATCH_LEVELS,
  type MatchKind,
  type MatchLevel,
  rateSimilarity,
  reaches,
  similarity,
} from '../biometrics/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from './command.ts';
import { analyseFile, matchCalibration, openFaceEngine } from './face-engine.ts';

export const help = `Usage: gatehouse match A B [--level LEVEL] [--id] [--pack PATH] [--json]

Compares the most prominent faces of two files (JPEG, PNG, WebP, JPEG 2000 or an ISO/IEC 19794-5
face record) and says whether they belong to one person.

  --level LEVEL  ${MATCH_LEVELS.join(', ')}; default HIGH
  --id           B is the portrait of an identity document: its own levels apply
  --pack PATH    a model pack instead of the default one
  --json         one JSON object instead of text

Exit code 0 for a match, 1 for none, 3 when a file cannot be used.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    level: { type: 'string', default: 'HIGH' },
    id: FLAG,
    pack: TEXT,
    json: FLAG,
  });
  if (positionals.length !== 2) throw new UsageError('match needs two files: gatehouse match A B');
  const level = values.level.toUpperCase() as MatchLevel;
  if (!MATCH_LEVELS.includes(level)) {
    throw new UsageError(`--level must be one of ${MATCH_LEVELS.join(', ')}`);
  }
  const engine = await openFaceEngine(io, values.pack);
  const calibration = await matchCalibration(engine);
  const start = performance.now();
  const { analysis: probe } = await analyseFile(engine, positionals[0]);
  const { analysis: reference } = await analyseFile(engine, positionals[1]);
  const kind: MatchKind = values.id ? 'picture-id' : 'selfie';
  const alike = similarity(probe.template, reference.template);
  const rating = rateSimilarity(calibration, alike, kind);
  const result = {
    match: reaches(rating.level, level),
    level,
    highestLevelReached: rating.level,
    similarityScore: Math.floor(rating.similarityScore),
    similarity: Number(alike.toFixed(6)),
    faces: [probe.faces.length, reference.faces.length],
    timeMs: Math.round(performance.now() - start),
  };
  if (values.json) io.stdout(JSON.stringify(result) + '\n');
  else {
    io.stdout(table([
      ['verdict', result.match ? `match at level ${level}` : `no match at level ${level}`],
      ['score', `${result.similarityScore} of 100`],
      ['highest level', result.highestLevelReached],
      ['faces found', result.faces.join(' and ')],
      ['time', `${result.timeMs} ms`],
    ]));
  }
  return result.match ? EXIT.ok : EXIT.negative;
}
