/** The worker pool with real workers that crash, hang and refuse on command. */
import { afterEach, describe, expect, test } from 'bun:test';
import { FaceError } from '../../../../biometrics/errors.ts';
import { ServerError } from '../../../../server/core/errors.ts';
import { type PoolEvent, WorkerPool } from '../../../../server/core/inference/pool.ts';
import type { WireError } from '../../../../server/core/inference/messages.ts';
import type { FakeInit, FakeJob } from '../../support/fake-worker.ts';

const ENTRY = new URL('../../support/fake-worker.ts', import.meta.url).href;
const never = new AbortController().signal;

type Pool = WorkerPool<FakeInit, FakeJob, unknown>;
let open: Pool[] = [];
afterEach(() => {
  for (const pool of open) pool.close();
  open = [];
});

function revive(error: WireError): Error {
  return error.name === 'FaceError'
    ? new FaceError(error.code as FaceError['code'], error.message)
    : new ServerError('WORKER_FAILED', error.message);
}

function poolOf(
  options: Partial<{
    workers: number;
    queueLimit: number;
    hangGraceMs: number;
    maxWrittenOff: number;
    init: FakeInit;
  }> = {},
): { pool: Pool; events: PoolEvent[]; spawned: () => number } {
  const events: PoolEvent[] = [];
  let spawned = 0;
  const pool: Pool = new WorkerPool({
    spawn: () => {
      spawned++;
      return new Worker(ENTRY);
    },
    init: {},
    workers: 1,
    queueLimit: 4,
    hangGraceMs: 20,
    maxWrittenOff: 1,
    backoffMs: { first: 5, max: 20 },
    onEvent: (event) => events.push(event),
    reviveError: revive,
    ...options,
  });
  open.push(pool);
  return { pool, events, spawned: () => spawned };
}

async function rejection(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('did not reject');
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(2);
}

describe('work', () => {
  test('goes to workers and comes back in order of submission', async () => {
    const { pool } = poolOf({ workers: 2, queueLimit: 100 });
    await pool.start();
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const answer = await pool.submit({ do: 'echo', value: i }, never);
        expect(answer.result).toBe(i);
        expect(answer.queueMs).toBeGreaterThanOrEqual(0);
        done.push(i);
      }),
    );
    expect(done.length).toBe(20);
    expect(pool.status).toMatchObject({ live: 2, queued: 0, writtenOff: 0 });
  });

  test('is first in, first out', async () => {
    const { pool } = poolOf({ queueLimit: 10 });
    await pool.start();
    const done: unknown[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (i) =>
        done.push((await pool.submit({ do: 'echo', value: i }, never)).result)
      ),
    );
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });

  test('moves transferred buffers instead of copying them', async () => {
    const { pool } = poolOf();
    await pool.start();
    const bytes = new Uint8Array(1000);
    const answer = await pool.submit({ do: 'length', bytes }, never, [bytes.buffer]);
    expect(answer.result).toBe(1000);
    expect(bytes.length).toBe(0);
  });

  test('that cannot be handed over fails without costing a worker', async () => {
    const { pool, spawned } = poolOf();
    await pool.start();
    const job = { do: 'echo', value: () => 1 } as const;
    expect((await rejection(pool.submit(job, never))).name).toBe('DataCloneError');
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
    expect(spawned()).toBe(1);
  });

  test('keeps class, code and message of its errors', async () => {
    const { pool } = poolOf();
    await pool.start();
    const error = await rejection(pool.submit({ do: 'face-error' }, never));
    expect(error).toBeInstanceOf(FaceError);
    expect([error.code, error.message]).toEqual(['NO_FACE', 'no face in it']);
  });
});

describe('limits', () => {
  test('a full queue refuses at once and takes work again later', async () => {
    const { pool } = poolOf({ queueLimit: 2 });
    await pool.start();
    const taken = [1, 2, 3].map(() => pool.submit({ do: 'block', ms: 10 }, never));
    expect((await rejection(pool.submit({ do: 'echo', value: 1 }, never))).code).toBe('BUSY');
    await Promise.all(taken);
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
  });

  test('before start and after close nothing is taken', async () => {
    const { pool } = poolOf();
    expect((await rejection(pool.submit({ do: 'echo', value: 1 }, never))).code).toBe('BUSY');
    await pool.start();
    const running = pool.submit({ do: 'block', ms: 20 }, never);
    const queued = pool.submit({ do: 'echo', value: 1 }, never);
    pool.close();
    expect((await rejection(running)).code).toBe('BUSY');
    expect((await rejection(queued)).code).toBe('BUSY');
    expect((await rejection(pool.submit({ do: 'echo', value: 1 }, never))).code).toBe('BUSY');
  });

  test('a signal takes queued work out of the queue', async () => {
    const { pool } = poolOf();
    await pool.start();
    const running = pool.submit({ do: 'block', ms: 30 }, never);
    const client = new AbortController();
    const queued = rejection(pool.submit({ do: 'echo', value: 1 }, client.signal));
    expect(pool.status).toMatchObject({ live: 1, busy: 1, queued: 1, restarts: 0 });
    client.abort(new ServerError('CANCELLED', 'gone'));
    expect((await queued).code).toBe('CANCELLED');
    expect(pool.status.queued).toBe(0);
    await running;
  });

  test('a signal that was aborted before submits nothing', async () => {
    const { pool } = poolOf();
    await pool.start();
    const signal = AbortSignal.abort(new ServerError('DEADLINE', 'late'));
    expect((await rejection(pool.submit({ do: 'echo', value: 1 }, signal))).code).toBe('DEADLINE');
    expect(pool.status.queued).toBe(0);
  });
});

describe('a worker', () => {
  test('that exits fails its own job only and is replaced', async () => {
    const { pool, events } = poolOf();
    await pool.start();
    const crashed = rejection(pool.submit({ do: 'exit' }, never));
    const waiting = pool.submit({ do: 'echo', value: 'after' }, never);
    expect((await crashed).code).toBe('WORKER_CRASHED');
    expect((await waiting).result).toBe('after');
    expect(pool.status).toMatchObject({ busy: 0, restarts: 1 });
    expect(events).toEqual([{
      type: 'worker-ended',
      exitCode: 3,
      reason: undefined,
      restartInMs: 5,
    }]);
  });

  test('with an error outside a job is replaced as well', async () => {
    const { pool, spawned, events } = poolOf();
    await pool.start();
    const error = await rejection(pool.submit({ do: 'throw-outside' }, never));
    expect(error.code).toBe('WORKER_CRASHED');
    const [event] = events;
    expect(event).toMatchObject({ reason: 'error: outside of the job' });
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
    expect(spawned()).toBe(2);
  });

  test('that keeps dying is replaced ever more slowly, up to a limit, until one works', async () => {
    const { pool, events } = poolOf();
    await pool.start();
    for (let i = 0; i < 4; i++) {
      await rejection(pool.submit({ do: 'exit' }, never));
    }
    await pool.submit({ do: 'echo', value: 1 }, never);
    await rejection(pool.submit({ do: 'exit' }, never));
    await until(() => events.length === 5);
    expect(events.map((event) => 'restartInMs' in event ? event.restartInMs : -1)).toEqual(
      [5, 10, 20, 20, 5],
    );
  });

  test('that finishes late frees itself; its answer goes nowhere', async () => {
    const { pool, spawned } = poolOf({ hangGraceMs: 5000 });
    await pool.start();
    const deadline = new AbortController();
    const late = rejection(pool.submit({ do: 'block', ms: 50 }, deadline.signal));
    deadline.abort(new ServerError('DEADLINE', 'too late'));
    expect((await late).code).toBe('DEADLINE');
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
    expect(spawned()).toBe(1);
  });

  test('that hangs is written off and replaced, and ended once it comes back', async () => {
    const { pool, events, spawned } = poolOf();
    await pool.start();
    const deadline = new AbortController();
    const hung = rejection(pool.submit({ do: 'block', ms: 400 }, deadline.signal));
    deadline.abort(new ServerError('DEADLINE', 'too late'));
    expect((await hung).code).toBe('DEADLINE');
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
    expect(events).toEqual([{ type: 'worker-written-off', replaced: true }]);
    expect([spawned(), pool.status.writtenOff]).toEqual([2, 1]);
    await until(() => pool.status.writtenOff === 0);
    expect(pool.status.live).toBe(1);
  });

  test('beyond the cap of written-off ones is not replaced but used again when it comes back', async () => {
    const { pool, events, spawned } = poolOf({ maxWrittenOff: 0 });
    await pool.start();
    const deadline = new AbortController();
    const hung = rejection(pool.submit({ do: 'block', ms: 150 }, deadline.signal));
    deadline.abort(new ServerError('DEADLINE', 'too late'));
    await hung;
    await until(() => events.length === 1);
    expect(events).toEqual([{ type: 'worker-written-off', replaced: false }]);
    expect(pool.status.live).toBe(0);
    expect((await pool.submit({ do: 'echo', value: 1 }, never)).result).toBe(1);
    expect([spawned(), pool.status.live]).toEqual([1, 1]);
  });
});

describe('start-up', () => {
  test('fails with the reason a worker gives', async () => {
    const { pool } = poolOf({ workers: 2, init: { refuse: true } });
    const error = await rejection(pool.start());
    expect(error).toBeInstanceOf(FaceError);
    expect(error.code).toBe('PACK_INCOMPLETE');
  });

  test('fails when a worker ends before it is ready', async () => {
    const { pool } = poolOf({ init: { exitAtStart: true } });
    const error = await rejection(pool.start());
    expect([error.code, error.message]).toEqual([
      'WORKER_FAILED',
      'worker ended while starting: exit code 7',
    ]);
  });
});

test('the main thread stays free while workers are blocked', async () => {
  const { pool } = poolOf({ workers: 2 });
  await pool.start();
  const work = Promise.all([0, 1].map(() => pool.submit({ do: 'block', ms: 150 }, never)));
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await work;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});
