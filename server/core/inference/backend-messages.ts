/** What goes into a trial of a backend and what comes out, as JSON between two processes. */
import { z } from 'zod';
import { BACKENDS } from '../../../biometrics/runtime/backend.ts';

export const BackendRequestSchema = z.strictObject({
  backend: z.enum(BACKENDS),
  /** Which GPU, counted from 0. */
  device: z.int().min(0),
  /** Memory that networks may take; without it any. */
  memoryBytes: z.int().min(1).optional(),
  packPath: z.string(),
  /** SHA-256 of the manifest the caller has checked. */
  packId: z.string(),
  /** Which networks: the first one that makes templates, or all. */
  networks: z.enum(['embedder', 'all']),
});

export const BackendAnswerSchema = z.discriminatedUnion('available', [
  z.strictObject({
    available: z.literal(true),
    /** Networks that were compared, and the largest difference, in shares as TOLERANCE has it. */
    compared: z.int().min(1),
    difference: z.number(),
    /** Time that the embedder takes for one face there, and on one core of the processor. */
    runMs: z.number(),
    processorMs: z.number(),
  }),
  z.strictObject({ available: z.literal(false), reason: z.string() }),
]);

export type BackendRequest = Readonly<z.infer<typeof BackendRequestSchema>>;
export type BackendAnswer = Readonly<z.infer<typeof BackendAnswerSchema>>;
