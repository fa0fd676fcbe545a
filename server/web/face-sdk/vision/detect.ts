/** Finds faces in a frame with the detector of the pack at half its usual input size. */
import { letterbox } from '../../../../biometrics/align/affine.ts';
import { anchorCentres, decodeAnchors } from '../../../../biometrics/detect/anchors.ts';
import { byProminence, mergeDetections } from '../../../../biometrics/detect/merge.ts';
import type { DetectedFace } from '../../../../biometrics/types.ts';
import { type Frame, HEIGHT, WIDTH } from './frame.ts';
import type { Looker } from './networks.ts';

/**
 * The detector finds faces from 0.075 of its input on (docs/decisions/one-detector.md); one that is to be
 * captured is five times as large, so half the size shows it, at a quarter of the work.
 */
const INPUT = 128;

/** All faces, the most prominent first. */
export async function detectFaces(detector: Looker, frame: Frame): Promise<DetectedFace[]> {
  const { anchors, outputs } = detector.entry;
  if (anchors === undefined) return [];
  const m = letterbox(WIDTH, HEIGHT, INPUT, INPUT);
  const result = await detector.look(frame.crop(m, INPUT), INPUT);
  const roleOf = (tensor: string) =>
    Object.keys(outputs).find((role) => outputs[role] === tensor) ?? tensor;
  const decoding = {
    ...anchors,
    kind: 'anchors' as const,
    layers: [...anchors.layers],
    scores: anchors.scores.map(roleOf),
    boxes: anchors.boxes.map(roleOf),
  };
  const centres = anchorCentres({ width: INPUT, height: INPUT }, decoding);
  const faces = decodeAnchors(result, decoding, centres, m);
  return byProminence(mergeDetections(faces, decoding.maxOverlap), WIDTH, HEIGHT);
}
