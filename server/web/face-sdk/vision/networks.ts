/** The guidance networks of an archive, ready to be shown crops of a frame. */
import type { GuidanceNetworkEntry } from '../../../identy/models/archive.ts';
import type { GuidanceArchive } from '../archive.ts';
import { type GuidanceNetwork, openNetwork } from '../network/run.ts';
import { FaceSDKError } from '../errors.ts';

export interface Looker {
  readonly entry: GuidanceNetworkEntry;
  /** @param pixels red, green, blue, opacity of a crop of `size` x `size` */
  look(pixels: Uint8ClampedArray, size: number): Promise<Record<string, Float32Array>>;
}

/** @throws FaceSDKError ERROR_MODEL_FAIL when the archive lacks it or it cannot be run here */
export function lookerOf(archive: GuidanceArchive, task: GuidanceNetworkEntry['task']): Looker {
  const index = archive.networks.findIndex((network) => network.task === task);
  let network: GuidanceNetwork;
  try {
    network = openNetwork(archive.contents[index]);
  } catch (cause) {
    throw new FaceSDKError('ERROR_MODEL_FAIL', { cause });
  }
  const entry = archive.networks[index];
  const { mean, scale } = entry.input;
  return {
    entry,
    async look(pixels, size) {
      const data = new Float32Array(3 * size * size);
      for (let i = 0, p = 0; p < pixels.length; p += 4) {
        data[i++] = (pixels[p] - mean[0]) * scale[0];
        data[i++] = (pixels[p + 1] - mean[1]) * scale[1];
        data[i++] = (pixels[p + 2] - mean[2]) * scale[2];
      }
      const tensors = await network.run(data, size, size, Object.values(entry.outputs));
      return Object.fromEntries(
        Object.entries(entry.outputs).map(([role, tensor]) => [role, tensors[tensor]]),
      );
    },
  };
}
