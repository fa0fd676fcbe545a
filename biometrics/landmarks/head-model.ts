/**
 * A head of average shape in millimetres, for fitting a pose to landmarks. Only points that expression, lids
 * and jaw hardly move.
 *
 * Generalised Procrustes mean of the meshes of 1,000 pictures of LFW View 1, made symmetric, with eye centres
 * 63 mm apart (ISO/IEC 29794-5 takes the same average for adults). The depth is the network's own: of depths
 * scaled by 0.7 to 1.3, the unscaled one fits the outlines of 122 heads turned by more than 20 degrees best.
 */

/**
 * Mesh point, then x to the person's left, y down, z away from the camera; the origin is midway between the
 * eyes. With the head upright, the line from forehead (10) to chin (152) is parallel to the picture.
 */
export const HEAD_MODEL: readonly (readonly [point: number, x: number, y: number, z: number])[] = [
  [1, 0, 36.4, -43.8],
  [4, 0, 29.5, -45.3],
  [5, 0, 21, -42.1],
  [6, 0, 1.1, -24.4],
  [8, 0, -12.9, -19.3],
  [9, 0, -21.4, -19.8],
  [10, 0, -53.9, -10.4],
  [21, -66.7, -21, 31.3],
  [33, -45.4, -0.4, 2.7],
  [50, -49.3, 31.8, -5.8],
  [54, -60.2, -33.3, 20],
  [58, -63.8, 70.5, 43.5],
  [67, -35.1, -50, -2.5],
  [98, -17.7, 41.9, -20.1],
  [103, -50.1, -43.3, 8],
  [117, -53, 16.5, 1.6],
  [129, -21.4, 35.2, -15.7],
  [133, -17.6, 0.4, -2.7],
  [151, 0, -38.3, -15.5],
  [168, 0, -6, -19.3],
  [195, 0, 14.3, -35.9],
  [197, 0, 7.9, -29.9],
  [205, -40.7, 40.1, -11.5],
  [251, 66.7, -21, 31.3],
  [263, 45.4, -0.4, 2.7],
  [280, 49.3, 31.8, -5.8],
  [284, 60.2, -33.3, 20],
  [288, 63.8, 70.5, 43.5],
  [297, 35.1, -50, -2.5],
  [327, 17.7, 41.9, -20.1],
  [332, 50.1, -43.3, 8],
  [346, 53, 16.5, 1.6],
  [358, 21.4, 35.2, -15.7],
  [362, 17.6, 0.4, -2.7],
  [425, 40.7, 40.1, -11.5],
];
