/**
 * Weights of the visibility regression: one per feature (region-features.ts), then a constant. Made by
 * `npm run bench -- visibility --fit --people 500` from LFW View 1 with random objects painted before the
 * faces, and scaled so that 2 % of the uncovered parts fall below the API's thresholds (45 for nose, mouth and
 * eyes, 20 for the others) and half of them are above 97.
 */
export type VisiblePart = 'nose' | 'mouth' | 'top' | 'bottom' | 'eye' | 'side';

// deno-fmt-ignore
export const VISIBILITY_WEIGHTS: Readonly<Record<VisiblePart, readonly number[]>> = {
  nose: [4.7, 0.61, 0.09, -0.42, -0.7, -0.43, -0.1, -1.52, -1.12, 1.37, 3.83, 1.16, -1.84, -6.08, -0.19, -5.23, -5.21, 0.92, -0.69, -0.81, 0.3, 3.24],
  mouth: [0.51, 0.53, 0.26, 0, -0.51, -1.05, -3.52, -1.31, -0.64, 1.14, -2.64, 8.1, -1.74, -3.8, -0.94, -2.82, -5.44, 0.57, 1.11, -2.07, 2.52, 0.08],
  top: [3.95, 0.21, -0.81, -0.33, -0.14, -0.44, 1.6, 1.12, -2.78, 1.25, -2.94, 1.92, -2.12, -5.97, -1.05, 3.01, -1.37, 0.74, -1.38, 0.09, 2.65, 3.8],
  bottom: [2.21, 0.44, -0.32, -0.38, -0.36, -1.05, -3.11, -0.45, 0.02, 1.06, -2.93, 4.08, -0.11, -6.42, -1.33, 0.24, -6.77, -0.05, 0.75, -3.03, 2.65, 1.92],
  eye: [0.01, 0.25, -0.22, -0.25, -0.2, -0.49, -2.19, 0.48, -2.06, 0.32, -0.03, 3.23, -3.13, -4.8, 0.44, -2.73, -3.12, 1.36, 1.54, -2.76, 1.63, 2.19],
  side: [2.15, 0.25, -0.37, -0.42, 0.06, -1.31, -1.29, 0.34, -0.4, 0.65, 4.47, -3.5, -0.37, -2.64, -0.05, -3.53, 0.66, 0.17, -0.33, -1.03, 1.63, 2.15],

};
