/**
 * Errors of the head pose in degrees: faces of LFW View 1 that look about into the camera, drawn anew with
 * known turns, found anew, and compared with the pose found for the face drawn without a turn.
 */
import '../server/core/native/libraries.ts';
import { parseArgs } from 'node:util';
import { headPose } from '../biometrics/landmarks/pose.ts';
import { createFaceLocator } from '../biometrics/locate.ts';
import { createOnnxLoader } from '../biometrics/runtime/network.ts';
import type { Picture } from '../biometrics/types.ts';
import { openPack } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { renderTurned } from '../test/biometrics/support/render-head.ts';
import { printTable } from './statistics.ts';
import { located } from './located.ts';
import { lfwFaces } from './visibility/samples.ts';

/** Yaw and pitch, degrees. */
const TURNS = [[10, 0], [-20, 0], [30, 0], [-40, 0], [0, 10], [0, -10], [0, 20], [0, -20]] as const;
/** Faces turned further than this to begin with are left out. */
const MOST_YAW = 8;
const MOST_PITCH = 12;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { people: { type: 'string', default: '150' } } });
  const pack = await openPack(await packPath(undefined, () => {}));
  const locator = await createFaceLocator(pack, createOnnxLoader(pack));
  const poseOf = async (picture: Picture) => {
    const scene = await located(locator, picture);
    return scene && headPose(scene.mesh, picture);
  };
  const errors = TURNS.map((): [yaw: number, pitch: number, roll: number][] => []);
  let faces = 0;
  for await (const { picture, scene } of lfwFaces(locator, 1, Number(values.people))) {
    const { yaw, pitch } = headPose(scene.mesh, picture);
    if (Math.abs(yaw) > MOST_YAW || Math.abs(pitch) > MOST_PITCH) continue;
    const start = await poseOf(renderTurned(picture, scene.mesh, 0, 0));
    if (start === undefined) continue;
    faces++;
    for (const [i, [yaw, pitch]] of TURNS.entries()) {
      const pose = await poseOf(renderTurned(picture, scene.mesh, yaw, pitch));
      if (pose === undefined) continue;
      errors[i].push([
        pose.yaw - start.yaw - yaw,
        pose.pitch - start.pitch - pitch,
        pose.roll - start.roll,
      ]);
    }
  }
  const rms = (values: readonly number[]) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length).toFixed(1);
  console.log(`pose: ${faces} faces of LFW View 1, root mean square error in degrees`);
  printTable([
    ['yaw, pitch', 'found', 'yaw', 'pitch', 'roll'],
    ...TURNS.map(([yaw, pitch], i) => [
      `${yaw}, ${pitch}`,
      String(errors[i].length),
      ...[0, 1, 2].map((axis) => rms(errors[i].map((error) => error[axis]))),
    ]),
  ]);
}
