/** An eye as the iris network sees it, of straight lids. */
import type { RefinedEye } from '../../../biometrics/landmarks/iris.ts';

/** 100 wide, its lids `gap` apart. */
export function plainEye(gap: number): RefinedEye {
  const contour = new Float32Array(142);
  for (let i = 0; i <= 8; i++) contour.set([12.5 * i, gap / 2], 2 * i);
  for (let i = 9; i <= 15; i++) contour.set([12.5 * (i - 8), -gap / 2], 2 * i);
  return { contour, iris: new Float32Array(10) };
}
