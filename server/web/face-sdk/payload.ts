/** A capture as it lies in an envelope: the writing side of server/identy/capture.ts. */
import type { BurstFrame } from './burst.ts';
import type { Camera } from './camera.ts';
import type { Settings } from './options.ts';
import { isMobile } from './support.ts';

export interface Shot {
  /** The picture. */
  readonly picture: BurstFrame;
  /** Frames before it, oldest first. */
  readonly burst: readonly BurstFrame[];
  readonly camera: Pick<Camera, 'label' | 'facing' | 'frameRate' | 'devices'>;
  /** Size of the camera's own picture. */
  readonly width: number;
  readonly height: number;
}

/** @param capturedAtMs milliseconds since 1970 UTC by the server's clock */
export async function payloadOf(
  shot: Shot,
  settings: Settings,
  version: string,
  capturedAtMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const frames = [shot.picture, ...shot.burst];
  const firstMs = Math.min(...frames.map(({ atMs }) => atMs));
  const { camera } = shot;
  const description = {
    version: 1,
    sdk: `gatehouse-face-sdk/${version}`,
    platform: isMobile() ? 'mobile' : 'desktop',
    captured_at: new Date(capturedAtMs).toISOString(),
    anti_spoofing: { enabled: settings.antiSpoofing, threshold: settings.threshold },
    templates: settings.templates,
    base64: settings.base64,
    icao: {
      checks: settings.icaoChecks,
      background_removal: settings.backgroundRemoval,
      background_color: settings.backgroundColor,
    },
    eyes_status: settings.eyesStatus,
    quality_metadata: settings.qualityMetadata,
    transaction: settings.transaction,
    camera: {
      label: camera.label,
      facing: camera.facing,
      width: shot.width,
      height: shot.height,
      frame_rate: camera.frameRate,
      devices: camera.devices,
    },
    frames: frames.map(({ jpeg, atMs }) => ({ bytes: jpeg.size, time_ms: atMs - firstMs })),
  };
  const json = new TextEncoder().encode(JSON.stringify(description));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  const whole = new Blob([length, json, ...frames.map(({ jpeg }) => jpeg)]);
  return new Uint8Array(await whole.arrayBuffer());
}
