/** Asks which camera to use. */
import type { Stage } from '../stage.ts';
import { ask } from './panel.ts';

/** @returns the deviceId */
export function chooseCamera(
  stage: Stage,
  devices: readonly MediaDeviceInfo[],
  current: string,
  signal: AbortSignal,
): Promise<string> {
  const { texts } = stage;
  const choices = devices.map(({ deviceId, label }, i) => ({
    text: label || `${texts.CAMERA_NUMBER} ${i + 1}`,
    value: deviceId,
    primary: deviceId === current,
  }));
  return ask(stage, texts.CAMERA_TITLE, [], choices, signal, false);
}
