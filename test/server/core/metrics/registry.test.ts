/** Metrics: what is counted comes out, whatever a label holds, and no value of a label makes the set grow. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  contentTypeFor,
  OPENMETRICS_TYPE,
  TEXT_TYPE,
  writeMetrics,
} from '../../../../server/core/metrics/exposition.ts';
import { Registry } from '../../../../server/core/metrics/registry.ts';

/** Lines of samples, without comments. */
async function samples(registry: Registry): Promise<string[]> {
  const text = writeMetrics(await registry.collect(), TEXT_TYPE);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('a counter', () => {
  test('begins at 0 and counts by its labels', async () => {
    const registry = new Registry();
    const doors = registry.counter({
      name: 'doors_total',
      help: 'Doors.',
      labels: { side: ['left', 'right'] },
    });
    expect(await samples(registry)).toEqual([
      'doors_total{side="left"} 0',
      'doors_total{side="right"} 0',
    ]);
    doors.add({ side: 'right' });
    doors.add({ side: 'right' }, 2);
    expect(await samples(registry)).toEqual([
      'doors_total{side="left"} 0',
      'doors_total{side="right"} 3',
    ]);
  });

  test('has no more series than its lists allow, whatever the values', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string())),
      async (values) => {
        const registry = new Registry();
        const counter = registry.counter({
          name: 'x_total',
          help: '',
          labels: { a: ['1', '2'], b: ['constructor', 'x'] },
        });
        for (const [a, b] of values) counter.add({ a, b });
        const lines = await samples(registry);
        expect(lines.length).toBeLessThanOrEqual(9);
        const total = lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
        expect(total).toBe(values.length);
      },
    ));
  });

  test('counts what is not on the list as other', async () => {
    const registry = new Registry();
    const counter = registry.counter({ name: 'x_total', help: '', labels: { a: ['1'] } });
    for (const a of ['__proto__', 'other', '']) counter.add({ a });
    expect(await samples(registry)).toEqual(['x_total{a="1"} 0', 'x_total{a="other"} 3']);
  });
});

test('a histogram counts into every bucket a value fits', async () => {
  const registry = new Registry();
  const waits = registry.histogram({ name: 'wait_seconds', help: '' }, [0.1, 1]);
  for (const value of [0.1, 0.25, 5]) waits.observe({}, value);
  expect(await samples(registry)).toEqual([
    'wait_seconds_bucket{le="0.1"} 1',
    'wait_seconds_bucket{le="1"} 2',
    'wait_seconds_bucket{le="+Inf"} 3',
    'wait_seconds_sum 5.35',
    'wait_seconds_count 3',
  ]);
});

test('a value that cannot be read now hides no other', async () => {
  const registry = new Registry();
  registry.measured('gauge', { name: 'broken', help: '' }, async (set) => {
    set({}, 1);
    await Promise.reject(new Error('gone'));
  });
  registry.measured('gauge', { name: 'whole', help: '' }, (set) => set({}, 2));
  expect(await samples(registry)).toEqual(['whole 2']);
});

test('scrapes at the same time do not disturb each other', async () => {
  const registry = new Registry();
  registry.measured('gauge', { name: 'slow', help: '', labels: { a: ['1', '2'] } }, async (set) => {
    set({ a: '1' }, 1);
    await Bun.sleep(1);
    set({ a: '2' }, 2);
  });
  const all = await Promise.all([samples(registry), samples(registry), samples(registry)]);
  for (const lines of all) expect(lines).toEqual(['slow{a="1"} 1', 'slow{a="2"} 2']);
});

test('two metrics of one name are a mistake', () => {
  const registry = new Registry();
  registry.counter({ name: 'x_total', help: '' });
  expect(() => registry.counter({ name: 'x_total', help: '' })).toThrow('declared twice');
});

describe('the text', () => {
  test('keeps every text of a label in its line', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 50 }), async (text) => {
      const registry = new Registry();
      registry.info({ name: 'pack_info', help: 'a\nb' }, ['name'], () => ({ name: text }));
      const [line, ...rest] = await samples(registry);
      expect(rest).toEqual([]);
      const [, escaped] = /^pack_info\{name="(.*)"\} 1$/s.exec(line) ?? [];
      const back = escaped.replace(/\\(["\\n])/g, (_, c) => c === 'n' ? '\n' : c);
      expect(back).toBe(text);
    }));
  });

  test('is OpenMetrics for those that ask for it', async () => {
    const registry = new Registry();
    registry.counter({ name: 'x_total', help: 'Of "x".' });
    expect(writeMetrics(await registry.collect(), TEXT_TYPE)).toBe(
      '# HELP x_total Of "x".\n# TYPE x_total counter\nx_total 0\n',
    );
    expect(writeMetrics(await registry.collect(), OPENMETRICS_TYPE)).toBe(
      '# HELP x Of \\"x\\".\n# TYPE x counter\nx_total 0\n# EOF\n',
    );
  });

  test.each(
    [
      [null, TEXT_TYPE],
      ['*/*', TEXT_TYPE],
      ['text/plain;version=0.0.4', TEXT_TYPE],
      ['application/openmetrics-text;version=1.0.0,text/plain;q=0.5', OPENMETRICS_TYPE],
    ] as const,
  )('for Accept %p', (accept, type) => {
    expect(contentTypeFor(accept)).toBe(type);
  });
});
