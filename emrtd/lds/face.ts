/** A face image with what its record says about it, common to ISO/IEC 19794-5 and 39794-5. */
import type { LdsImage } from './image.ts';

export type FaceRecordFormat = 'iso19794-5:2005' | 'iso19794-5:2011' | 'iso39794-5:2019';

export interface FaceImage extends LdsImage {
  record: FaceRecordFormat;
  /** Pixels as a 19794-5 record says, unchecked; null for 39794-5, where the size is optional. */
  widthPixels: number | null;
  heightPixels: number | null;
}

/** Images read at most from one file; issuers store one, rarely two. */
export const MAX_IMAGES = 16;
