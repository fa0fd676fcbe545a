/**
 * Weights of the visibility regression: one per feature (region-features.ts), then a constant. Made by
 * `npm run bench -- visibility --fit` from LFW View 1 with random objects painted before the faces, and scaled
 * so that 2 % of the uncovered parts fall below the API's thresholds (45 for nose, mouth and eyes, 20 for the
 * others) and half of them are above 97.
 */
export type VisiblePart = 'nose' | 'mouth' | 'top' | 'bottom' | 'eye' | 'side';

// deno-fmt-ignore
export const VISIBILITY_WEIGHTS: Readonly<Record<VisiblePart, readonly number[]>> = {
  nose: [4.17, 0.77, 0.14, -0.41, -0.61, -0.12, -1.26, -2.58, -0.84, 0.58, 3.68, 1.98, -1.44, -3.75, -0.34, -2.33, -4.39, 0.51, -0.25, -1.41, 2.38, 2.45],
  mouth: [0.92, 0.53, 0.28, -0.1, -0.42, -0.52, -1.9, -0.7, -0.52, -0.29, -0.89, 6.65, -2.66, -2.98, -0.54, 0.05, -1.8, 1.44, -1.2, -2.29, 1.64, 0.45],
  top: [4.08, 0.35, -0.59, -0.51, -0.19, -0.25, 0.02, -0.19, -2.3, 1.88, -2.96, 2.21, -2.17, -3.66, -0.94, 2.68, 0.74, 0.57, -2.98, 0.75, 2.72, 3.17],
  bottom: [2.85, 0.56, -0.29, -0.62, -0.22, -0.59, -1.33, 0.62, 0.92, -0.92, -1.4, 3.8, 0.25, -5.65, 0.18, 1.37, -4.45, -0.33, -0.75, -2.98, 1.86, 1.69],
  eye: [0.59, 0.3, -0.22, -0.35, -0.28, -0.11, -2.55, -0.24, -0.83, -0.71, 0.9, 3.6, -3.76, -4.52, 0.04, -1.54, -2.08, 1.92, 0.96, -2.34, 2.49, 1.42],
  side: [1.85, 0.34, -0.36, -0.52, 0.06, -0.97, -2.28, -0.07, 0.22, 1.07, 4.24, -2.65, -0.85, -2.56, 0.69, -3.05, 4.2, 0.45, -1.79, -1.03, 1.49, 1.51],
};
