/**
 * Turns a face into a template: every embedder of the pack looks at its own crop, and the weighted
 * unit vectors are laid end to end, so that one dot product is the weighted mean of their cosines.
 */
import { type EmbeddingSpec, type Pack } from '../../models/mod.ts';
import { meshCrop } from '../align/face-crop.ts';
import type { Pyramid } from '../align/pyramid.ts';
import { cropLength, mirrorCrop, sampleCrop } from '../align/sample.ts';
import { FaceError } from '../errors.ts';
import type { NetworkLoader, RunnableNetwork } from '../runtime/network.ts';
import type { EmbedderSignals, FaceTemplate } from '../types.ts';
import { dotProduct } from '../match/similarity.ts';
import { createProjection, type Projection } from './projection.ts';

interface Embedder {
  readonly network: RunnableNetwork;
  readonly spec: EmbeddingSpec;
  readonly project: Projection;
  /** Reused input tensor: the crop, and its mirror image where the network wants both. */
  readonly data: Float32Array;
}

/** Where one embedder's vector lies in a template; it is stored at length sqrt(weight). */
export interface TemplatePart {
  readonly id: string;
  readonly offset: number;
  readonly size: number;
  readonly weight: number;
}

/** A template and how the embedders took to the face. */
interface MadeTemplate extends FaceTemplate {
  readonly embedders: readonly EmbedderSignals[];
}

export interface TemplateMaker {
  /** Names the embedders and everything that shapes their vectors. */
  readonly modelId: string;
  readonly parts: readonly TemplatePart[];
  /** @param mesh x, y, z of the 468 mesh points of the face */
  make(pyramid: Pyramid, mesh: Float32Array): Promise<MadeTemplate>;
}

/** @throws FaceError PACK_INCOMPLETE when the pack has no embedder */
export async function createTemplateMaker(
  pack: Pack,
  loader: NetworkLoader,
): Promise<TemplateMaker> {
  const embedders: Embedder[] = [];
  const identity = new Bun.CryptoHasher('sha256');
  const hashOf = (path?: string) => pack.manifest.files.find((file) => file.path === path)?.sha256;
  for (const entry of pack.manifest.networks) {
    // The mesh decides where the embedders' crops lie.
    if (entry.task === 'mesh') {
      identity.update(JSON.stringify([hashOf(entry.file), entry.input, entry.crop]));
    }
    if (entry.task !== 'embedder' || entry.embedding === undefined) continue;
    const network = await loader.load(entry.id);
    const batch = entry.embedding.mirror ? 2 : 1;
    embedders.push({
      network,
      spec: entry.embedding,
      project: await createProjection(pack, entry.embedding),
      data: new Float32Array(cropLength(entry.input) * batch),
    });
    const { file, input, crop, embedding } = entry;
    identity.update(JSON.stringify([
      ...[file, embedding.mean, embedding.projection].map(hashOf),
      input,
      crop,
      embedding,
    ]));
  }
  if (embedders.length === 0) throw new FaceError('PACK_INCOMPLETE', 'model pack: no embedder');
  const modelId = identity.digest('hex').slice(0, 16);
  let size = 0;
  const parts = embedders.map(({ network, spec, project }) => {
    const offset = size;
    size += project.size;
    return { id: network.spec.id, offset, size: project.size, weight: spec.weight };
  });

  return {
    modelId,
    parts,
    async make(pyramid, mesh) {
      const vector = new Float32Array(size);
      const signals: EmbedderSignals[] = [];
      let at = 0;
      for (const embedder of embedders) {
        const views = await embed(embedder, pyramid, mesh);
        const part = embedder.project.applyToViews(views);
        signals.push(signalsOf(embedder.network.spec.id, views));
        const weight = Math.sqrt(embedder.spec.weight);
        for (let i = 0; i < part.length; i++) vector[at++] = part[i] * weight;
      }
      return { modelId, vector, embedders: signals };
    },
  };
}

/** Raw vectors of the face and, where the network wants it, of its mirror image. */
async function embed(
  { network, spec, data }: Embedder,
  pyramid: Pyramid,
  mesh: Float32Array,
): Promise<readonly Float32Array[]> {
  const { input, crop } = network.spec;
  sampleCrop(pyramid, meshCrop(crop, input, mesh), input, data);
  if (!spec.mirror) return [(await network.run(data, 1)).embedding];
  const length = cropLength(input);
  mirrorCrop(input, data, 0, length);
  const both = input.batch === 'N'
    ? (await network.run(data, 2)).embedding
    : await oneByOne(network, data, length);
  return [both.subarray(0, spec.size), both.subarray(spec.size)];
}

function signalsOf(id: string, views: readonly Float32Array[]): EmbedderSignals {
  const norms = views.map((view) => Math.sqrt(dotProduct(view, view)));
  const norm = norms.reduce((sum, value) => sum + value, 0) / norms.length;
  if (views.length === 1) return { id, norm };
  return { id, norm, mirrorAgreement: dotProduct(views[0], views[1]) / (norms[0] * norms[1]) };
}

async function oneByOne(network: RunnableNetwork, data: Float32Array, length: number) {
  const first = (await network.run(data.subarray(0, length), 1)).embedding;
  const second = (await network.run(data.subarray(length), 1)).embedding;
  const both = new Float32Array(first.length * 2);
  both.set(first);
  both.set(second, first.length);
  return both;
}
