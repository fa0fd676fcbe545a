import { describe, expect, test } from 'bun:test';
import '../../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { compareAll, detPlot } from '../../../biometrics/evaluate/mod.ts';
import { crowd } from '../support/crowd.ts';

const histogram = compareAll(crowd(120, () => 2, 6, 0.5, 5));

describe('detPlot', () => {
  test('is an SVG that a strict XML parser reads, whatever the names are', async () => {
    const svg = detPlot('R&D <data> "1" ]]> \x01\n', [{ label: '</text><a&b;', histogram }]);
    const { width, height } = await sharp(new TextEncoder().encode(svg)).metadata();
    expect([width, height]).toEqual([760, 520]);
    expect(svg).toContain('R&amp;D &lt;data&gt; "1" ]]&gt;');
    expect(svg).not.toContain('</text><a');
    // The parser does refuse what is not XML.
    const broken = svg.replace('R&amp;D', 'R&D');
    await expect(sharp(new TextEncoder().encode(broken)).metadata()).rejects.toThrow();
  });

  test('draws one falling line inside the axes per system', () => {
    const svg = detPlot('two', [{ label: 'one', histogram }, { label: 'other', histogram }]);
    const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)].map((match) => match[1]);
    expect(lines.length).toBe(2);
    const points = lines[0].split(' ').map((pair) => pair.split(',').map(Number));
    expect(points.length).toBeGreaterThan(5);
    points.forEach(([x, y], i) => {
      expect(x).toBeGreaterThanOrEqual(80);
      expect(x).toBeLessThanOrEqual(730);
      expect(y).toBeGreaterThanOrEqual(50);
      expect(y).toBeLessThanOrEqual(450);
      // False matches rise to the right; false non-matches can only fall (down is a larger y).
      if (i > 0) expect(x).toBeGreaterThan(points[i - 1][0]);
      if (i > 0) expect(y).toBeGreaterThanOrEqual(points[i - 1][1]);
    });
  });
});
