/**
 * How well covered parts of a face are told from visible ones, on LFW View 1 with objects painted before the
 * faces. `--fit` computes the weights of biometrics/quality/visibility-weights.ts from one half of the people;
 * without it, the other half is rated at the thresholds of the API.
 */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { createFaceLocator, type FaceLocator } from '../biometrics/locate.ts';
import { facePatch } from '../biometrics/quality/face-patch.ts';
import { regionFeatures } from '../biometrics/quality/region-features.ts';
import { regionPixels } from '../biometrics/quality/regions.ts';
import { skinColour } from '../biometrics/quality/skin.ts';
import { type Visibility, visibility } from '../biometrics/quality/visibility.ts';
import type { VisiblePart } from '../biometrics/quality/visibility-weights.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import type { FaceScene } from '../biometrics/scene.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { OBJECTS, type Occluder, plain } from '../test/biometrics/support/occlusion.ts';
import { percentile, printTable } from './statistics.ts';
import { fitLogistic, logit, type Observation } from './visibility/regression.ts';
import {
  cheek,
  covered,
  type Face,
  lfwFaces,
  PARTS,
  randomOccluders,
  visibleShares,
} from './visibility/samples.ts';

/** Ratings that a part must exceed (IDENTY Face Web SDK v6, is_compliant; eyes as nose and mouth). */
const THRESHOLDS: Readonly<Record<VisiblePart, number>> = {
  nose: 45,
  mouth: 45,
  eye: 45,
  top: 20,
  bottom: 20,
  side: 20,
};

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { fit: { type: 'boolean', default: false }, people: { type: 'string' } },
  });
  const pack = await openPack(await packPath(undefined, () => {}));
  const locator = await createFaceLocator(pack, createOnnxLoader(pack));
  await (values.fit
    ? fit(locator, Number(values.people ?? 500))
    : check(locator, Number(values.people ?? 300)));
}

/** Objects painted before each face to fit on. */
const OBJECTS_PER_FACE = 7;
/** Share of uncovered parts that may fall below their threshold, and rating of half of them. */
const FALSE_ALARMS = 0.02;
const MEDIAN = 0.97;

async function fit(locator: FaceLocator, people: number): Promise<void> {
  const draw = randomOccluders(99);
  const observations: Record<string, Observation[]> = {};
  const add = (scene: FaceScene, shares: readonly number[]) => {
    const patch = facePatch(scene), skin = skinColour(patch);
    PARTS.forEach(([region, part], i) => {
      const { pixels } = regionPixels(patch, region);
      if (pixels.length === 0) return;
      (observations[part] ??= []).push({
        features: regionFeatures(patch, pixels, skin),
        share: shares[i],
      });
    });
  };
  const recent: Face[] = [];
  for await (const face of lfwFaces(locator, 0, people)) {
    add(face.scene, PARTS.map(() => 1));
    for (let i = 0; i < OBJECTS_PER_FACE; i++) {
      const occluder = draw(recent);
      const scene = await covered(locator, face, [occluder]);
      if (scene !== undefined) add(scene, visibleShares(face, occluder));
    }
    recent.push(face);
    if (recent.length > 40) recent.shift();
  }
  for (const [part, rows] of Object.entries(observations)) {
    const weights = fitLogistic(rows);
    const uncovered = rows.filter((row) => row.share > 0.98)
      .map((row) => logit(weights, row.features));
    const odds = (p: number) => Math.log(p / (1 - p));
    const low = odds((THRESHOLDS[part as VisiblePart] + 0.5) / 100);
    const edge = percentile(uncovered, FALSE_ALARMS);
    const scale = (odds(MEDIAN) - low) / (percentile(uncovered, 0.5) - edge);
    const scaled = [...weights].map((weight, i) =>
      i === weights.length - 1 ? low + scale * (weight - edge) : scale * weight
    );
    console.log(`  ${part}: [${scaled.map((weight) => Number(weight.toFixed(2))).join(', ')}],`);
  }
}

/** What objects are made of; "skin" is the person's own, as a hand is. */
const COLOURS: Readonly<Record<string, (face: Face) => Occluder['colour']>> = {
  black: () => plain(18, 18, 20),
  white: () => plain(235, 235, 238),
  blue: () => plain(90, 140, 190),
  grey: () => plain(120, 120, 120),
  pattern: () => (x, y) => (x >> 2) + (y >> 2) & 1 ? [190, 60, 50] : [240, 230, 210],
  skin: ({ picture, scene }) => plain(...cheek(picture, scene), 6),
};

type Counts = Record<string, { caught: number; of: number }>;

async function check(locator: FaceLocator, people: number): Promise<void> {
  const rate = (scene: FaceScene) => {
    const patch = facePatch(scene);
    return visibility(patch, skinColour(patch));
  };
  const isHidden = (rated: Visibility, region: string, part: VisiblePart) =>
    Math.round(rated[`${region}Visibility` as keyof Visibility]) <= THRESHOLDS[part];
  const alarms: Counts = {}, caught: Record<string, Counts> = {};
  const count = (counts: Counts, key: string, hit: boolean) => {
    const entry = counts[key] ??= { caught: 0, of: 0 };
    entry.of++;
    if (hit) entry.caught++;
  };
  let faces = 0;
  for await (const face of lfwFaces(locator, 1, people)) {
    const plainly = rate(face.scene);
    for (const [region, part] of PARTS) count(alarms, region, isHidden(plainly, region, part));
    count(alarms, 'any', PARTS.some(([region, part]) => isHidden(plainly, region, part)));
    const colours = Object.entries(COLOURS);
    for (const [i, [object, { covers, paint }]] of Object.entries(OBJECTS).entries()) {
      const [colour, of] = colours[(i + faces) % colours.length];
      const scene = await covered(locator, face, paint(of(face)));
      const rated = scene && rate(scene);
      // a face that is not found at all is no false accept
      const hit = rated === undefined ||
        PARTS.some(([region, part]) =>
          (covers as readonly string[]).includes(region) && isHidden(rated, region, part)
        );
      count(caught[object] ??= {}, colour, hit);
    }
    faces++;
  }
  const percent = ({ caught, of }: Counts[string]) => (100 * caught / of).toFixed(1);
  console.log(`visibility: LFW View 1, ${alarms.any.of} people not used for fitting`);
  console.log('\nfalse alarms on uncovered faces, %');
  printTable([Object.keys(alarms), Object.values(alarms).map(percent)]);
  console.log('\nobjects of which at least one covered part is rated hidden, %');
  printTable([
    ['object', ...Object.keys(COLOURS)],
    ...Object.entries(caught).map(([object, counts]) => [
      object,
      ...Object.keys(COLOURS).map((colour) => counts[colour] ? percent(counts[colour]) : '-'),
    ]),
  ]);
}
