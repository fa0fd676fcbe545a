/** `docs/observability.md` and the Grafana dashboard name the metrics that there are, and no others. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { type Described, Registry } from '../../server/core/metrics/registry.ts';
import { type Running, startFake } from './support/running.ts';

const docs = join(import.meta.dir, '../../docs');
const page = await Bun.file(join(docs, 'observability.md')).text();
const dashboard = await Bun.file(join(docs, 'grafana-dashboard.json')).json();

let running: Running;
const registry = new Registry();
beforeAll(() => {
  running = startFake({ tracingOtlpUrl: 'http://127.0.0.1:1/' }, undefined, { registry });
});
afterAll(() => running.server.stop());

const labelsOf = ({ labels = {}, texts }: Described) => [...Object.keys(labels), ...texts];

describe('a name', () => {
  test('follows the conventions of Prometheus', () => {
    for (const { name, type, help } of registry.declarations) {
      expect(name).toMatch(/^(gatehouse|process)_[a-z][a-z0-9_]*[a-z0-9]$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      const unit = /_(seconds|bytes|ratio)$/.test(name);
      expect([name, unit || type !== 'histogram']).toEqual([name, true]);
      expect(help).toEndWith('.');
    }
  });
});

test('the table of the page is that of the declarations', () => {
  const rows = page.split('\n').filter((line) => /^\| `(gatehouse|process)_/.test(line))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  expect(rows).toEqual(
    registry.declarations.map((described) => [
      `\`${described.name}\``,
      described.type,
      labelsOf(described).map((label) => `\`${label}\``).join(', '),
      described.help,
    ]),
  );
});

/** Metrics and labels that a query uses; histograms by their own names. */
function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const groups = [...query.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)];
  const matchers = [...query.matchAll(/\{([^}]*)\}/g)];
  const labels = [
    ...groups.flatMap(([, list]) => list.split(',').map((label) => label.trim())),
    ...matchers.flatMap(([, list]) =>
      [...list.matchAll(/(\w+)\s*[!=]/g)].map(([, label]) => label)
    ),
  ];
  const rest = [...groups, ...matchers].reduce((text, [found]) => text.replace(found, ' '), query)
    .replace(/\[[^\]]*\]/g, ' ');
  const metrics = [...rest.matchAll(/[a-z_]{2,}[a-z0-9_]*(?!\s*\()\b/g)].map(([name]) => name);
  return { metrics, labels };
}

/** Labels that Prometheus adds, and that of buckets. */
const ADDED = ['instance', 'le'];

function expectKnown(query: string): void {
  const { metrics, labels } = namesIn(query);
  expect([query, metrics.length > 0]).toEqual([query, true]);
  const known = metrics.map((metric) =>
    registry.declarations.find(({ name, type }) =>
      name === metric ||
      (type === 'histogram' && ['_bucket', '_sum', '_count'].some((part) => name + part === metric))
    ) ?? metric
  );
  expect([query, known.filter((described) => typeof described === 'string')]).toEqual([query, []]);
  const allowed = [...ADDED, ...known.flatMap((described) => labelsOf(described as Described))];
  expect([query, labels.filter((label) => !allowed.includes(label))]).toEqual([query, []]);
}

test('a query of what there is not would be found', () => {
  expect(() => expectKnown('rate(gatehouse_nothing_total[5m])')).toThrow();
  expect(() => expectKnown('sum by (nobody) (gatehouse_inference_workers)')).toThrow();
  expect(() => expectKnown('gatehouse_inference_workers{nothing="x"}')).toThrow();
});

test('alerts name metrics and labels that there are', () => {
  const alerts = /```promql\n([^`]+)```/.exec(page)?.[1].trim().split('\n') ?? [];
  expect(alerts.length).toBeGreaterThan(5);
  for (const alert of alerts) expectKnown(alert);
});

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

describe('the dashboard', () => {
  const panels: Panel[] = dashboard.panels;

  test('names metrics and labels that there are, and shows every metric', () => {
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    for (const query of queries) expectKnown(query);
    for (const { name } of registry.declarations) expect(queries.join('\n')).toContain(name);
  });

  test('has panels with an id, a query and a place of their own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { type, title, targets = [], gridPos: { x, y, w, h } } of panels) {
      expect(title).not.toBe('');
      expect([title, targets.length > 0]).toEqual([title, type !== 'row']);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(x + w).toBeLessThanOrEqual(24);
      for (let i = 0; i < w * h; i++) {
        const cell = `${x + i % w} ${y + Math.floor(i / w)}`;
        expect([title, taken.has(cell)]).toEqual([title, false]);
        taken.add(cell);
      }
    }
  });

  test('asks for its data source and has no address of anybody', () => {
    expect(dashboard.schemaVersion).toBeGreaterThan(30);
    expect(dashboard.templating.list[0]).toMatchObject({ type: 'datasource', query: 'prometheus' });
    expect(JSON.stringify(dashboard)).not.toMatch(/https?:/);
  });
});
