/** What reaches ONNX Runtime: providers in order, the device, shared memory. */
import { describe, expect, test } from 'bun:test';
import {
  type BackendName,
  BACKENDS,
  ON_CPU,
  sessionOptions,
  workersOn,
} from '../../../biometrics/runtime/backend.ts';

const on = (backend: BackendName, device = 0) => ({ backend, device, sharedMemory: false });
const providers = (backend: BackendName, device?: number) =>
  sessionOptions(on(backend, device)).executionProviders;

describe('session options', () => {
  test('name the device of cuda', () => {
    expect(providers('cuda', 2)).toEqual([{ name: 'cuda', deviceId: 2 }, 'cpu']);
  });

  test('let tensorrt leave to cuda on the same device what it cannot do', () => {
    expect(providers('tensorrt', 1)).toEqual([
      { name: 'tensorrt', deviceId: 1 },
      { name: 'cuda', deviceId: 1 },
      'cpu',
    ]);
  });

  test('name no device where there is no choice', () => {
    expect(providers('webgpu', 1)).toEqual(['webgpu', 'cpu']);
    expect(providers('cpu', 1)).toEqual(['cpu']);
  });

  test.each(BACKENDS)('keep %s to one thread that sleeps when it waits', (backend) => {
    expect(sessionOptions(on(backend))).toMatchObject({
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  });

  test('share memory only when told to', () => {
    expect(JSON.stringify(sessionOptions(ON_CPU))).not.toContain('use_env_allocators');
    expect(sessionOptions({ ...ON_CPU, sharedMemory: true })).toMatchObject({
      extra: { session: { use_env_allocators: '1' } },
    });
  });

  test('forbid the processor only when told to', () => {
    expect(JSON.stringify(sessionOptions(on('cuda')))).not.toContain('disable_cpu_ep_fallback');
    expect(sessionOptions(on('cuda'), true)).toMatchObject({
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
  });
});

test('webgpu has one worker, the others as many as asked for', () => {
  expect(BACKENDS.map((backend) => workersOn(backend, 8))).toEqual([8, 8, 1, 8]);
});
