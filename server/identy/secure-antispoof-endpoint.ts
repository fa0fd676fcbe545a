/** `secure/face/as`: liveness alone of a sealed capture ("Secure Liveness endpoint"). */
import { FORM_TYPE } from '../core/http/form.ts';
import { livenessAnswer } from './antispoof-endpoint.ts';
import type { Captures } from './captures.ts';
import type { Endpoint } from './endpoint.ts';
import { lookAtCapture } from './look-at-capture.ts';
import { openSealed, readSealedForm } from './sealed-form.ts';

export function secureAntispoofEndpoint(captures: Captures): Endpoint {
  return {
    path: '/api/v1/secure/face/as',
    action: 'antispoof',
    features: ['face-liveness'],
    scopes: ['liveness'],
    accepts: [FORM_TYPE],
    async run(arrived, call) {
      const capture = await openSealed(readSealedForm(arrived), captures);
      const judge = (image: Uint8Array<ArrayBuffer>) => call.faces.judge(image, call.signal);
      const look = await lookAtCapture(capture, { liveness: true }, judge, call);
      const { description: { anti_spoofing: { threshold } }, frames: [jpeg] } = capture;
      return livenessAnswer(look.measured, threshold, jpeg.toBase64(), call, look.rules);
    },
  };
}
