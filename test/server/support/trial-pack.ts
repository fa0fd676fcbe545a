/** The default model pack with a made-up calibration, in a folder of its own, for tests of the engine. */
import '../../../server/core/native/libraries.ts';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFacePipeline } from '../../../biometrics/pipeline.ts';
import type { MatchCalibration } from '../../../biometrics/match/calibration.ts';
import { WORKING_POINTS } from '../../../biometrics/match/calibration.ts';
import { buildDefaultPack } from '../../../models/mod.ts';

/** Evenly spaced thresholds: enough to tell a picture from itself and from another; no run made them. */
function madeUp(modelId: string): MatchCalibration {
  return {
    format: 'gatehouse-match-calibration',
    formatVersion: 1,
    modelId,
    data: {
      name: 'none: made up for tests',
      images: 0,
      withoutFace: 0,
      identities: 0,
      genuinePairs: 0,
      impostorPairs: 0,
    },
    run: { date: '2026-01-01', command: 'none' },
    impostorMean: 0,
    points: WORKING_POINTS.map((fmr, i) => ({
      fmr,
      threshold: 0.4 + i * 0.05,
      falseMatches: 0,
      extrapolated: true,
      fnmr: 0,
    })),
    extrapolation: 'made up for tests',
  };
}

/**
 * @param modelId stands in the calibration; by default that of the pack's own embedders.
 * @param keepQuality whether the calibrations of quality and liveness stay in the pack
 * @returns folder of the pack.
 */
export async function trialPack(
  outDir: string,
  modelId?: string,
  keepQuality = false,
): Promise<string> {
  const pack = await buildDefaultPack({ outDir });
  const id = modelId ?? (await createFacePipeline(pack)).modelId;
  const bytes = new TextEncoder().encode(JSON.stringify(madeUp(id)));
  const path = 'calibration/match.json';
  await mkdir(join(outDir, 'calibration'), { recursive: true });
  await Bun.write(join(outDir, path), bytes);
  const file = {
    path,
    bytes: bytes.length,
    sha256: new Bun.CryptoHasher('sha256').update(bytes).digest('hex'),
  };
  const manifest = {
    ...pack.manifest,
    // that of quality is for the real embedders only
    calibration: keepQuality ? { ...pack.manifest.calibration, match: path } : { match: path },
    files: [...pack.manifest.files.filter((entry) => entry.path !== path), file],
  };
  await Bun.write(join(outDir, 'manifest.json'), JSON.stringify(manifest));
  return outDir;
}
