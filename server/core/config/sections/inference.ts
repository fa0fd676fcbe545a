/** `[inference]`: what the networks of the server run on. docs/gpu.md. */
import { choice, integer, optional } from '../kinds.ts';
import { setting } from '../setting.ts';

/** What is said of a value that the chosen backend has no use for. */
function needs(backends: readonly string[], chosen: unknown): string | undefined {
  if (chosen === 'auto' || backends.includes(String(chosen))) return undefined;
  return `has no effect with inference.backend ${chosen}: that is for ${
    backends.join(', ')
  } and auto`;
}

export const INFERENCE = {
  backend: setting({
    path: 'inference.backend',
    kind: choice(['cpu', 'cuda', 'tensorrt', 'webgpu', 'auto']),
    default: 'cpu',
    variables: ['GATEHOUSE_INFERENCE_BACKEND'],
    about:
      'What networks run on. It is tried at the start: one that cannot be used, or whose numbers are not those of the processor, is an error. "auto" takes the first of tensorrt, cuda and webgpu that can be used and is faster than the processor, else the processor. docs/gpu.md says what each needs, and what is untested.',
  }),
  inferenceDevice: setting({
    path: 'inference.device',
    kind: integer(0, 127),
    default: 0,
    variables: ['GATEHOUSE_INFERENCE_DEVICE'],
    about: 'Which GPU of several, counted from 0, for cuda and tensorrt.',
    beside: (device, { backend }) =>
      device === 0 ? undefined : needs(['cuda', 'tensorrt'], backend),
  }),
  inferenceMemoryMb: setting({
    path: 'inference.memory_mb',
    kind: optional(integer(64, 1_048_576, 'megabytes')),
    default: undefined,
    variables: ['GATEHOUSE_INFERENCE_MEMORY_MB'],
    example: '2048',
    about:
      'Memory that the networks of all workers may take together on the device: tensors, and on a GPU weights, but not what its driver takes for itself. A picture that needs more is answered with an error. Without it there is no limit. Not for webgpu.',
    beside: (limit, { backend }) =>
      limit === undefined ? undefined : needs(['cpu', 'cuda', 'tensorrt'], backend),
  }),
};
