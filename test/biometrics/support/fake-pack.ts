/** Packs and networks made of plain functions, so that tests decide what a network says. */
import type { Manifest, Network, Pack } from '../../../models/mod.ts';
import type { NetworkLoader, NetworkResult } from '../../../biometrics/runtime/network.ts';

type Task = Network['task'];

/** A manifest entry of an 8 x 8 network. */
export function networkEntry(id: string, task: Task, rest: Partial<Network> = {}): Network {
  return {
    id,
    task,
    title: id,
    file: `${id}.onnx`,
    precision: 'fp32',
    card: 'card.md',
    origin: {
      package: 'made-up',
      version: '1.0.0',
      licence: 'CC0-1.0',
      sources: [{ path: 'a.bin', sha256: '0'.repeat(64) }],
    },
    input: {
      name: 'input',
      layout: 'NHWC',
      width: 8,
      height: 8,
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

/** A pack of these networks; every network file has a hash of its own. */
export function fakePack(
  networks: readonly Network[],
  files: Readonly<Record<string, Uint8Array>> = {},
): Pack {
  const paths = [...networks.map((network) => network.file), ...Object.keys(files)];
  const manifest: Manifest = {
    format: 'gatehouse-model-pack',
    formatVersion: 1,
    name: 'fake',
    version: '1.0.0',
    description: 'for tests',
    networks: [...networks],
    files: paths.map((path) => {
      const bytes = files[path] ?? new TextEncoder().encode(path);
      const sha256 = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
      return { path, sha256, bytes: bytes.length };
    }),
    calibration: {},
  };
  return {
    manifest,
    id: '0'.repeat(64),
    signed: false,
    read: async (path) => files[path] ?? new TextEncoder().encode(path),
  };
}

export interface Call {
  readonly id: string;
  readonly data: Float32Array;
  readonly batch: number;
}

/** A loader of fake networks that records what they were shown. */
export function fakeLoader(
  pack: Pack,
  answer: (call: Call, index: number) => NetworkResult,
): { loader: NetworkLoader; calls: Call[] } {
  const calls: Call[] = [];
  const loader: NetworkLoader = {
    load: async (id) => ({
      spec: pack.manifest.networks.find((network) => network.id === id)!,
      run: async (data, batch) => {
        const call = { id, data: data.slice(), batch };
        calls.push(call);
        return answer(call, calls.length - 1);
      },
    }),
  };
  return { loader, calls };
}
