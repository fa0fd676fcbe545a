/** What the frames before the picture of a capture do to the answers of all endpoints that take one. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCaptureKeys } from '../../../server/identy/mod.ts';
import { sealCapture, type SealKey } from '../../../server/web/face-sdk/seal.ts';
import { base64, picture } from '../support/fake-faces.ts';
import { type Running, startFake } from '../support/running.ts';
import { describeCapture, writeCapture, writePayload } from './support/captures.ts';

const PROCESS = '/api/v1/process', VERIFY = '/api/v1/verifyWithPictureId';
const SECURE = '/api/v1/secure/face/as';
const ENDPOINTS = [PROCESS, VERIFY, SECURE];

let folder: string, running: Running, key: SealKey;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-burst-'));
  const captureKeys = await openCaptureKeys(folder);
  key = { kid: captureKeys.current.id, spki: captureKeys.current.spki.toBase64() };
  running = startFake({}, undefined, { captureKeys });
});
afterAll(async () => {
  await running.server.stop();
  await rm(folder, { recursive: true });
});

async function post(path: string, payload: Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([await sealCapture(payload, key, Date.now())]), 'bdata');
  if (path === VERIFY) {
    const fields = { picID: base64(picture('face 0')), template: 'JPEG', level: 'HIGH' };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
  }
  return await fetch(new URL(path, running.server.url), { method: 'POST', body: form });
}

/** The answer in one word, and what was looked at. @param says of the picture, then of the frames before it */
async function outcome(path: string, says: readonly string[], changes: object = {}) {
  return await outcomeOf(path, says.map((words) => picture(words)), changes);
}

async function outcomeOf(path: string, frames: readonly Uint8Array[], changes: object = {}) {
  running.faces.seen.length = 0;
  const response = await post(path, writeCapture(describeCapture(changes), frames));
  const body = await response.json();
  const spoof = body.is_spoof ? 'SPOOF' : 'LIVE';
  return {
    outcome: body.feedbackCode ?? body.message ?? (response.ok ? spoof : 'no answer'),
    code: body.code,
    seen: [...running.faces.seen],
    reasons: running.lines.at(-1)?.reasons,
  };
}

/** The same frame does not come twice out of a camera: each says something else at its end. */
const still = (count: number, says = 'face 0 1 0.95 0.9') =>
  Array.from({ length: count }, (_, i) => `${says} ${i}`);

const GOOD: Record<string, string> = {
  [PROCESS]: 'FEEDBACK_CAPTURED',
  [VERIFY]: 'FEEDBACK_MATCHED',
  [SECURE]: 'LIVE',
};
const SPOOF: Record<string, string> = {
  [PROCESS]: 'FEEDBACK_RETRY',
  [VERIFY]: 'FEEDBACK_RETRY',
  [SECURE]: 'SPOOF',
};
const INSECURE: Record<string, string> = {
  [PROCESS]: 'FEEDBACK_RETRY_INSECURE',
  [VERIFY]: 'FEEDBACK_RETRY_INSECURE',
  [SECURE]: 'SPOOF',
};

describe.each(ENDPOINTS)('%s', (path) => {
  const reference = path === VERIFY ? ['face 0'] : [];

  test('takes a capture of one frame as it always did', async () => {
    const { outcome: answer, seen } = await outcome(path, ['face 0']);
    expect(answer).toBe(GOOD[path]);
    expect(seen).toEqual(['face 0', ...reference]);
  });

  test('takes a person who holds still, and looks at one frame more', async () => {
    const frames = still(8);
    const { outcome: answer, seen } = await outcome(path, frames);
    expect(answer).toBe(GOOD[path]);
    // 7 x 140 ms before the picture is within the second
    expect(seen).toEqual([frames[0], frames[1], ...reference]);
  });

  test('takes a burst of slow looks, of which none is within the second', async () => {
    const frames = ['face 0', 'face 1.5 1 0.1'].map((says) => picture(says));
    const listed = frames.map(({ length }, i) => ({ bytes: length, time_ms: i === 0 ? 1100 : 0 }));
    const bytes = new Uint8Array(frames.flatMap((frame) => [...frame]));
    running.faces.seen.length = 0;
    const response = await post(path, writePayload(describeCapture({ frames: listed }), bytes));
    expect(response.status).toBe(200);
    expect(running.faces.seen).toEqual(['face 0', ...reference]);
  });

  test('refuses a picture of another person than the burst', async () => {
    const { outcome: answer, reasons } = await outcome(path, ['face 0', ...still(7, 'face 1.5 1')]);
    expect(answer).toBe(SPOOF[path]);
    expect(reasons).toEqual(['burst-person: a frame just before shows another person']);
  });

  test('refuses a face that was not there just before', async () => {
    const { outcome: answer, reasons } = await outcome(path, ['face 0', 'none', ...still(6)]);
    expect(answer).toBe(SPOOF[path]);
    expect(reasons).toEqual(['burst-person: a frame just before shows no face']);
  });

  test('does not compare where several faces are in view', async () => {
    const frames = ['face 0 1', 'face 1.5 2', ...still(6)];
    expect((await outcome(path, frames)).outcome).toBe(GOOD[path]);
  });

  test.each([
    ['stands still', Array<string>(8).fill('face 0'), 'most frames repeat the one before'],
    [
      'loops',
      ['face 0.2', 'face 0', 'face 0.1', 'face 0', 'face 0.1'],
      'a frame comes back after another',
    ],
  ])('refuses a feed that %s without a look at it', async (_, frames, reason) => {
    const { outcome: answer, reasons, seen } = await outcome(path, frames);
    expect(answer).toBe(INSECURE[path]);
    expect(reasons).toEqual([`burst-feed: ${reason}`]);
    expect(seen).toHaveLength(1);
  });

  test('refuses frames whose times fall', async () => {
    const frames = [picture('face 0'), picture('face 0.1')];
    const listed = frames.map(({ length }, i) => ({ bytes: length, time_ms: 100 * i }));
    const bytes = new Uint8Array(frames.flatMap((frame) => [...frame]));
    await post(path, writePayload(describeCapture({ frames: listed }), bytes));
    expect(running.lines.at(-1)?.reasons).toEqual(['burst-feed: frame times fall']);
  });

  test('names a camera that is a program first, and looks no further', async () => {
    const camera = { ...describeCapture().camera, label: 'OBS Virtual Camera' };
    const { reasons, seen } = await outcome(path, ['face 0', 'none'], { camera });
    expect(reasons).toEqual(['capture-signals: the camera is a program']);
    expect(seen).toHaveLength(1);
  });

  test('answers a frame that is damaged as it answers a damaged picture', async () => {
    const damaged = await outcome(path, ['face 0', 'broken', ...still(6)]);
    const picture = await outcome(path, ['broken', ...still(7)]);
    expect(damaged.code).toBe(503);
    expect([damaged.outcome, damaged.code]).toEqual([picture.outcome, picture.code]);
    expect((await outcome(path, ['face 0', 'large'])).code).toBe(503);
  });

  test('answers failures of the server over a frame as those over the picture', async () => {
    const failures = ['busy', 'crash', 'bug'];
    for (const failure of failures) {
      const [over, itself] = [
        await outcome(path, ['face 0', failure]),
        await outcome(path, [failure, 'face 0.1']),
      ];
      expect(over.code).toBe(500);
      expect([over.outcome, over.code]).toEqual([itself.outcome, itself.code]);
    }
    // the slow picture is not waited for
    expect((await outcome(path, ['slow 60000', 'crash'])).code).toBe(500);
  });

  test('refuses what is no JPEG before any work, in every frame', async () => {
    const png = new Uint8Array([...new TextEncoder().encode('\x89PNG\r\n\x1a\n'), 1, 2, 3]);
    for (
      const frames of [[png], [picture('face 0'), png], [
        picture('face 0'),
        ...[1, 2].map(() => new Uint8Array([0xff, 0xd8, 0xff])),
      ]]
    ) {
      expect(await outcomeOf(path, frames)).toMatchObject({
        outcome: 'ERROR_INVALID_IMAGE',
        code: 503,
        seen: [],
      });
    }
  });

  test('refuses another size before any work, in every frame', async () => {
    const small = picture('face 0 width=240 height=320');
    for (const frames of [[small], [picture('face 0'), picture('face 0.1'), small]]) {
      expect(await outcomeOf(path, frames)).toMatchObject({
        outcome: 'ERROR_WRONG_RESOLUTION',
        code: 901,
        seen: [],
      });
    }
  });
});

test('frames that are compared are no matches in the metrics', async () => {
  const count = async (metric: string) => {
    const text = await (await fetch(new URL('/metrics', running.server.url))).text();
    return text.split('\n').filter((line) => line.startsWith(metric))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
  const embedded = 'gatehouse_face_stage_duration_seconds_count{stage="embed"}';
  const before = await count(embedded), matches = await count('gatehouse_match_outcomes_total');
  await outcome(PROCESS, still(8));
  expect(await count(embedded)).toBe(before + 2);
  expect(await count('gatehouse_match_outcomes_total')).toBe(matches);
});

test('the burst is of no interest where liveness is switched off', async () => {
  const changes = { anti_spoofing: { enabled: false, threshold: 'LOW' } };
  const { outcome: answer, seen } = await outcome(PROCESS, Array(8).fill('face 0'), changes);
  expect(answer).toBe('FEEDBACK_CAPTURED');
  expect(seen).toEqual(['face 0']);
});

test('frames of any bytes and times get an answer of the table', async () => {
  const says = fc.constantFrom(
    ...['face 0', 'face 0.1 1', 'face 1.5', 'face 0 2', 'none', 'broken', 'large', 'tiny'],
  );
  const frame = fc.oneof(
    { weight: 3, arbitrary: says.map((words) => picture(words)) },
    says.map((words) => picture(`${words} width=640 height=480`)),
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc.uint8Array({ maxLength: 60 }).map((tail) => new Uint8Array([0xff, 0xd8, 0xff, ...tail])),
  );
  const time = fc.oneof(fc.nat(2000), fc.double({ min: 0, max: 600_000, noNaN: true }));
  const burst = fc.array(fc.tuple(frame, time), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ENDPOINTS), burst, async (path, shots) => {
      const frames = shots.map(([{ length }, time_ms]) => ({ bytes: length, time_ms }));
      const bytes = new Uint8Array(shots.flatMap(([jpeg]) => [...jpeg]));
      const response = await post(path, writePayload(describeCapture({ frames }), bytes));
      const { code, is_spoof } = await response.json();
      if (path === SECURE && response.ok) expect(is_spoof).toBeBoolean();
      else expect([200, 401, 408, 503, 901]).toContain(code);
      expect(running.lines.at(-1)?.level).toBe('info');
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 150) },
  );
}, 60_000);
