/** Rates and mixes out of readings, and how long readings are kept. */
import { afterEach, describe, expect, test } from 'bun:test';
import { History } from '../../../server/console/history.ts';
import { overviewOf } from '../../../server/console/overview.ts';
import { type EndpointReading, ofEachKind, type Reading } from '../../../server/console/reading.ts';

const PATH = '/api/v1/matchWithSelfie';

/** After so many requests, all of them in the first of two buckets. */
function reading(atS: number, requests: number, changes: Partial<EndpointReading> = {}): Reading {
  const endpoint = {
    family: 'identy',
    endpoint: PATH,
    bounds: [0.1, 1],
    counts: [requests, 0, 0],
    refused: 0,
    failed: 0,
    ...changes,
  };
  return {
    atMs: atS * 1000,
    endpoints: new Map([[PATH, endpoint]]),
    outcomes: { ...ofEachKind(() => new Map()), match: new Map([['HIGH', requests], ['NONE', 0]]) },
    scores: { bounds: [0.5, 1], counts: [requests, 1, 0] },
    queued: 3,
    busy: 2,
  };
}

describe('an overview', () => {
  test('has rates between readings, oldest first, and no times where nothing was asked', () => {
    const { history } = overviewOf([
      reading(0, 0),
      reading(5, 10),
      reading(10, 10),
      reading(11, 10),
    ]);
    expect(history.map(({ perSecond }) => perSecond)).toEqual([2, 0]);
    expect(history[0].p50Ms).toBeCloseTo(50);
    expect(history[0].p99Ms).toBeCloseTo(99);
    expect(history[1]).toEqual({
      at: '1970-01-01T00:00:10.000Z',
      perSecond: 0,
      failedPerSecond: 0,
      p50Ms: null,
      p99Ms: null,
      queued: 3,
      busy: 2,
    });
  });

  test('takes at least ten seconds for now, so that one request is no burst', () => {
    expect(overviewOf([reading(0, 0), reading(0.1, 1)]).current.perSecond).toBeCloseTo(0.1);
    const readings = [0, 5, 10, 15, 20].map((atS) => reading(atS, atS * 10));
    expect(overviewOf([...readings, reading(21, 210)]).current.perSecond).toBeCloseTo(10);
  });

  test('tells what came in its time from what came since the start', () => {
    const first = reading(0, 100, { refused: 5, failed: 1 });
    const last = reading(60, 130, { counts: [100, 30, 0], refused: 9, failed: 3 });
    const { endpoints, outcomes, livenessScores } = overviewOf([first, last]);
    expect(endpoints).toEqual([{
      family: 'identy',
      endpoint: PATH,
      requests: 30,
      refused: 4,
      failed: 2,
      p50Ms: expect.closeTo(550),
      p99Ms: expect.closeTo(991),
    }]);
    expect(outcomes.match).toEqual([{ name: 'HIGH', recent: 30, sinceStart: 130 }]);
    expect(livenessScores).toEqual({
      bounds: [0.5, 1],
      recent: [30, 0, 0],
      sinceStart: [130, 1, 0],
    });
  });

  test('leaves out endpoints that nobody used lately', () => {
    expect(overviewOf([reading(0, 7), reading(60, 7)]).endpoints).toEqual([]);
  });
});

describe('a history', () => {
  let history: History;
  afterEach(() => history.close());

  test('keeps the readings of fifteen minutes and one before', async () => {
    let atS = 0;
    history = new History(async () => reading(atS, atS));
    for (atS = 5; atS <= 3600; atS += 5) await history.look();
    const kept = await history.upToNow();
    expect(kept.length).toBe(900 / 5 + 3);
    expect(kept.at(-2)?.atMs).toBe(3_600_000);
    expect(kept[0].atMs).toBe(3_600_000 - 900_000 - 5_000);
  });

  test('that was interrupted begins anew', async () => {
    let atS = 0;
    history = new History(async () => reading(atS, atS));
    await history.look();
    atS = 10_000;
    await history.look();
    expect((await history.upToNow()).map(({ atMs }) => atMs)).toEqual([10_000_000, 10_000_000]);
  });
});
