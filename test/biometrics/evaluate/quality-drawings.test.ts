import { expect, test } from 'bun:test';
import { edcPlot, qualitySheet } from '../../../biometrics/evaluate/mod.ts';
import { encodeJpeg } from '../../../biometrics/image/mod.ts';
import { gradient } from '../support/pictures.ts';

const point = (discarded: number, fnmr: number) => ({
  discarded,
  fnmr,
  minQuality: 0,
  pairs: 1,
  nonMatches: 0,
});

test('the error-versus-discard curve begins at the left and falls with the rate', () => {
  const svg = edcPlot('A < B', [{ label: 'score', points: [point(0, 0.03), point(0.3, 0.015)] }]);
  expect(svg).toContain('<title>A &lt; B</title>');
  const line = /polyline points="([\d.]+),([\d.]+) ([\d.]+),([\d.]+)"/.exec(svg)!.slice(1).map(
    Number,
  );
  expect(line[0]).toBe(80);
  expect(line[1]).toBe(50);
  expect(line[2]).toBe(730);
  expect(line[3]).toBe(220);
});

test('a sheet holds its pictures and values, and escapes names', async () => {
  const thumbnail = await encodeJpeg(gradient(30, 40));
  const svg = qualitySheet('Faces', [{
    title: 'a & b',
    thumbnail,
    width: 30,
    height: 40,
    score: 71.6,
    verdicts: ['ENROL: accepted'],
    values: [['sharpness', '55']],
  }]);
  expect(svg).toContain('a &amp; b');
  expect(svg).toContain('>72</text>');
  const data = /base64,([^"]+)"/.exec(svg)![1];
  expect(Buffer.from(data, 'base64').equals(thumbnail)).toBe(true);
});
