/** One request of every endpoint of the IDENTY API, and what of it is nothing but the networks' work. */
import { describeCapture, writeCapture } from '../../test/server/identy/support/captures.ts';
import type { SealKey } from '../../server/web/face-sdk/seal.ts';
import type { Look } from '../bare-networks.ts';
import type { BenchRequest } from '../http-client.ts';
import { benchmarkSelfies, selfieBurst } from '../selfies.ts';

export interface EndpointBench {
  readonly path: string;
  /** What tells the request from another one of its path. */
  readonly note?: string;
  readonly request: BenchRequest;
  /** Pictures of one request, and what is asked of each; none where no network has work. */
  readonly looks: readonly Look[];
  /** Requests per second and vCPU that the vendor publishes for c5a instances, lowest and highest. */
  readonly published?: readonly [number, number];
}

/** Frames that the Face SDK sends before the picture. */
const BURST = 7;

/** @param key for sealed captures */
export async function endpointBenches(key: SealKey): Promise<EndpointBench[]> {
  const [a, b] = await benchmarkSelfies();
  const burst = await selfieBurst(a, BURST);
  const image = (bytes: Uint8Array) => ({ template: bytes.toBase64(), format: 'JPEG' });
  const match = JSON.stringify({ image: image(a), imageToVerifyAgainst: image(b), level: 'HIGH' });
  const description = describeCapture({ anti_spoofing: { enabled: true, threshold: 'LOW' } });
  const sealed = (frames: readonly Uint8Array[], fields = {}): BenchRequest => ({
    kind: 'sealed',
    payload: writeCapture(description, frames).toBase64(),
    key,
    fields,
  });
  const json = (body: string): BenchRequest => ({ kind: 'json', body });
  const compared: Look[] = [{ picture: a, wants: {} }, { picture: b, wants: {} }];
  const captured: Look = { picture: a, wants: { measure: true, liveness: true } };
  // one frame of the burst is compared with the picture
  const before: Look = { picture: burst[1], wants: {} };
  const judged: Look[] = [{ picture: a, wants: 'judge' }];
  return [
    { path: 'matchWithSelfie', request: json(match), looks: compared, published: [0.5, 0.53] },
    { path: 'matchWithPictureId', request: json(match), looks: compared, published: [0.35, 0.38] },
    { path: 'process', request: sealed([a]), looks: [captured], published: [0.09, 0.37] },
    {
      path: 'process',
      note: `${burst.length} frames`,
      request: sealed(burst),
      looks: [captured, before],
    },
    {
      path: 'verifyWithPictureId',
      request: sealed([a], { picID: b.toBase64(), template: 'JPEG', level: 'HIGH' }),
      looks: [captured, { picture: b, wants: {} }],
    },
    { path: 'secure/face/as', request: sealed([a]), looks: judged, published: [0.16, 0.19] },
    {
      path: 'secure/face/as',
      note: `${burst.length} frames`,
      request: sealed(burst),
      looks: [{ picture: a, wants: { liveness: true } }, before],
    },
    {
      path: 'face/as',
      request: { kind: 'form', fields: { image: a.toBase64(), threshold: 'LOW' } },
      looks: judged,
      published: [0.1, 0.11],
    },
    {
      path: 'face/generateTemplateFromImage',
      request: json(JSON.stringify({ image: a.toBase64(), qualityMode: 'DISABLED' })),
      looks: [{ picture: a, wants: { measure: true } }],
      published: [0.98, 1.03],
    },
    { path: 'models', request: { kind: 'form', fields: { part: 'face' } }, looks: [] },
    { path: 'pub_key', request: { kind: 'form', fields: {} }, looks: [] },
    { path: 'time', request: { kind: 'form', fields: {} }, looks: [] },
    { path: 'face_health', request: { kind: 'get' }, looks: [] },
  ];
}
