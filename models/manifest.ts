/**
 * The manifest of a model pack: what each network is, where it came from, how its input is cut and
 * normalised, what its outputs mean and how networks are combined. Everything a pipeline must know
 * about a network is data here, so that another pack (an int8 network, a PAD network, a different
 * embedder) needs no new code.
 */
import { z } from 'zod';

/** Version of this format. A reader refuses every other number by name. */
export const PACK_FORMAT_VERSION = 1;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const Slug = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
/** A path inside the pack: relative, forward slashes, no segment that starts with a dot. */
const PACK_PATH = /^(?!.*(?:^|\/)\.)[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const MAX_PATH = 200;
const PackPath = z.string().regex(PACK_PATH).max(MAX_PATH);

/** Whether a file of this name may be part of a pack. */
export function isPackPath(path: string): boolean {
  return path.length <= MAX_PATH && PACK_PATH.test(path);
}

const Triple = z.tuple([z.number(), z.number(), z.number()]);

/** How pixels become the input tensor: value = (pixel[0..255] - mean) * scale; triples are in the order of `channels`. */
const InputSchema = z.strictObject({
  name: z.string(),
  layout: z.enum(['NHWC', 'NCHW']),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  channels: z.enum(['RGB', 'BGR']),
  mean: Triple,
  scale: Triple,
  /** 1 = one crop a run; "N" = any number of crops a run. */
  batch: z.union([z.literal(1), z.literal('N')]),
  /** What lies outside the picture: black, or the nearest edge pixel. */
  outside: z.enum(['black', 'edge']),
  /**
   * false = bilinear from full resolution even where that skips pixels, as OpenCV's default resize does;
   * networks trained on its aliasing need it. Else strong reductions are averaged.
   */
  antialias: z.literal(false).optional(),
});

/**
 * How a crop is cut out of the picture.
 * - frame: the whole picture, letterboxed to the input size
 * - box: a square around the detected box, side = longer side x `scale`, levelled by the eyes when `level`
 * - mesh-box: a square around the mesh's bounding box, levelled by the eyes, centre moved down by `shiftY` x side
 * - points: least-squares similarity that maps mesh points (averages of the listed indices) onto
 *   positions given as fractions of the input size
 * - eye: a square around one eye of the mesh, side = eye width x `scale`
 * - scene-box: the mesh's upright bounding box, both sides x `scale`; where that is larger than the picture
 *   it is shrunk, where it reaches out of the picture shifted; the result is stretched to the input size
 */
const CropSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('frame') }),
  z.strictObject({ kind: z.literal('box'), scale: z.number().positive(), level: z.boolean() }),
  z.strictObject({
    kind: z.literal('mesh-box'),
    scale: z.number().positive(),
    shiftY: z.number(),
  }),
  z.strictObject({
    kind: z.literal('points'),
    points: z.array(z.strictObject({
      mesh: z.array(z.int().min(0).max(477)).min(1),
      x: z.number(),
      y: z.number(),
    })).min(2),
  }),
  z.strictObject({ kind: z.literal('eye'), scale: z.number().positive() }),
  z.strictObject({ kind: z.literal('scene-box'), scale: z.number().positive() }),
]);

/** Detections under this probability are dropped. */
const MinScore = z.number().min(0).max(1);
/** Overlap (intersection over union) above which the weaker detection is merged away. */
const MaxOverlap = z.number().min(0).max(1);

/** SSD anchor decoding of the BlazeFace family: box and key points are offsets from anchor centres. */
const AnchorSchema = z.strictObject({
  kind: z.literal('anchors'),
  /** Anchor layers in output order: grid stride in input pixels and anchors per cell. */
  layers: z.array(z.strictObject({ stride: z.int().positive(), perCell: z.int().positive() }))
    .min(1),
  /** Names of the score tensors and box tensors, in layer order (one each when they are joined). */
  scores: z.array(z.string()).min(1),
  boxes: z.array(z.string()).min(1),
  keyPoints: z.int().min(0),
  minScore: MinScore,
  maxOverlap: MaxOverlap,
});

/**
 * Anchor-free decoding of YuNet: one class and one object score, one box and five points per grid cell, in
 * the outputs of the roles cls_S, obj_S, bbox_S and kps_S for each stride S.
 */
const YuNetSchema = z.strictObject({
  kind: z.literal('yunet'),
  /** Grid strides in input pixels. */
  strides: z.array(z.int().positive()).min(1),
  minScore: MinScore,
  maxOverlap: MaxOverlap,
});

const PadSchema = z.strictObject({
  /** Number of scores, and which of them is of the bona fide class. */
  classes: z.int().min(2).max(16),
  bonaFide: z.int().min(0).max(15),
  /** What turns the scores into probabilities: softmax of logits, or none when they are probabilities. */
  activation: z.enum(['softmax', 'none']),
});

const EmbeddingSchema = z.strictObject({
  /** Length of the network's output vector. */
  size: z.int().min(1).max(8192),
  /** Average the vector with that of the mirrored crop. */
  mirror: z.boolean(),
  /** Optional float32 little-endian file: `size` values subtracted after L2 normalisation. */
  mean: PackPath.optional(),
  /** Optional float32 little-endian file: row-major [projectedSize][size], applied after the mean. */
  projection: PackPath.optional(),
  projectedSize: z.int().min(1).max(8192).optional(),
  /** Weight of this network's cosine in the fused similarity; weights of a pack sum to 1. */
  weight: z.number().positive(),
});

const NetworkSchema = z.strictObject({
  id: Slug,
  task: z.enum(['detector', 'mesh', 'iris', 'segmentation', 'embedder', 'pad']),
  title: z.string(),
  file: PackPath,
  precision: z.enum(['fp32', 'fp16', 'int8']),
  card: PackPath,
  origin: z.strictObject({
    package: z.string(),
    version: z.string(),
    licence: z.string(),
    /** Full text of the licence, where the pack carries it. */
    licenceText: PackPath.optional(),
    /** Files of the package the network was built from, with their SHA-256. */
    sources: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })).min(1),
  }),
  input: InputSchema,
  crop: CropSchema,
  /** Role -> tensor name, e.g. {"points": "Identity_2", "presence": "Identity_1"}. */
  outputs: z.record(z.string(), z.string()),
  decode: z.discriminatedUnion('kind', [AnchorSchema, YuNetSchema]).optional(),
  embedding: EmbeddingSchema.optional(),
  pad: PadSchema.optional(),
});

export const ManifestSchema = z.strictObject({
  format: z.literal('gatehouse-model-pack'),
  formatVersion: z.literal(PACK_FORMAT_VERSION),
  name: Slug,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  description: z.string(),
  networks: z.array(NetworkSchema).min(1).max(64),
  /** Every file of the pack but manifest.json and signature.json. */
  files: z.array(z.strictObject({
    path: PackPath,
    sha256: Sha256,
    bytes: z.int().min(0).max(2 ** 31),
  })).max(1000),
  /** Calibration files by purpose. */
  calibration: z.strictObject({
    match: PackPath.optional(),
    pad: PackPath.optional(),
    quality: PackPath.optional(),
  }),
});

export type Manifest = z.infer<typeof ManifestSchema>;
export type Network = z.infer<typeof NetworkSchema>;
export type NetworkInput = z.infer<typeof InputSchema>;
export type NetworkCrop = z.infer<typeof CropSchema>;
export type AnchorDecoding = z.infer<typeof AnchorSchema>;
export type YuNetDecoding = z.infer<typeof YuNetSchema>;

/** Roles of a YuNet's outputs at one stride: class and object scores, boxes, key points. */
export function yuNetOutputs(stride: number): string[] {
  return ['cls', 'obj', 'bbox', 'kps'].map((role) => `${role}_${stride}`);
}

export type EmbeddingSpec = z.infer<typeof EmbeddingSchema>;
