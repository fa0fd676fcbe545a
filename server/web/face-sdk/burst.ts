/** The last frames with a face, so that the server sees how it moved before the picture was taken. */

export interface BurstFrame {
  readonly jpeg: Blob;
  /** By the page's clock, milliseconds. */
  readonly atMs: number;
}

/** Frames kept beside the picture, and the time between them: about a second of motion. */
const KEPT = 7;
const APART_MS = 140;

export class Burst {
  #frames: BurstFrame[] = [];

  /** Whether a frame of now would be kept. */
  wants(nowMs: number): boolean {
    const last = this.#frames.at(-1);
    return last === undefined || nowMs - last.atMs >= APART_MS;
  }

  add(frame: BurstFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > KEPT) this.#frames.shift();
  }

  /** Frames of another face would be no motion of this one. */
  clear(): void {
    this.#frames = [];
  }

  get frames(): readonly BurstFrame[] {
    return this.#frames;
  }
}
