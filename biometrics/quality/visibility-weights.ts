/**
 * Weights of the visibility regression: one per feature (region-features.ts), then a constant. Made by
 * `npm run bench -- visibility --fit --people 300` from LFW View 1 with random objects painted before the faces, and scaled
 * so that 2 % of the uncovered parts fall below the API's thresholds (45 for nose, mouth and eyes, 20 for the
 * others) and half of them are above 97.
 */
export type VisiblePart = 'nose' | 'mouth' | 'top' | 'bottom' | 'eye' | 'side';

// deno-fmt-ignore
export const VISIBILITY_WEIGHTS: Readonly<Record<VisiblePart, readonly number[]>> = {
  nose: [3.32, 0.7, 0.03, -0.47, -0.66, -0.44, -0.84, -2.15, -1.59, 0.15, 2.66, 1.13, -0.44, -5.71, 0.65, -3.35, -2.46, 0.03, -0.48, -2.6, 1.94, 2.9],
  mouth: [1.33, 0.65, 0.18, 0.08, -0.84, -0.37, -3.45, -1.45, 0.11, -0.01, -1.61, 6.88, -2.77, -2.85, 0.49, -1.31, -0.81, 1.79, -2.64, -2.08, 1.4, -0.57],
  top: [4.09, 0.43, -0.94, -0.41, -0.4, 0.01, -1.91, -2.05, -2.15, 1.23, -3.09, 2.12, -2.17, -3.27, 0.59, 1.49, -2.22, 0.5, -0.09, 0.51, 3.85, 2.41],
  bottom: [2.43, 0.36, -0.12, -0.26, -0.35, -1.07, -3.16, -1.36, -0.4, 0.85, -2.03, 2.91, 0.13, -4.35, 0.56, -1.33, -4.41, -0.68, -0.8, -1.98, 1.94, 2.55],
  eye: [-0.81, 0.26, -0.37, -0.33, -0.26, -0.57, -3.78, 0.11, -0.75, -0.63, 1.42, 4.56, -3.46, -3.03, 0.6, -1.43, -3.43, 1.57, 0.67, -3.68, 1.48, 0.5],
  side: [1, 0.23, -0.65, -0.57, 0.11, -1.11, -1.91, -0.4, 0.13, 0.33, 4.29, -3.16, 0.29, -1.98, -0.01, -2.54, 3.69, -0.21, -2.18, -1.69, 1.66, 1.07],

};
