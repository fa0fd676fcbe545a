import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  frameToCompare,
  judgeFeed,
  judgePerson,
  type SentFrame,
} from '../../../../biometrics/liveness/sequence/burst.ts';

/** Frames 140 ms apart; the same letter is the same frame. */
function feed(letters: string, timesMs?: readonly number[]): SentFrame[] {
  return [...letters].map((letter, i) => ({
    bytes: new TextEncoder().encode(`frame ${letter}`),
    timeMs: timesMs?.[i] ?? 140 * i,
  }));
}

const SILENT = { detector: 'burst-feed', score: 0.5, confidence: 0 };
const refusal = (reason: string) => ({ detector: 'burst-feed', score: 0, confidence: 1, reason });

describe('a feed', () => {
  test.each(['', 'a', 'ab', 'abcdefgh'])('of frames "%s" is not refused', (letters) => {
    expect(judgeFeed(feed(letters))).toMatchObject(SILENT);
  });

  test.each(['aa', 'aab', 'abbcddef', 'aabbcdde'])(
    'of a slow camera, "%s", is not refused: a browser may hand over a frame twice',
    (letters) => {
      expect(judgeFeed(feed(letters))).toMatchObject(SILENT);
    },
  );

  test.each(['aaa', 'aaaaaaaa', 'aabbccdd', 'aaaaabcd'])(
    'that stands still, "%s", is',
    (letters) => {
      expect(judgeFeed(feed(letters))).toMatchObject(refusal('most frames repeat the one before'));
    },
  );

  test('that stands still in the last second alone is, of slow looks too', () => {
    const times = [0, 330, 660, 990, 1320, 1650, 1980, 2310];
    expect(judgeFeed(feed('abcdeeee', times)))
      .toMatchObject(refusal('most frames repeat the one before'));
    expect(judgeFeed(feed('aaaaabcd', times))).toMatchObject(SILENT);
  });

  test.each(['aba', 'abcdabcd', 'abcdefga', 'abcdcbef'])('that loops, "%s", is', (letters) => {
    expect(judgeFeed(feed(letters))).toMatchObject(refusal('a frame comes back after another'));
  });

  test('whose times fall is', () => {
    for (const times of [[0, 200, 100, 300], [0, 100, 200, 199], [0, 100, NaN, 200]]) {
      expect(judgeFeed(feed('abcd', times))).toMatchObject(refusal('frame times fall'));
    }
  });

  test('faster than any camera is, times that a browser has rounded are not', () => {
    expect(judgeFeed(feed('abcd', [0, 1, 2, 3])))
      .toMatchObject(refusal('frames come faster than any camera gives them'));
    expect(judgeFeed(feed('abcd', [0, 200, 400, 400]))).toMatchObject(SILENT);
  });

  test('is told all its signs', () => {
    expect(judgeFeed(feed('abaaaa', [0, 0, 0, 0, 0, 0])).reason).toBe(
      'frames come faster than any camera gives them; most frames repeat the one before; ' +
        'a frame comes back after another',
    );
  });

  test('of any frames and times is refused with a reason, or not at all', () => {
    const frame = fc.record({
      bytes: fc.uint8Array({ maxLength: 2 }),
      timeMs: fc.oneof(fc.double(), fc.nat(600_000)),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 32 }), (frames) => {
        const { score, confidence, reason } = judgeFeed(frames);
        expect([[0, 1], [0.5, 0]]).toContainEqual([score, confidence]);
        expect(reason).toMatch(/^[a-z ;]+/);
        const found = frameToCompare(frames, 1000);
        if (found !== undefined) expect(frames).toContain(found);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
    );
  });
});

test('the picture is compared with the first frame of the last second', () => {
  const frames = feed('abcd', [0, 300, 600, 900]);
  expect(frameToCompare(frames, 1000)).toBe(frames[0]);
  expect(frameToCompare(frames, 1301)).toBe(frames[2]);
  expect(frameToCompare(frames, 2000)).toBeUndefined();
  expect(frameToCompare([], 0)).toBeUndefined();
});

describe('the person', () => {
  test.each(['NONE', 'LOW', 'MEDIUM'] as const)('at level %s is another one', (level) => {
    expect(judgePerson(level)).toMatchObject({ detector: 'burst-person', score: 0, confidence: 1 });
  });

  test.each(['HIGH', 'VERY_HIGH', 'HIGHEST', 'several-faces'] as const)(
    'is not refused: %s',
    (compared) => {
      expect(judgePerson(compared)).toMatchObject({ score: 0.5, confidence: 0 });
    },
  );

  test('who was not there is refused', () => {
    expect(judgePerson('no-face')).toMatchObject({
      score: 0,
      confidence: 1,
      reason: 'a frame just before shows no face',
    });
  });
});
