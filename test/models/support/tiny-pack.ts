/** A complete pack of a few hundred bytes, to be damaged by tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOnnxModel } from '../../../models/convert/onnx/model.ts';
import { sha256Hex } from '../../../models/hash.ts';
import type { Manifest, Network } from '../../../models/manifest.ts';

const SIDE = 8;

/** An ONNX file with one input and the given outputs; it computes nothing of interest. */
export function tinyOnnx(outputs: Record<string, readonly (number | string)[]>): Uint8Array {
  const names = Object.entries(outputs).map(([name, shape]) => ({ name, shape }));
  return encodeOnnxModel({
    name: 'tiny',
    operatorSet: 14,
    nodes: names.map(({ name }) => ({
      operator: 'Identity',
      inputs: ['input'],
      output: name,
      attributes: {},
    })),
    initializers: [],
    inputs: [{ name: 'input', shape: ['N', SIDE, SIDE, 3] }],
    outputs: names,
  });
}

function network(id: string, task: Network['task'], rest: Partial<Network>): Network {
  return {
    id,
    task,
    title: id,
    file: `networks/${id}.onnx`,
    precision: 'fp32',
    card: 'cards/all.md',
    origin: {
      package: 'made-up',
      version: '1.0.0',
      licence: 'CC0-1.0',
      sources: [{ path: 'a.bin', sha256: '0'.repeat(64) }],
    },
    input: {
      name: 'input',
      layout: 'NHWC',
      width: SIDE,
      height: SIDE,
      channels: 'RGB',
      mean: [0, 0, 0],
      scale: [1, 1, 1],
      batch: 'N',
      outside: 'black',
    },
    crop: { kind: 'frame' },
    outputs: {},
    ...rest,
  };
}

export interface TinyPack {
  manifest: Manifest;
  /** Files by path, without manifest.json. */
  files: Map<string, Uint8Array>;
}

/** A valid pack with a detector and two embedders, one of which is projected. */
export function tinyPack(): TinyPack {
  const files = new Map<string, Uint8Array>([
    ['cards/all.md', new TextEncoder().encode('# Made up\n')],
    ['networks/detect.onnx', tinyOnnx({ scores: ['N', 4, 1], boxes: ['N', 4, 16] })],
    ['networks/one.onnx', tinyOnnx({ vector: ['N', 6] })],
    ['networks/two.onnx', tinyOnnx({ vector: ['N', 4] })],
    ['calibration/match.json', new TextEncoder().encode('{}')],
    ['embedding/two-mean.bin', new Uint8Array(4 * 4)],
    ['embedding/two-projection.bin', new Uint8Array(2 * 4 * 4)],
  ]);
  const networks: Network[] = [
    network('detect', 'detector', {
      outputs: { scores: 'scores', boxes: 'boxes' },
      decode: {
        kind: 'anchors',
        layers: [{ stride: 4, perCell: 1 }],
        scores: ['scores'],
        boxes: ['boxes'],
        keyPoints: 6,
        minScore: 0.5,
        maxOverlap: 0.3,
      },
    }),
    network('one', 'embedder', {
      outputs: { embedding: 'vector' },
      embedding: { size: 6, mirror: true, weight: 0.25 },
    }),
    network('two', 'embedder', {
      outputs: { embedding: 'vector' },
      embedding: {
        size: 4,
        mirror: false,
        weight: 0.75,
        mean: 'embedding/two-mean.bin',
        projection: 'embedding/two-projection.bin',
        projectedSize: 2,
      },
    }),
  ];
  const manifest: Manifest = {
    format: 'gatehouse-model-pack',
    formatVersion: 1,
    name: 'tiny',
    version: '1.2.3',
    description: 'for tests',
    networks,
    files: [],
    calibration: { match: 'calibration/match.json' },
  };
  const pack = { manifest, files };
  relist(pack);
  return pack;
}

/** Makes the manifest list the files as they now are. */
export function relist(pack: TinyPack): void {
  pack.manifest.files = [...pack.files].map(([path, bytes]) => ({
    path,
    sha256: sha256Hex(bytes),
    bytes: bytes.length,
  }));
}

export function manifestBytes(pack: TinyPack): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(pack.manifest));
}

/** Writes the pack into `<folder>/<name>` and returns that path. */
export async function writePack(folder: string, pack: TinyPack, name = 'pack'): Promise<string> {
  const root = join(folder, name);
  await Bun.write(join(root, 'manifest.json'), manifestBytes(pack));
  for (const [path, bytes] of pack.files) await Bun.write(join(root, path), bytes);
  return root;
}

/** Runs `body` with an empty folder that is removed afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-models-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
