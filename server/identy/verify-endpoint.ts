/** `verifyWithPictureId`: a capture that must be live, compared with the picture of a document. */
import { sniffFormat } from '../../biometrics/image/format.ts';
import { type Form, FORM_TYPE } from '../core/http/form.ts';
import type { Captures } from './captures.ts';
import type { Endpoint } from './endpoint.ts';
import {
  IdentyError,
  missing,
  toImageError,
  undecodableTemplate,
  unsupportedTemplate,
} from './errors.ts';
import { judgeSealedCapture } from './judge-capture.ts';
import { matchOutcome } from './match.ts';
import { matchLevel, PICTURE_FORMATS } from './match-request.ts';
import { pictureBytes } from './picture-field.ts';
import { retry } from './process-endpoint.ts';
import { renderMatch } from './render.ts';
import { openSealed, readSealedForm, textField } from './sealed-form.ts';

/** How messages name the picture of the document. */
const PIC_ID = '';

export function verifyEndpoint(captures: Captures): Endpoint {
  return {
    path: '/api/v1/verifyWithPictureId',
    action: 'VERIFY',
    features: ['face-capture', 'face-match'],
    scopes: ['match'],
    accepts: [FORM_TYPE],
    async run(arrived, call) {
      const form = readSealedForm(arrived);
      const levelName = textField(form, 'level');
      if (levelName === undefined) throw missing('level');
      const level = matchLevel(levelName);
      const picture = pictureOf(form);
      const capture = await openSealed(form, captures);
      if (capture.description.templates.length === 0) {
        throw new IdentyError(
          'NO_TEMPLATES_SPECIFIED',
          'No templates specified in face Blob to extract in verifyWithPicID',
        );
      }
      const judged = await judgeSealedCapture(capture, { measure: true }, call);
      if (judged.verdict !== 'live') return retry(judged, judged.verdict, capture.frames[0], call);
      const reference = await call.faces.extract(picture, call.signal).catch((error) => {
        throw toImageError(error, PIC_ID);
      });
      const outcome = matchOutcome(judged.extraction, reference, level, 'picture-id', call.faces);
      return {
        response: renderMatch(call.refid, outcome, false),
        outcome: 'FEEDBACK_MATCHED',
        code: 200,
        timingsMs: outcome.timingsMs,
        details: { level_reached: outcome.levelReached },
      };
    },
  };
}

function pictureOf(form: Form): Uint8Array<ArrayBuffer> {
  const format = textField(form, 'template');
  if (format === undefined) throw missing('template');
  if (!PICTURE_FORMATS.has(format)) {
    throw new IdentyError('ERROR_INVALID_FORMAT', 'Image format unsupported for operation.');
  }
  const part = form.get('picID');
  if (part === undefined) throw missing('picID');
  const bytes = pictureBytes(part);
  if (bytes === undefined) throw undecodableTemplate(PIC_ID, 'not base64');
  const found = sniffFormat(bytes);
  if (found !== 'jpeg' && found !== 'png' && found !== 'face-record') {
    throw unsupportedTemplate(PIC_ID);
  }
  return bytes;
}
