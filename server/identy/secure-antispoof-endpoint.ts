/** `secure/face/as`: liveness alone of a sealed capture ("Secure Liveness endpoint"). */
import { FORM_TYPE } from '../core/http/form.ts';
import { livenessAnswer } from './antispoof-endpoint.ts';
import type { Captures } from './captures.ts';
import type { Endpoint } from './endpoint.ts';
import { checkCaptureSize, toCaptureImageError } from './judge-capture.ts';
import { openSealed, readSealedForm } from './sealed-form.ts';

export function secureAntispoofEndpoint(captures: Captures): Endpoint {
  return {
    path: '/api/v1/secure/face/as',
    action: 'antispoof',
    accepts: [FORM_TYPE],
    async run(arrived, call) {
      const { description, frames: [jpeg] } = openSealed(await readSealedForm(arrived), captures);
      const judgement = await call.faces.judge(jpeg.slice(), call.signal).catch((error) => {
        throw toCaptureImageError(error);
      });
      checkCaptureSize(judgement.analysis);
      const { threshold } = description.anti_spoofing;
      return livenessAnswer(judgement, threshold, jpeg.toBase64(), call, description.camera.label);
    },
  };
}
