/** The default pack and its pipeline, opened once for all tests of this process; and photographs that ship with npm packages. */
import '../../../server/core/native/libraries.ts';
import { join } from 'node:path';
import { createFacePipeline, type FacePipeline } from '../../../biometrics/mod.ts';
import { createDetector, type Detector } from '../../../biometrics/detect/detector.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { openPack, type Pack } from '../../../models/mod.ts';
import { packPath } from '../../../server/core/model-pack.ts';

let pack: Promise<Pack> | undefined;
let pipeline: Promise<FacePipeline> | undefined;
let detector: Promise<Detector> | undefined;

export function defaultPack(): Promise<Pack> {
  return pack ??= packPath(undefined, () => {}).then((path) => openPack(path));
}

export function defaultPipeline(): Promise<FacePipeline> {
  return pipeline ??= defaultPack().then((opened) => createFacePipeline(opened));
}

export function defaultDetector(): Promise<Detector> {
  return detector ??= defaultPack().then((opened) => {
    const { id } = opened.manifest.networks.find((network) => network.task === 'detector')!;
    return createDetector(id, createOnnxLoader(opened));
  });
}

/** Photograph 1 to 6 of @vladmandic/face-api (MIT), each of several people. */
export function photograph(number: number): string {
  return join(
    import.meta.dir,
    `../../../node_modules/@vladmandic/face-api/demo/sample${number}.jpg`,
  );
}
