/** The model pack in use: its networks, what they were calibrated on, and their cards. */
import type { Pack } from '../../models/mod.ts';
import type { FaceEngineInfo } from '../core/face/engine.ts';
import type { ModelsAnswer } from './answer.ts';

/** @throws PackError when a card cannot be read */
export async function modelsAnswer(pack: Pack, info: FaceEngineInfo): Promise<ModelsAnswer> {
  const { manifest: { name, version, description, networks, files }, id, signed } = pack;
  const { calibration, liveness, quality = false } = info;
  const cards = files.map(({ path }) => path)
    .filter((path) => path.startsWith('cards/') || networks.some(({ card }) => card === path));
  return {
    pack: { name, version, description, id, signed },
    networks: networks.map(({ id, title, task, precision, input, origin }) => ({
      id,
      title,
      task,
      precision,
      input: `${input.width} x ${input.height} ${input.channels}`,
      origin: `${origin.package} ${origin.version}`,
      licence: origin.licence,
    })),
    matching: {
      data: calibration.data.name,
      identities: calibration.data.identities,
      impostorPairs: calibration.data.impostorPairs,
      points: calibration.points.map(({ fmr, fnmr, threshold, extrapolated }) => ({
        fmr,
        fnmr,
        threshold,
        extrapolated,
      })),
    },
    liveness: liveness === undefined
      ? null
      : { evidence: liveness.evidence, data: liveness.data, levels: liveness.levels },
    quality,
    cards: await Promise.all(cards.map(async (path) => ({
      name: path,
      text: new TextDecoder().decode(await pack.read(path)),
    }))),
  };
}
