/** `[limits]`: what one request, and all requests together, may take. */
import { integer } from '../kinds.ts';
import { Computed, setting } from '../setting.ts';

/** A worker takes about 20 pictures a second, so the last in a full queue waits under two seconds. */
const QUEUED_PER_WORKER = 32;

export const LIMITS = {
  queueLimit: setting({
    path: 'limits.queue',
    kind: integer(1, 100_000, 'pictures'),
    default: new Computed(
      `${QUEUED_PER_WORKER} x workers`,
      ({ workers }) => QUEUED_PER_WORKER * Number(workers),
    ),
    variables: ['GATEHOUSE_QUEUE_LIMIT'],
    example: '128',
    about:
      'Pictures that may wait for a worker; a match brings two. When the queue is full the answer is 503 at once, so a longer queue trades refusals for waiting.',
  }),
  bodyLimitBytes: setting({
    path: 'limits.body_bytes',
    kind: integer(1024, 2 ** 30, 'bytes'),
    default: 32 * 2 ** 20,
    variables: ['GATEHOUSE_BODY_LIMIT_BYTES'],
    reload: true,
    about: 'Largest request body. Base64 makes pictures a third larger, and a match brings two.',
  }),
  bodyBudgetBytes: setting({
    path: 'limits.body_budget_bytes',
    kind: integer(1024, 2 ** 36, 'bytes'),
    default: 256 * 2 ** 20,
    variables: ['GATEHOUSE_BODY_BUDGET_BYTES'],
    reload: true,
    about: 'Request bodies held in memory at one time, all requests together.',
  }),
  bodyTimeoutMs: setting({
    path: 'limits.body_timeout_ms',
    kind: integer(100, 3_600_000, 'milliseconds'),
    default: 30_000,
    variables: ['GATEHOUSE_BODY_TIMEOUT_MS'],
    reload: true,
    about: 'Time for a request body to arrive.',
  }),
  deadlineMs: setting({
    path: 'limits.deadline_ms',
    // stays below the longest silence Bun allows on a connection, 255 s
    kind: integer(100, 240_000, 'milliseconds'),
    default: 30_000,
    variables: ['GATEHOUSE_DEADLINE_MS'],
    reload: true,
    about: 'Time from the last byte of a request body to the answer; waiting in the queue counts.',
  }),
  drainMs: setting({
    path: 'limits.drain_ms',
    kind: integer(0, 3_600_000, 'milliseconds'),
    default: 30_000,
    variables: ['GATEHOUSE_DRAIN_MS'],
    reload: true,
    about: 'Time that requests in flight get at shutdown.',
  }),
};
