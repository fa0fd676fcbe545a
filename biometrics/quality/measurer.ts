/** Takes all native measures of a face: runs the networks that only measures need, loaded when first asked for. */
import type { Pack } from '../../models/mod.ts';
import { refineEyes } from '../landmarks/iris.ts';
import { networkOf } from '../runtime/network-of.ts';
import type { NetworkLoader, RunnableNetwork } from '../runtime/network.ts';
import type { FaceScene } from '../scene.ts';
import { segmentForeground } from '../segment/foreground.ts';
import type { SourceFile } from './input.ts';
import { type FaceMeasures, measureFace } from './measure.ts';

export interface FaceMeasurer {
  /** @throws FaceError PACK_INCOMPLETE when the pack has no iris network or no segmentation */
  measure(scene: FaceScene, file: SourceFile): Promise<FaceMeasures>;
}

export function createFaceMeasurer(pack: Pack, loader: NetworkLoader): FaceMeasurer {
  let networks: Promise<readonly RunnableNetwork[]> | undefined;
  const load = () =>
    Promise.all([
      loader.load(networkOf(pack, 'iris')),
      loader.load(networkOf(pack, 'segmentation')),
    ]);
  return {
    async measure(scene, file) {
      const [iris, segmentation] = await (networks ??= load());
      const eyes = await refineEyes(iris, scene.pyramid, scene.mesh);
      const foreground = await segmentForeground(segmentation, scene.pyramid);
      return measureFace({ scene, eyes, foreground, file });
    },
  };
}
