/**
 * `npm run bench -- identy-outputs [--pairs N] [--pictures N] [--pack PATH]`: what the endpoints answer to the
 * pictures of LFW View 1, over HTTP: comparisons by the level they reach, templates by quality mode, liveness
 * by threshold. Every picture of LFW is bona fide.
 */
import '../server/core/native/libraries.ts';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { LIVENESS_LEVELS } from '../biometrics/liveness/mod.ts';
import { MATCH_LEVELS } from '../biometrics/match/rating.ts';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { createLogger, loadConfig, startServer } from '../server/mod.ts';
import { sharedPath } from '../test/support/shared-data.ts';
import { printTable } from './statistics.ts';

const FOLDER = sharedPath('faces/lfw-view1');
const MODES = ['ENROL', 'VERIFY', 'DISABLED'];

interface Pair {
  readonly pictures: readonly [string, string];
  readonly genuine: boolean;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      pairs: { type: 'string', default: '1000' },
      pictures: { type: 'string', default: '200' },
      pack: { type: 'string' },
    },
  });
  const pairs = spread(await readPairs(), Number(values.pairs));
  const people = [...new Set(pairs.flatMap(({ pictures }) => pictures))];
  const pictures = spread(people, Number(values.pictures));
  const workers = availableParallelism();
  const log = createLogger('error', () => {});
  const config = loadConfig({}, { port: 0, workers });
  const faces = new FaceEngine({ workers, queueLimit: config.queueLimit, log });
  const server = startServer(config, { faces, log });
  await faces.start(await packPath(values.pack, () => {}));
  const ask = async (path: string, body: object) => {
    const response = await fetch(new URL(`/api/v1/${path}`, server.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  try {
    await comparisons(pairs, ask, workers);
    await templates(pictures, ask, workers);
    await liveness(pictures, ask, workers);
  } finally {
    await server.stop();
  }
  process.exit(0);
}

// deno-lint-ignore no-explicit-any
type Ask = (path: string, body: object) => Promise<any>;

async function comparisons(pairs: readonly Pair[], ask: Ask, lanes: number): Promise<void> {
  const reached = await inLanes(pairs, lanes, async ({ pictures: [a, b] }) => {
    const answer = await ask('matchWithPictureId', {
      image: { template: await base64(a), format: 'JPEG' },
      imageToVerifyAgainst: { template: await base64(b), format: 'JPEG' },
      level: 'HIGH',
    });
    return String(answer.matchHighestSecurityLevelReached ?? answer.feedbackCode);
  });
  const share = (genuine: boolean, level: number) => {
    const of = reached.filter((_, i) => pairs[i].genuine === genuine);
    const at = of.filter((name) => MATCH_LEVELS.findIndex((known) => known === name) >= level);
    return `${at.length} of ${of.length}`;
  };
  console.log('\nmatchWithPictureId: pairs that reach a level');
  printTable([
    ['level', 'same person', 'two people'],
    ...MATCH_LEVELS.map((level, i) => [level, share(true, i), share(false, i)]),
  ]);
}

async function templates(pictures: readonly string[], ask: Ask, lanes: number): Promise<void> {
  const rows = [];
  for (const qualityMode of MODES) {
    const answers = await inLanes(pictures, lanes, async (picture) => {
      const image = await base64(picture);
      const answer = await ask('face/generateTemplateFromImage', { image, qualityMode });
      return answer.code === 200 ? 'a template' : `${answer.code} ${answer.message}`;
    });
    for (const [answer, count] of counted(answers)) rows.push([qualityMode, answer, `${count}`]);
  }
  console.log('\ngenerateTemplateFromImage: answers by qualityMode');
  printTable([['mode', 'answer', 'pictures'], ...rows]);
}

async function liveness(pictures: readonly string[], ask: Ask, lanes: number): Promise<void> {
  const rows = [];
  for (const threshold of LIVENESS_LEVELS) {
    const answers = await inLanes(pictures, lanes, async (picture) => {
      const answer = await ask('face/as', { image: await base64(picture), threshold });
      return answer.is_spoof === false ? 'live' : answer.is_spoof ? 'spoof' : `${answer.code}`;
    });
    const count = (name: string) => answers.filter((answer) => answer === name).length;
    rows.push([threshold, `${count('live')}`, `${count('spoof')}`]);
  }
  console.log('\nface/as: bona fide pictures by threshold');
  printTable([['threshold', 'live', 'is_spoof'], ...rows]);
}

function counted(answers: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** Every k-th, so that `count` are left. */
function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]);
}

async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: 2 * lanes }, lane));
  return results;
}

/** `name, n, m` is a pair of one person, `name, n, other, m` one of two (LFW, pairsDevTest.txt). */
async function readPairs(): Promise<Pair[]> {
  const [, ...lines] = (await Bun.file(`${FOLDER}/pairsDevTest.txt`).text()).trim().split('\n');
  return lines.map((line) => {
    const [name, n, third, fourth] = line.split('\t');
    return fourth === undefined
      ? { pictures: [pathOf(name, n), pathOf(name, third)], genuine: true }
      : { pictures: [pathOf(name, n), pathOf(third, fourth)], genuine: false };
  });
}

function pathOf(name: string, number: string): string {
  return `${FOLDER}/images/${name}/${name}_${number.padStart(4, '0')}.jpg`;
}

async function base64(path: string): Promise<string> {
  return (await Bun.file(path).bytes()).toBase64();
}
