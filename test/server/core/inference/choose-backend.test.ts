/** Which backend is chosen, with trials that end as a test says. */
import { describe, expect, test } from 'bun:test';
import type { BackendName } from '../../../../biometrics/runtime/backend.ts';
import type { BackendRequest } from '../../../../server/core/inference/backend-messages.ts';
import {
  chooseBackend,
  type InferenceSettings,
  PROCESSOR,
} from '../../../../server/core/inference/choose-backend.ts';
import type {
  BackendProbe,
  BackendTrial,
} from '../../../../server/core/inference/probe-process.ts';

const PACK = { packPath: '/packs/default', packId: 'ab'.repeat(32) };
const never = new AbortController().signal;

const settings = (
  backend: InferenceSettings['backend'],
  more: Partial<InferenceSettings> = {},
) => ({
  backend,
  inferenceDevice: 0,
  inferenceMemoryMb: undefined,
  workers: 4,
  ...more,
});

/** Trials that end as given, all others without a driver, and what was asked of them. */
function trials(ends: Partial<Record<BackendName, BackendTrial>> = {}) {
  const requests: BackendRequest[] = [];
  const probe: BackendProbe = (request) => {
    requests.push(request);
    const end = ends[request.backend] ?? { available: false, reason: `no ${request.backend}` };
    return Promise.resolve(end);
  };
  return { probe, requests, names: () => requests.map(({ backend }) => backend) };
}

const fine = { available: true, cores: 4, reason: 'agrees' };

const choose = (
  wanted: InferenceSettings,
  { probe }: ReturnType<typeof trials>,
  signal = never,
) => chooseBackend(wanted, PACK, probe, signal);

describe('cpu', () => {
  test('is taken without a trial, and so is nothing else tried', async () => {
    const none = trials();
    const { runtime, backends } = await choose(settings('cpu'), none);
    expect(none.requests).toEqual([]);
    expect(runtime).toEqual({ backend: 'cpu', device: 0, sharedMemory: false });
    expect(backends.map(({ name, available }) => [name, available])).toEqual([
      ['tensorrt', null],
      ['cuda', null],
      ['webgpu', null],
      ['cpu', true],
    ]);
    expect(backends[0].reason).toBe('not tried: cpu is in use');
  });

  test('is what an engine runs on that was told nothing', () => {
    expect(PROCESSOR.runtime.backend).toBe('cpu');
    expect(PROCESSOR.backends.map(({ available }) => available)).toEqual([null, null, null, true]);
  });

  test('with a memory limit is tried with it', async () => {
    const tried = trials({ cpu: fine });
    const { runtime } = await choose(settings('cpu', { inferenceMemoryMb: 64 }), tried);
    expect(tried.requests).toEqual([
      { backend: 'cpu', device: 0, memoryBytes: 67_108_864, ...PACK, networks: 'embedder' },
    ]);
    expect(runtime.sharedMemory).toBe(true);
  });
});

describe.each(['cuda', 'tensorrt', 'webgpu'] as const)('%s', (name) => {
  test('that works is taken, and nothing else tried', async () => {
    const tried = trials({ [name]: fine });
    expect((await choose(settings(name), tried)).runtime.backend).toBe(name);
    expect(tried.names()).toEqual([name]);
  });

  test('that is slower than the processor is taken, as it was asked for', async () => {
    const tried = trials({ [name]: { ...fine, cores: 0.1 } });
    expect((await choose(settings(name), tried)).runtime.backend).toBe(name);
  });

  test('that cannot be used is an error with the reason, and no other is taken', async () => {
    const tried = trials({ cuda: { ...fine, available: false, reason: 'no cuda' } });
    await expect(choose(settings(name), tried)).rejects.toMatchObject({
      name: 'ServerError',
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        new RegExp(`^inference\\.backend ${name} cannot be used: no ${name}; docs/gpu\\.md`),
      ),
    });
    expect(tried.names()).toEqual([name]);
  });
});

describe('auto', () => {
  test('takes tensorrt before cuda before webgpu before cpu', async () => {
    const all = { tensorrt: fine, cuda: fine, webgpu: fine };
    for (const best of ['tensorrt', 'cuda', 'webgpu'] as const) {
      expect((await choose(settings('auto'), trials(all))).runtime.backend).toBe(best);
      delete (all as Partial<typeof all>)[best];
    }
    const { runtime, backends } = await choose(settings('auto'), trials());
    expect(runtime.backend).toBe('cpu');
    expect(backends).toEqual([
      { name: 'tensorrt', available: false, reason: 'no tensorrt' },
      { name: 'cuda', available: false, reason: 'no cuda' },
      { name: 'webgpu', available: false, reason: 'no webgpu' },
      { name: 'cpu', available: true, reason: expect.any(String) },
    ]);
  });

  test('says of those behind the chosen one that they were not tried', async () => {
    const tried = trials({ cuda: fine });
    const { backends } = await choose(settings('auto'), tried);
    expect(tried.names()).toEqual(['tensorrt', 'cuda']);
    expect(backends[2]).toEqual({
      name: 'webgpu',
      available: null,
      reason: 'not tried: cuda is in use',
    });
  });

  test('passes over one that is slower than one core, but says that it works', async () => {
    const slow = { available: true, cores: 0.9, reason: '900 ms a face, 5.0 ms on one core' };
    expect((await choose(settings('auto'), trials({ cuda: slow }))).runtime.backend).toBe('cpu');
    const one = { available: true, cores: 1, reason: 'as fast as one core' };
    expect((await choose(settings('auto'), trials({ cuda: one }))).runtime.backend).toBe('cuda');
    const { runtime, backends } = await choose(settings('auto'), trials({ webgpu: slow }));
    expect(runtime.backend).toBe('cpu');
    expect(backends[2]).toEqual({ name: 'webgpu', available: true, reason: slow.reason });
  });

  test('takes webgpu, which has one worker, only where that does as much as all of the processor', async () => {
    for (const [workers, taken] of [[1, 'webgpu'], [2, 'webgpu'], [3, 'cpu']] as const) {
      const tried = trials({ webgpu: { ...fine, cores: 2 } });
      const { runtime } = await choose(settings('auto', { workers }), tried);
      expect(runtime.backend).toBe(taken);
    }
  });

  test('passes over webgpu for a device or a limit that it cannot have', async () => {
    for (
      const [more, reason] of [
        [{ inferenceDevice: 1 }, 'has no choice of device, which inference.device asks for'],
        [{ inferenceMemoryMb: 100 }, 'has no memory limit, which inference.memory_mb asks for'],
      ] as const
    ) {
      const tried = trials({ webgpu: fine, cpu: fine });
      const { runtime, backends } = await choose(settings('auto', more), tried);
      expect(runtime.backend).toBe('cpu');
      expect(backends[2]).toEqual({ name: 'webgpu', available: false, reason });
      expect(tried.names()).not.toContain('webgpu');
    }
  });

  test('is an error when even cpu cannot be used, as with a limit too low', async () => {
    const limited = settings('auto', { inferenceMemoryMb: 64 });
    await expect(choose(limited, trials())).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('no cpu'),
    });
  });
});

test('device and limit reach the trial and the sessions', async () => {
  const tried = trials({ cuda: fine });
  const wanted = settings('cuda', { inferenceDevice: 3, inferenceMemoryMb: 2048 });
  expect((await choose(wanted, tried)).runtime).toEqual({
    backend: 'cuda',
    device: 3,
    sharedMemory: true,
  });
  expect(tried.requests).toEqual([
    { backend: 'cuda', device: 3, memoryBytes: 2 ** 31, ...PACK, networks: 'embedder' },
  ]);
});

test('an engine that is closed meanwhile tries no further', async () => {
  const closing = new AbortController();
  const tried = trials();
  const probe: BackendProbe = (request) => {
    closing.abort(new Error('closed'));
    return tried.probe(request);
  };
  await expect(chooseBackend(settings('auto'), PACK, probe, closing.signal)).rejects.toThrow(
    'closed',
  );
  expect(tried.names()).toEqual(['tensorrt']);
  await expect(choose(settings('auto'), tried, closing.signal)).rejects.toThrow('closed');
  expect(tried.names()).toEqual(['tensorrt']);
});
