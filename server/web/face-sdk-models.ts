/**
 * `POST /api/v1/models` (IDENTY Web Server 6, models endpoint): the networks with which the Face SDK guides a
 * person, taken from the model pack in use. A client that names what it has is only told that it has it.
 */
import { Hono } from 'hono';
import type { Manifest, Network, Pack } from '../../models/mod.ts';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { ServerError } from '../core/errors.ts';
import { type ArchiveIndex, type GuidanceNetworkEntry, writeArchive } from './face-sdk/archive.ts';

/** What a client asks for in the form field `part`. */
const PARTS = { face: ['detector', 'mesh'], eyes: ['iris'] } as const;
type Part = keyof typeof PARTS;

/** A form with two short fields. */
const MAX_FORM_BYTES = 8192;

interface Archive {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For a client that has the networks. */
  readonly unchanged: Uint8Array<ArrayBuffer>;
}

export interface FaceSdkModelsDeps {
  /** The pack in use; undefined until the engine is ready. */
  pack(): Pack | undefined;
  readonly body: BodyLimits;
}

/** @throws Error when the pack lacks a network of the part */
async function guidanceArchive(pack: Pack, part: Part): Promise<Archive> {
  const found = PARTS[part].map((task) => networkFor(pack.manifest, task));
  const contents = await Promise.all(found.map(({ file }) => pack.read(file)));
  const networks = found.map((network, i) => entryOf(network, contents[i].length));
  const hash = new Bun.CryptoHasher('sha256').update(JSON.stringify(networks));
  for (const content of contents) hash.update(content);
  const index: ArchiveIndex = {
    id: hash.digest('hex').slice(0, 32),
    unchanged: false,
    networks,
  };
  return {
    id: index.id,
    bytes: writeArchive(index, contents),
    unchanged: writeArchive({ ...index, unchanged: true }, []),
  };
}

export function faceSdkModelsRoute(deps: FaceSdkModelsDeps): Hono {
  const app = new Hono();
  const archives = new Map<Part, { pack: Pack; archive: Promise<Archive> }>();
  const archiveOf = (pack: Pack, part: Part): Promise<Archive> => {
    let kept = archives.get(part);
    if (kept?.pack !== pack) {
      archives.set(part, kept = { pack, archive: guidanceArchive(pack, part) });
    }
    return kept.archive;
  };
  const path = '/api/v1/models';
  app.post(path, async (c) => {
    const pack = deps.pack();
    if (pack === undefined) return refusal(503, 500, 'Server is not ready');
    try {
      const { part, known } = await formOf(c.req.raw, deps.body);
      const { id, bytes, unchanged } = await archiveOf(pack, part);
      return new Response(known === id ? unchanged : bytes, {
        headers: { 'Content-Type': 'application/octet-stream' },
      });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return error.code === 'BUSY'
        ? refusal(503, 500, 'Server busy')
        : refusal(400, 501, `INVALID ARGUMENT EXCEPTION: ${error.message}`);
    }
  });
  app.all(path, () => {
    const response = refusal(405, 501, 'INVALID ARGUMENT EXCEPTION: only POST is allowed here');
    response.headers.set('Allow', 'POST');
    return response;
  });
  return app;
}

/** Fields of a multipart form; a request without a form, as by clients of other makes, asks for the usual. */
async function formOf(
  request: Request,
  limits: BodyLimits,
): Promise<{ part: Part; known: string | undefined }> {
  const contentType = request.headers.get('content-type') ?? '';
  const body = await readBody(request, { ...limits, limitBytes: MAX_FORM_BYTES });
  try {
    if (!contentType.startsWith('multipart/form-data') || body.bytes.length === 0) {
      return { part: 'face', known: undefined };
    }
    const headers = { 'Content-Type': contentType };
    const form = await new Response(new Uint8Array(body.bytes), { headers }).formData()
      .catch(() => new FormData());
    const known = form.get('known');
    return {
      part: form.get('part') === 'eyes' ? 'eyes' : 'face',
      known: typeof known === 'string' ? known : undefined,
    };
  } finally {
    body.release();
  }
}

function networkFor({ networks }: Manifest, task: Network['task']): Network {
  // the SDK decodes detectors of the BlazeFace family
  const found = networks.find((network) =>
    network.task === task && (task !== 'detector' || network.decode?.kind === 'anchors')
  );
  if (found === undefined) throw new Error(`model pack: no network for ${task}`);
  return found;
}

function entryOf(
  { task, input, outputs, decode, crop }: Network,
  bytes: number,
): GuidanceNetworkEntry {
  const { width, height, mean, scale } = input;
  return {
    task: task as GuidanceNetworkEntry['task'],
    bytes,
    input: { width, height, mean, scale },
    outputs,
    ...('scale' in crop && { cropScale: crop.scale }),
    ...(decode?.kind === 'anchors' && { anchors: decode }),
  };
}

function refusal(http: number, code: number, message: string): Response {
  const feedbackCode = code === 501 ? 'ERROR_INVALID_JSON' : 'ERROR_SERVER_INTERNAL';
  return Response.json({ code, message, feedbackCode }, { status: http });
}
