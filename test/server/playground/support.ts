/** Requests to the compare page's endpoints, on a server with a fake face service. */
import calibration from '../../../models/default/calibration-match.json' with { type: 'json' };
import { parseCalibration } from '../../../biometrics/match/calibration.ts';
import type { FaceEngineInfo } from '../../../server/core/face/engine.ts';
import { PROCESSOR } from '../../../server/core/inference/choose-backend.ts';
import { picture } from '../support/fake-faces.ts';

export const ENGINE: FaceEngineInfo = {
  pack: { name: 'default', version: '1.2.3', signed: false },
  calibration: parseCalibration(new TextEncoder().encode(JSON.stringify(calibration))),
  inference: PROCESSOR,
};

/** A form with the photos `a` and `b`; what a photo shows is written in it (see fake-faces.ts). */
export function photos(a: string | Uint8Array, b: string | Uint8Array): FormData {
  const form = new FormData();
  for (const [name, says] of [['a', a], ['b', b]] as const) {
    const bytes = typeof says === 'string' ? picture(says) : says;
    form.append(name, new Blob([bytes as Uint8Array<ArrayBuffer>]), `${name}-of-a-person.jpg`);
  }
  return form;
}
