/**
 * Bursts as the Face SDK sends them: how often the rules of the product refuse people and forged feeds, and what
 * rigidity would do to them.
 */
import type { SequenceCalibration } from '../../biometrics/liveness/sequence/calibration.ts';
import { judgePerson, refuses } from '../../biometrics/liveness/mod.ts';
import { judgeMovement } from '../../biometrics/liveness/sequence/rigidity.ts';
import { type MatchCalibration, parseCalibration } from '../../biometrics/match/calibration.ts';
import { rateSimilarity } from '../../biometrics/match/rating.ts';
import { similarity } from '../../biometrics/match/similarity.ts';
import { openPack } from '../../models/mod.ts';
import { packPath } from '../../server/core/model-pack.ts';
import { printTable } from '../statistics.ts';
import { type BurstMeasures, FORGERY_NAMES } from './burst-measures.ts';
import type { Job, Take } from './crew.ts';
import { percent, share } from './rates.ts';
import { BURST, openStudio, type Person, type Studio } from './studio.ts';
import type { SurfaceKind } from './surface.ts';
import type { Film } from './videos.ts';

/** Largest yaw of people who hold still for a picture, and of prints in a hand; 0 stands for a tripod. */
const STILL = [0, 1, 3, 5] as const, PRINTS = [0, 5, 10, 20] as const;

/** Each of some people at each amplitude, in the pictures of the SDK. */
function moved(people: readonly Person[], kind: SurfaceKind, amplitudes: readonly number[]): Job[] {
  return people.flatMap((person, i) =>
    amplitudes.map((amplitude): Job => ({
      person,
      plan: {
        kind,
        held: amplitude === 0 ? 'tripod' : 'hand',
        amplitude,
        frames: BURST.frames,
        framesPerSecond: 1000 / BURST.apartMs,
        noise: 3,
        camera: { width: 480, height: 640, focal: 590 },
      },
      seed: 1000 * i + amplitude,
      measure: 'burst',
    }))
  );
}

export function bursts(heads: readonly Person[], prints: readonly Person[]): Job[] {
  return [...moved(heads, 'head', STILL), ...moved(prints, 'flat', PRINTS)];
}

/** A burst every second of a film. */
async function burstsOf({ frames }: Film, studio: Studio): Promise<BurstMeasures[]> {
  const measures: BurstMeasures[] = [];
  const endMs = frames[frames.length - 1].timeMs - (BURST.frames - 1) * BURST.apartMs;
  for (let startMs = frames[0].timeMs; startMs <= endMs; startMs += 1000) {
    const burst = Array.from({ length: BURST.frames }, (_, i) => {
      const wantedMs = startMs + i * BURST.apartMs;
      const { timeMs, scene } = frames.find((frame) => frame.timeMs >= wantedMs)!;
      return { timeMs, picture: scene.pyramid.picture };
    });
    measures.push(await studio.measure(burst));
  }
  return measures;
}

export async function printBursts(
  takes: readonly Take[],
  films: readonly Film[],
  calibration: SequenceCalibration['rigidity'],
): Promise<void> {
  const pack = await openPack(await packPath(undefined, () => {}));
  const matching = parseCalibration(await pack.read(pack.manifest.calibration.match!));
  const rows = [[
    'shown',
    'bursts',
    'rigidity refuses',
    'of them surely',
    'feed refuses',
    'compared',
    'person refuses',
    'least similarity',
  ]];
  const add = (shown: string, all: readonly BurstMeasures[]) =>
    rows.push([shown, ...ratesOf(all, calibration, matching)]);
  const of = (kind: SurfaceKind, amplitude: number) =>
    takes.flatMap(({ job: { plan }, burst }) =>
      plan.kind === kind && plan.amplitude === amplitude && burst !== undefined ? [burst] : []
    );
  for (const amplitude of STILL) add(`head, ${amplitude} degrees`, of('head', amplitude));
  const studio = await openStudio();
  for (const film of films) add(`video ${film.name}`, await burstsOf(film, studio));
  for (const amplitude of PRINTS) add(`flat print, ${amplitude} degrees`, of('flat', amplitude));
  console.log(
    `\nbursts of ${BURST.frames} frames ${BURST.apartMs} ms apart, 480 x 640, JPEG (rates in percent)`,
  );
  printTable(rows);
  printForgeries(takes, matching);
}

function ratesOf(
  all: readonly BurstMeasures[],
  calibration: SequenceCalibration['rigidity'],
  matching: MatchCalibration,
): string[] {
  const rigidity = all.flatMap(({ movement }) =>
    movement === undefined ? [] : [judgeMovement(movement, false, calibration)]
  );
  const alike = all.flatMap(({ templates }) =>
    templates === undefined ? [] : [similarity(templates.before, templates.picture)]
  );
  return [
    String(all.length),
    percent(share(rigidity, refuses)),
    percent(share(rigidity, (verdict) => refuses(verdict) && verdict.confidence >= 0.5)),
    percent(share(all, ({ refused }) => refused['as it is'])),
    String(alike.length),
    percent(share(alike, (value) => isOther(value, matching))),
    Math.min(...alike).toFixed(3),
  ];
}

/** Forged feeds, and pictures of everybody behind the burst of somebody else. */
function printForgeries(takes: readonly Take[], matching: MatchCalibration): void {
  const all = takes.flatMap(({ burst }) => burst ?? []);
  const rows = [['forged', 'bursts', 'refused']];
  for (const name of FORGERY_NAMES.slice(1)) {
    rows.push([name, String(all.length), percent(share(all, ({ refused }) => refused[name]))]);
  }
  const shown = takes.flatMap(({ job: { person: { name } }, burst }) =>
    burst?.templates === undefined ? [] : [{ name, ...burst.templates }]
  );
  const swapped = shown.map(({ name, picture }, i) => {
    const others = [...shown.slice(i + 1), ...shown.slice(0, i)];
    return similarity(picture, others.find((other) => other.name !== name)!.before);
  });
  rows.push([
    'the picture is of another person',
    String(swapped.length),
    percent(share(swapped, (value) => isOther(value, matching))),
  ]);
  console.log('\nforged bursts (rates in percent)');
  printTable(rows);
}

function isOther(value: number, matching: MatchCalibration): boolean {
  return refuses(judgePerson(rateSimilarity(matching, value, 'selfie').level));
}
