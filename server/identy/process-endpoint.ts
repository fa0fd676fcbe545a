/** `process`: liveness, quality and templates of a capture of the Face Web SDK. */
import type { KeyObject } from 'node:crypto';
import { headPoseCheck, icaoChecks } from '../../biometrics/quality/mod.ts';
import { parseColour } from '../../biometrics/portrait/mod.ts';
import type { AnalyseOptions } from '../../biometrics/pipeline.ts';
import type { FaceAnalysis } from '../../biometrics/types.ts';
import { FORM_TYPE } from '../core/http/form.ts';
import type { CaptureDescription } from './capture.ts';
import type { Captures } from './captures.ts';
import type { Answer, Call, Endpoint } from './endpoint.ts';
import { IdentyError } from './errors.ts';
import { type JudgedCapture, judgeSealedCapture } from './judge-capture.ts';
import { renderProcess, renderRetry, RETRY_CODES } from './render.ts';
import { openSealed, readSealedForm, textField } from './sealed-form.ts';
import { makeTemplates, templatePart } from './templates.ts';

export interface ProcessOptions {
  readonly captures: Captures;
  /** Key of the integrator, where templates are to be encrypted. */
  readonly templateKey: KeyObject | undefined;
}

export function processEndpoint({ captures, templateKey }: ProcessOptions): Endpoint {
  return {
    path: '/api/v1/process',
    action: 'process',
    features: ['face-capture'],
    scopes: ['liveness', 'templates'],
    accepts: [FORM_TYPE],
    async run(arrived, call) {
      const form = readSealedForm(arrived);
      const withQuality = textField(form, 'enableQuality')?.toLowerCase() !== 'false';
      const capture = await openSealed(form, captures);
      const { description, frames: [jpeg], packedAtMs } = capture;
      const { icao } = description;
      const judged = await judgeSealedCapture(capture, {
        measure: true,
        png: description.templates.includes('PNG'),
        ...(icao.checks && { portrait: portraitOptions(icao) }),
      }, call);
      if (judged.verdict !== 'live') return retry(judged, judged.verdict, jpeg, call);

      const { analysis, queueMs } = judged.extraction;
      const templates = makeTemplates(description.templates, jpeg, analysis);
      return {
        response: renderProcess(call.refid, {
          uploadMs: Date.now() - packedAtMs,
          capturedAt: description.captured_at,
          rating: judged.rating,
          ...(withQuality && { quality: qualityPart(analysis, call) }),
          templates: templatePart(templates, description.base64, templateKey),
          ...(icao.checks && { icao: icaoPart(analysis, description, templateKey) }),
        }),
        outcome: 'FEEDBACK_CAPTURED',
        code: 200,
        timingsMs: { queue: queueMs, ...analysis.timingsMs },
        details: { level_reached: judged.rating?.highestLevel },
      };
    },
  };
}

/** The answer to what is no live capture: the same for `process` and `verifyWithPictureId`. */
export function retry(
  { extraction: { analysis, queueMs }, rating }: JudgedCapture,
  verdict: 'insecure' | 'spoof',
  jpeg: Uint8Array,
  { faces, refid }: Call,
): Answer {
  const name = verdict === 'insecure' ? 'FEEDBACK_RETRY_INSECURE' : 'FEEDBACK_RETRY';
  const quality = faces.rateQuality(analysis, 'VERIFY').accepted;
  const response = renderRetry(refid, name, { jpeg, quality, rating });
  return {
    response,
    outcome: name,
    code: RETRY_CODES[name],
    timingsMs: { queue: queueMs, ...analysis.timingsMs },
    details: { level_reached: rating?.highestLevel, reasons: rating?.reasons },
  };
}

function portraitOptions(icao: CaptureDescription['icao']): AnalyseOptions['portrait'] {
  if (!icao.background_removal) return { background: 'keep' };
  if (icao.background_color === null) return { background: 'mean' };
  try {
    return { background: parseColour(icao.background_color) };
  } catch (cause) {
    throw new IdentyError(
      'ERROR_INVALID_JSON',
      'INVALID ARGUMENT EXCEPTION: backgroundColor must be #rrggbb',
      { cause },
    );
  }
}

function qualityPart(analysis: FaceAnalysis, { faces }: Call) {
  const { measures } = analysis;
  if (measures === undefined) throw new TypeError('the picture was not measured');
  const { score, accepted } = faces.rateQuality(analysis, 'VERIFY');
  return {
    eyes_status: measures.eyesStatus,
    eyes_open_metric: measures.eyesOpen,
    head_pose_check: headPoseCheck(measures),
    quality_metric: score,
    qc_passed: accepted,
  };
}

/** The portrait comes in the picture formats that were asked for. */
function icaoPart(
  { measures, portrait }: FaceAnalysis,
  { templates, base64 }: CaptureDescription,
  templateKey: KeyObject | undefined,
) {
  if (measures === undefined || portrait === undefined) throw new TypeError('no portrait was made');
  const pictures = new Map<string, Uint8Array>();
  if (templates.includes('JPEG')) pictures.set('JPEG', portrait.jpeg);
  if (templates.includes('PNG')) pictures.set('PNG', portrait.png);
  return { ...icaoChecks(measures), ...templatePart(pictures, base64, templateKey) };
}
