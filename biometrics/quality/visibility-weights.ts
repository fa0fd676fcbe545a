/**
 * Weights of the visibility regression: one per feature (region-features.ts), then a constant. Made by
 * `npm run bench -- visibility --fit` from LFW View 1 with random objects painted before the faces, and scaled
 * so that 2 % of the uncovered parts fall below the API's thresholds (45 for nose, mouth and eyes, 20 for the
 * others) and half of them are above 97.
 */
export type VisiblePart = 'nose' | 'mouth' | 'top' | 'bottom' | 'eye' | 'side';

// deno-fmt-ignore
export const VISIBILITY_WEIGHTS: Readonly<Record<VisiblePart, readonly number[]>> = {
  nose: [5.03, 0.87, 0.12, -0.39, -0.79, 0.09, 0.07, -3.13, -0.6, -0.81, 4.71, 2.18, -0.89, 1.84],
  mouth: [1.54, 0.48, 0.22, -0.07, -0.51, -0.46, -0.67, -1.12, -0.12, -1.15, -1.41, 6.77, -0.75, -0.18],
  top: [4.04, 0.4, -0.67, -0.5, -0.26, -0.09, 0.31, 0.41, -1.53, 0.8, -2.97, 2.96, -1.35, 2.25],
  bottom: [4.06, 0.64, -0.36, -0.68, -0.33, -0.42, -1.33, -0.59, 1.09, -1.09, -1.2, 5.22, -0.01, 1.52],
  eye: [1.62, 0.32, -0.36, -0.41, -0.34, -0.08, -0.72, -0.21, -0.26, -2.7, 1.4, 4.13, -1.2, 0.25],
  side: [2.47, 0.38, -0.54, -0.6, 0.02, -0.96, -0.29, 0.59, -0.08, -0.23, 4.87, -3.14, -0.22, 1.5],
};
