/** Watches the face from frame to frame: looks for it now and then, follows it in between. */
import { squareRegion } from '../../../../biometrics/align/affine.ts';
import { type HeadPose, headPose } from '../../../../biometrics/landmarks/pose.ts';
import type { EyesOpenness } from '../../../../biometrics/quality/eyes-open.ts';
import { detectFaces } from './detect.ts';
import { lookAtEyes } from './eyes.ts';
import { type Frame, HEIGHT, WIDTH } from './frame.ts';
import { type Light, lightOf, litSquare } from './light.ts';
import { boundsOf } from '../../../../biometrics/align/scene-box.ts';
import { fitMesh, type Mesh, type Region, regionOfFace, regionOfMesh } from './mesh.ts';
import type { Looker } from './networks.ts';

/** A face may have come or gone after so long. */
const DETECT_EVERY_MS = 700;
/**
 * Under it the mesh has lost the face: noise gave at most 0.007, the least sure of 1,664 faces 0.47
 * (biometrics/locate.ts).
 */
const MIN_PRESENCE = 0.3;
const LIGHT_SIZE = 48;

export interface Seen {
  readonly atMs: number;
  readonly faces: number;
  /** Of the whole frame when there is no face. */
  readonly light: Light;
  readonly face?: {
    readonly mesh: Mesh;
    readonly pose: HeadPose;
    /** Absent while the network for it is not there. */
    readonly eyes?: EyesOpenness | undefined;
  };
}

export interface Networks {
  readonly detector: Looker;
  readonly mesh: Looker;
  /** Comes later than the others, or not at all. */
  iris?: Looker | undefined;
}

export class Watcher {
  readonly #networks: Networks;
  #region: Region | undefined;
  #faces = 0;
  #detectedMs = -Infinity;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** @param lookAtTheEyes costs about as much again */
  async watch(frame: Frame, atMs: number, lookAtTheEyes: boolean): Promise<Seen> {
    if (this.#region === undefined || atMs - this.#detectedMs >= DETECT_EVERY_MS) {
      const faces = await detectFaces(this.#networks.detector, frame);
      this.#faces = faces.length;
      this.#detectedMs = atMs;
      this.#region = faces.length === 0 ? undefined : regionOfFace(faces[0]);
    }
    const mesh = this.#region && await fitMesh(this.#networks.mesh, frame, this.#region);
    if (mesh === undefined || !(mesh.presence >= MIN_PRESENCE)) {
      this.#region = undefined;
      const whole = squareRegion([WIDTH / 2, HEIGHT / 2], WIDTH, 0, LIGHT_SIZE);
      return { atMs, faces: 0, light: lightOf(frame.crop(whole, LIGHT_SIZE), LIGHT_SIZE) };
    }
    this.#region = regionOfMesh(mesh);
    const { centre, side } = litSquare(boundsOf(mesh.points));
    const m = squareRegion(centre, side, this.#region.angle, LIGHT_SIZE);
    const { iris } = this.#networks;
    return {
      atMs,
      faces: Math.max(1, this.#faces),
      light: lightOf(frame.crop(m, LIGHT_SIZE), LIGHT_SIZE),
      face: {
        mesh,
        pose: headPose(mesh.points, { width: WIDTH, height: HEIGHT }),
        eyes: iris && lookAtTheEyes ? await lookAtEyes(iris, frame, mesh) : undefined,
      },
    };
  }
}
