/** Named points of the 468-point face mesh (MediaPipe Face Mesh canonical topology). */

/** Outer and inner corner of the person's right eye (left in the picture) and left eye. */
export const RIGHT_EYE = [33, 133] as const;
export const LEFT_EYE = [263, 362] as const;
/** Middle of the forehead's upper edge, and the chin. */
export const FOREHEAD = 10;
export const CHIN = 152;
/** Points of the mesh. */
export const MESH_POINTS = 468;
