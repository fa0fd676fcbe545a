/**
 * `models`: the networks of the Face SDK (IDENTY Web Server 6, "Models and public keys endpoint"). A client
 * that names what it has is only told that it has it; one of another make, without a form, gets the usual.
 */
import type { Pack } from '../../../models/mod.ts';
import { ServerError } from '../../core/errors.ts';
import { FORM_TYPE, readForm } from '../../core/http/form.ts';
import type { Arrived, Endpoint } from '../endpoint.ts';
import { IdentyError } from '../errors.ts';
import { textField } from '../sealed-form.ts';
import { GuidanceArchives, type Part, PARTS } from './guidance.ts';

/** `part`, `known`, and a few that clients add. */
const MAX_PARTS = 8;
/** A form of short words. */
const LIMIT_BYTES = 8192;

/** @param pack the pack in use; undefined until the engine is ready */
export function modelsEndpoint(pack: () => Pack | undefined): Endpoint {
  const archives = new GuidanceArchives();
  return {
    path: '/api/v1/models',
    action: 'REQUEST',
    features: [],
    scopes: [],
    accepts: 'any',
    limitBytes: LIMIT_BYTES,
    async run(arrived) {
      const { part, known } = readRequest(arrived);
      const inUse = pack();
      if (inUse === undefined) throw new ServerError('BUSY', 'no model pack is loaded yet');
      const { id, bytes, unchanged } = await archives.get(inUse, part).catch((cause) => {
        const options = { cause, http: 400 };
        throw new IdentyError('FEEDBACK_MATCHING_ERROR', 'Error getting models.', options);
      });
      return {
        response: new Response(known === id ? unchanged : bytes, {
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
        outcome: 'MODELS',
        code: 200,
        timingsMs: {},
      };
    },
  };
}

function readRequest(
  { bytes, mediaType, contentType }: Arrived,
): { part: Part; known: string | undefined } {
  if (bytes.length === 0 || mediaType !== FORM_TYPE) return { part: 'face', known: undefined };
  const form = readForm(bytes, contentType, MAX_PARTS);
  const part = textField(form, 'part') ?? 'face';
  return {
    part: Object.hasOwn(PARTS, part) ? part as Part : 'face',
    known: textField(form, 'known'),
  };
}
