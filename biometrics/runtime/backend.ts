/**
 * What networks run on, and the session options of ONNX Runtime that say so. Its Node.js binding takes a
 * device of CUDA and TensorRT and nothing else of them: no memory limit, no cache of TensorRT engines.
 */
import type { InferenceSession } from 'onnxruntime-node';

/** All backends, the fastest first; the processor is always there. */
export const BACKENDS = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const;

export type BackendName = typeof BACKENDS[number];

export interface Runtime {
  readonly backend: BackendName;
  /** Which GPU, counted from 0; `cuda` and `tensorrt` only. */
  readonly device: number;
  /** Take tensors from the memory that the process shares out, which must have been limited before. */
  readonly sharedMemory: boolean;
}

export const ON_CPU: Runtime = { backend: 'cpu', device: 0, sharedMemory: false };

/**
 * How many of the workers that are asked for may run networks at one time. ONNX Runtime has one WebGPU device
 * in a process, and ends the process when two threads use it.
 */
export function workersOn(backend: BackendName, workers: number): number {
  return backend === 'webgpu' ? 1 : workers;
}

/**
 * @param whole refuse networks of which the backend leaves a part to the processor; not for `cpu`
 * @returns options for a session of one thread
 */
export function sessionOptions(runtime: Runtime, whole = false): InferenceSession.SessionOptions {
  return {
    executionProviders: executionProviders(runtime),
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        ...(runtime.sharedMemory && { use_env_allocators: '1' }),
        ...(whole && { disable_cpu_ep_fallback: '1' }),
      },
    },
  };
}

/** In order of preference: what the first cannot do falls to the next. */
function executionProviders(
  { backend, device: deviceId }: Runtime,
): InferenceSession.ExecutionProviderConfig[] {
  const cuda = { name: 'cuda', deviceId } as const;
  switch (backend) {
    case 'tensorrt':
      return [{ name: 'tensorrt', deviceId }, cuda, 'cpu'];
    case 'cuda':
      return [cuda, 'cpu'];
    case 'webgpu':
      return ['webgpu', 'cpu'];
    case 'cpu':
      return ['cpu'];
  }
}
