import { describe, expect, test } from 'bun:test';
import { area, byProminence, mergeDetections, overlap } from '../../../biometrics/detect/merge.ts';
import type { Box, DetectedFace } from '../../../biometrics/types.ts';

const box = (left: number, top: number, size: number): Box => ({
  left,
  top,
  right: left + size,
  bottom: top + size,
});
const face = (at: Box, confidence = 0.9): DetectedFace => ({
  box: at,
  confidence,
  keyPoints: new Float32Array(12),
});

describe('overlap', () => {
  test('is intersection over union', () => {
    expect(overlap(box(0, 0, 10), box(0, 0, 10))).toBe(1);
    expect(overlap(box(0, 0, 10), box(5, 0, 10))).toBeCloseTo(50 / 150, 9);
    expect(overlap(box(0, 0, 10), box(10, 0, 10))).toBe(0);
    expect(overlap(box(0, 0, 0), box(0, 0, 0))).toBe(0);
    expect(area(box(5, 5, -5))).toBe(0);
  });
});

describe('mergeDetections', () => {
  test('keeps the most certain of detections of one face, in that order', () => {
    const weak = face(box(12, 10, 40), 0.6), strong = face(box(10, 10, 40), 0.8);
    const other = face(box(200, 10, 40), 0.95);
    expect(mergeDetections([weak, strong, other], 0.3)).toEqual([other, strong]);
  });

  test('takes a box inside a stronger one, and around it, for the same face', () => {
    const outer = face(box(0, 0, 100), 0.9), inner = face(box(30, 30, 40), 0.8);
    expect(mergeDetections([inner, outer], 0.3)).toEqual([outer]);
    const certainInner = face(box(30, 30, 40), 0.95);
    expect(mergeDetections([certainInner, outer], 0.3)).toEqual([certainInner]);
  });

  test('takes a second box on a face that fills the frame for the same face', () => {
    const whole = face({ left: 53, top: 29, right: 445, bottom: 421 }, 0.87);
    const eye = face({ left: -38, top: -3, right: 249, bottom: 285 }, 0.54);
    expect(mergeDetections([eye, whole], 0.3)).toEqual([whole]);
  });

  test('keeps neighbours that only touch', () => {
    const pair = [face(box(0, 0, 50), 0.9), face(box(45, 0, 50), 0.8)];
    expect(mergeDetections(pair, 0.3)).toEqual(pair);
    expect(mergeDetections([], 0.3)).toEqual([]);
  });
});

describe('byProminence', () => {
  const first = (...faces: DetectedFace[]) => byProminence(faces, 1000, 800)[0];

  test('prefers the larger face, and of equal ones the one nearer the middle', () => {
    const small = face(box(450, 350, 50)), large = face(box(400, 300, 200));
    expect(first(small, large)).toBe(large);
    const edge = face(box(20, 20, 100)), middle = face(box(450, 350, 100));
    expect(first(edge, middle)).toBe(middle);
  });

  test('does not take a somewhat larger bystander at the edge for the subject', () => {
    const bystander = face(box(0, 0, 150)), subject = face(box(450, 350, 100));
    expect(first(bystander, subject)).toBe(subject);
  });

  test('takes a far larger face anywhere', () => {
    const close = face(box(0, 0, 500)), far = face(box(480, 380, 40));
    expect(first(far, close)).toBe(close);
  });
});
