import { describe, expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { ratesChart } from '../../../bench/identy/rates-chart.ts';

const RATES = [
  { name: 'a', perCore: 10, barePerCore: 20, published: [0.1, 0.2] as const },
  { name: 'b<&', perCore: 1000 },
  { name: 'c', perCore: 1e9 },
];

describe('the chart of rates', () => {
  const svg = ratesChart('R&D <cores>', RATES);
  const bars = (series: string) =>
    [...svg.matchAll(
      new RegExp(`<rect x="([\\d.]+)" [^>]* width="([\\d.]+)" [^>]*"${series}"/>`, 'g'),
    )]
      .map(([, x, width]) => [Number(x), Number(width)]).slice(1);

  test('is an SVG that a strict XML parser reads, whatever the names are', async () => {
    const { width, height } = await sharp(new TextEncoder().encode(svg)).metadata();
    expect([width, height]).toEqual([760, 242]);
    expect(svg).toContain('b&lt;&amp;');
    expect(svg).toContain('R&amp;D &lt;cores&gt;');
  });

  test('draws a factor of ten equally long wherever it is, and nothing outside the axis', () => {
    const [[left, ten], [, thousand], [, beyond]] = bars('ours');
    expect(left).toBe(250);
    // 10 is three decades from the left end, 1000 five
    expect(thousand / ten).toBeCloseTo(5 / 3, 2);
    expect(left + beyond).toBeCloseTo(700, 1);
    expect(bars('bare').length).toBe(1);
    const [[from, width]] = bars('theirs');
    expect(from).toBeGreaterThan(left);
    expect(width / (ten / 3)).toBeCloseTo(Math.log10(2), 2);
  });

  test('says its title and every number to those who do not see it', () => {
    expect(svg).toMatch(/role="img" aria-labelledby="title desc"/);
    expect(svg).toMatch(/<title id="title">[^<]+<\/title>/);
    const words = /<desc id="desc">([^<]+)<\/desc>/.exec(svg)![1];
    expect(words).toContain('a: 10, the networks alone 20, published 0.10 to 0.20.');
    expect(words).toContain('b&lt;&amp;: 1,000.');
  });

  test('has colours of its own for a dark page', () => {
    const [light, dark] = svg.split('@media (prefers-color-scheme: dark)');
    const named = (css: string) => [...css.matchAll(/--(\w+): #/g)].map(([, name]) => name);
    expect(named(dark)).toEqual(named(light));
    expect(svg.replace(/<style>[^]*<\/style>/, '')).not.toMatch(/#[0-9a-f]{3}/);
  });
});
