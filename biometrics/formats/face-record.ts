/** What an ISO/IEC 19794-5 face record holds: version 010 (2005, as in passports) and 030 (2011). */

/** A feature point, 8 bytes in both versions. */
export interface FeaturePoint {
  /** 1 for MPEG-4 points. */
  readonly type: number;
  /** Major code in the high four bits, minor in the low. */
  readonly code: number;
  /** Pixels from the upper left corner. */
  readonly x: number;
  readonly y: number;
  /** Reserved (0) in version 010. */
  readonly z: number;
}

/** What both versions say of a face and its image; codes are those of the standard, 0 = unspecified. */
export interface FaceRepresentationBase {
  readonly gender: number;
  readonly eyeColour: number;
  readonly hairColour: number;
  /** 24 bits. */
  readonly featureMask: number;
  readonly expression: number;
  /** Yaw, pitch, roll, coded. */
  readonly pose: readonly [number, number, number];
  readonly poseUncertainty: readonly [number, number, number];
  readonly featurePoints: readonly FeaturePoint[];
  /** 0 basic, 1 full frontal, 2 token frontal. */
  readonly imageType: number;
  /** 010: 0 JPEG, 1 JPEG 2000. 030: 0 JPEG, 1 JPEG 2000 lossy, 2 JPEG 2000 lossless, 3 PNG. */
  readonly dataType: number;
  /** As stated; many issuers state a size that is not the image's own. */
  readonly width: number;
  readonly height: number;
  /** 1 is 24-bit RGB. */
  readonly colourSpace: number;
  readonly deviceType: number;
  /** The image file. */
  readonly image: Uint8Array;
}

/** One face of a version 010 record. */
export interface FaceRepresentation2005 extends FaceRepresentationBase {
  readonly sourceType: number;
  readonly quality: number;
}

/** One quality statement (ISO/IEC 29794-1): score 0..100, 255 = failed. */
export interface QualityBlock {
  readonly score: number;
  readonly vendor: number;
  readonly algorithm: number;
}

/** Capture time, UTC; all bits set means unknown. */
interface CaptureTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** One face of a version 030 record. */
export interface FaceRepresentation2011 extends FaceRepresentationBase {
  readonly captured: CaptureTime;
  readonly captureTechnology: number;
  readonly captureVendor: number;
  readonly qualities: readonly QualityBlock[];
  /** Centimetres, 0 = unspecified. */
  readonly subjectHeight: number;
  readonly samplingRate: number;
  readonly postProcessing: number;
  readonly crossReference: number;
}

interface FaceRecord2005 {
  readonly version: '010';
  readonly representations: readonly FaceRepresentation2005[];
}

interface FaceRecord2011 {
  readonly version: '030';
  /** 0 when there is one representation. */
  readonly temporalSemantics: number;
  readonly representations: readonly FaceRepresentation2011[];
}

/** A face record; the first representation is the one to use. */
export type FaceRecord = FaceRecord2005 | FaceRecord2011;
