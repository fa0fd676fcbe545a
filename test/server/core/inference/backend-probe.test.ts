/**
 * The trial of a backend: with networks that answer as a test says, and as it runs on this machine. Where
 * Chromium brings its Vulkan in software, WebGPU is tried for real; CUDA and TensorRT need a GPU.
 */
import { beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendName } from '../../../../biometrics/runtime/backend.ts';
import { createOnnxLoader, type NetworkResult } from '../../../../biometrics/runtime/network.ts';
import { buildDefaultPack, type Pack } from '../../../../models/mod.ts';
import { type LoaderMaker, probeBackend } from '../../../../server/core/inference/backend-probe.ts';
import { probeProcess } from '../../../../server/core/inference/probe-process.ts';
import { DEFAULT_PACK } from '../../../../server/core/model-pack.ts';

const MAIN = join(import.meta.dir, '../../../../main.ts');
const SOFTWARE_VULKAN = '/usr/lib/chromium/vk_swiftshader_icd.json';

let pack: Pack;
beforeAll(async () => {
  pack = await buildDefaultPack({ outDir: DEFAULT_PACK });
});

const request = (backend: BackendName, more = {}) => ({
  backend,
  device: 2,
  packPath: DEFAULT_PACK,
  packId: pack.id,
  networks: 'embedder' as const,
  ...more,
});

/** Networks that run on the processor, whatever they are told, and are changed where they should not. */
function disguised(change: (result: NetworkResult, id: string) => NetworkResult) {
  const loads: string[] = [];
  const maker: LoaderMaker = (pack, runtime, whole) => {
    const real = createOnnxLoader(pack);
    return {
      async load(id) {
        loads.push([runtime.backend, runtime.device, whole ? 'whole' : 'part', id].join(' '));
        const network = await real.load(id);
        if (runtime.backend === 'cpu') return network;
        return {
          spec: network.spec,
          run: async (data, batch) => change(await network.run(data, batch), id),
        };
      },
    };
  };
  return { loads, maker };
}

const scaled = (factor: number) => (result: NetworkResult): NetworkResult =>
  Object.fromEntries(Object.entries(result).map(([role, v]) => [role, v.map((x) => x * factor)]));

describe('a backend', () => {
  test('whose numbers are those of the processor is available', async () => {
    const { loads, maker } = disguised((result) => result);
    const answer = await probeBackend(request('cuda'), maker);
    expect(answer).toMatchObject({ available: true, compared: 1, difference: 0 });
    expect(loads).toEqual([
      'cuda 2 whole dlib-resnet',
      'cuda 2 part dlib-resnet',
      'cpu 0 part dlib-resnet',
    ]);
  });

  test('that differs within the tolerance is available, and the difference is told', async () => {
    const answer = await probeBackend(request('cuda'), disguised(scaled(1 + 5e-5)).maker);
    if (!answer.available) throw new Error(answer.reason);
    expect(answer.difference).toBeCloseTo(5e-5, 6);
  });

  test('that differs beyond it is refused, with the network and how far', async () => {
    const answer = await probeBackend(request('cuda'), disguised(scaled(1 + 5e-4)).maker);
    expect(answer).toEqual({
      available: false,
      reason: 'network dlib-resnet differs by 5.0e-4 of its largest output from the processor, ' +
        'allowed is 1.0e-4',
    });
  });

  test('that gives no numbers at all is refused', async () => {
    const answer = await probeBackend(request('webgpu'), disguised(scaled(NaN)).maker);
    expect(answer).toMatchObject({
      available: false,
      reason: expect.stringContaining('dlib-resnet differs beyond measure'),
    });
  });

  test('is held against all networks when asked for: one that is wrong is enough', async () => {
    const { loads, maker } = disguised((result, id) => id === 'iris' ? scaled(2)(result) : result);
    const answer = await probeBackend(request('cuda', { networks: 'all' }), maker);
    expect(answer).toMatchObject({
      reason: expect.stringMatching(/^network iris differs by 1\.0e/),
    });
    expect(loads).toContain('cuda 2 part facemesh');
    expect(await probeBackend(request('cuda'), maker)).toMatchObject({ available: true });
  });

  test('is not tried with a pack that changed', async () => {
    const changed = probeBackend(request('cpu', { packId: '0'.repeat(64) }));
    await expect(changed).rejects.toMatchObject({ code: 'PACK_HASH_MISMATCH' });
  });
});

const trial = (backend: BackendName, more = {}) =>
  probeProcess([process.execPath, MAIN, 'probe-backend'])(request(backend, more));

describe('on this machine', () => {
  test('cpu agrees with itself on every network, with a memory limit too', async () => {
    const limit = { memoryBytes: 64 * 2 ** 20, networks: 'all' };
    expect(await trial('cpu', limit)).toMatchObject({
      available: true,
      reason: expect.stringContaining('6 networks agree with the processor (0.0e+0'),
    });
  });

  test('cpu with too little memory cannot be used', async () => {
    expect(await trial('cpu', { memoryBytes: 2 ** 20 })).toMatchObject({
      available: false,
      reason: expect.stringContaining('smaller than requested bytes'),
    });
  });

  // 127 is no device of a machine that has GPUs, either
  test.each(['cuda', 'tensorrt'] as const)('%s without its device is refused', async (backend) => {
    const { available, reason } = await trial(backend, { device: 127, memoryBytes: 2 ** 30 });
    expect(available).toBe(false);
    expect(reason).toMatch(/libonnxruntime_providers_shared\.so: cannot open|CUDA|[Dd]evice/);
    expect(reason).not.toContain('/');
  });

  test.skipIf(!existsSync(SOFTWARE_VULKAN))(
    'webgpu on Vulkan in software gives what the processor gives',
    async () => {
      const child = Bun.spawn([process.execPath, MAIN, 'probe-backend'], {
        env: { ...process.env, VK_ICD_FILENAMES: SOFTWARE_VULKAN },
        stdin: new Blob([JSON.stringify(request('webgpu', { device: 0 }))]),
        stdout: 'pipe',
        stderr: 'ignore',
      });
      const answer = JSON.parse(await new Response(child.stdout).text());
      expect(answer).toMatchObject({ available: true, compared: 1 });
      expect(answer.difference).toBeGreaterThan(0);
    },
    300_000,
  );

  test('webgpu without a driver is refused', async () => {
    const before = process.env.VK_ICD_FILENAMES;
    process.env.VK_ICD_FILENAMES = '/nowhere.json';
    try {
      expect(await trial('webgpu')).toEqual({
        available: false,
        reason: 'Failed to get a WebGPU adapter: No supported adapters',
      });
    } finally {
      if (before === undefined) delete process.env.VK_ICD_FILENAMES;
      else process.env.VK_ICD_FILENAMES = before;
    }
  });
});
