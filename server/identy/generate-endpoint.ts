/** `face/generateTemplateFromImage`: a template of a picture that is good enough for its purpose. */
import { encodeTemplate } from '../../biometrics/formats/mod.ts';
import { icaoChecks } from '../../biometrics/quality/mod.ts';
import { parseJson } from '../core/http/json.ts';
import { decodeBase64 } from './base64.ts';
import type { Endpoint } from './endpoint.ts';
import { IdentyError, schemaMismatch, toSingleImageError, undecodableImage } from './errors.ts';
import { QUALITY_ANSWERS } from './quality-texts.ts';
import { renderGenerated } from './render.ts';
import { GenerateRequest } from './requests.ts';

const JSON_LIMITS = { maxDepth: 4, maxValues: 100 };

export const generateEndpoint: Endpoint = {
  path: '/api/v1/face/generateTemplateFromImage',
  action: 'GENERATE',
  features: ['face-templates'],
  scopes: ['templates'],
  accepts: ['application/json'],
  async run({ bytes }, { faces, refid, signal }) {
    const { image, qualityMode } = readRequest(parseJson(bytes, JSON_LIMITS));
    const { analysis, queueMs } = await faces.extract(image, signal, { measure: true })
      .catch((error) => {
        throw toSingleImageError(error);
      });
    const [finding] = faces.rateQuality(analysis, qualityMode).findings;
    if (finding !== undefined) {
      const { feedbackCode, message } = QUALITY_ANSWERS[finding.kind];
      throw new IdentyError(feedbackCode, message);
    }
    const { measures, template, width, height } = analysis;
    if (measures === undefined) throw new TypeError('the picture was not measured');
    return {
      response: renderGenerated(refid, {
        width,
        height,
        template: encodeTemplate(template),
        checks: icaoChecks(measures),
      }),
      outcome: 'FEEDBACK_CAPTURED',
      code: 200,
      timingsMs: { queue: queueMs, ...analysis.timingsMs },
    };
  },
};

function readRequest(json: unknown) {
  const parsed = GenerateRequest.safeParse(json);
  if (!parsed.success) throw schemaMismatch(parsed.error);
  const image = decodeBase64(parsed.data.image);
  if (image === undefined) throw undecodableImage();
  return { image, qualityMode: parsed.data.qualityMode };
}
