/** The commands portrait, eval quality and eval quality-sheet, as a person runs them. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { readFaceInput } from '../../biometrics/formats/mod.ts';
import { EXIT } from '../../cli/command.ts';
import { photograph } from '../biometrics/support/engine.ts';
import { inProcess, json } from './support.ts';

// each loads the networks
setDefaultTimeout(60_000);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-quality-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('portrait', () => {
  test('writes a portrait with the background asked for, and says what it did', async () => {
    const out = join(folder, 'white.jpg');
    const outcome = await inProcess(
      ...['portrait', photograph(3), '--background', '#FFffff', '--out', out, '--json'],
    );
    expect(outcome.code).toBe(EXIT.ok);
    expect(json(outcome)).toMatchObject({
      width: 480,
      height: 640,
      outsideShare: 0,
      background: '#ffffff',
      out,
    });
    const { data, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([480, 640]);
    expect(Math.min(...data.subarray(0, 30))).toBeGreaterThan(250);
  });

  test('writes PNG where the file is called so, with the very colour that was asked for', async () => {
    const out = join(folder, 'red.PNG');
    await inProcess('portrait', photograph(3), '--background', '#ff0000', '--out', out);
    const { data, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
    expect((await sharp(out).metadata()).format).toBe('png');
    expect([info.width, info.height, ...data.subarray(0, 3)]).toEqual([480, 640, 255, 0, 0]);
  });

  for (const record of ['19794-5:2005', '19794-5:2011', '39794-5:2019']) {
    test(`writes a record of ISO/IEC ${record} that is read again`, async () => {
      const out = join(folder, `${record.slice(-4)}.bin`);
      await inProcess('portrait', photograph(3), '--record', record, '--out', out);
      const { container, format, image } = readFaceInput(await Bun.file(out).bytes());
      expect([container, format]).toEqual(['face-record', 'jpeg']);
      const { width, height } = await sharp(image).metadata();
      expect([width, height]).toEqual([480, 640]);
    });
  }

  test('refuses colours and records it does not know, and says what it takes', async () => {
    const colour = await inProcess('portrait', photograph(3), '--background', 'white');
    expect(colour.code).toBe(EXIT.usage);
    expect(colour.stderr).toContain('keep, mean or a colour like #ffffff');
    const record = await inProcess('portrait', photograph(3), '--record', 'constructor');
    expect(record.code).toBe(EXIT.usage);
    expect(record.stderr).toContain('39794-5:2019');
  });
});

describe('eval', () => {
  test('quality needs enough pairs to learn from', async () => {
    const person = join(folder, 'data', 'someone');
    await mkdir(person, { recursive: true });
    for (const name of ['a.jpg', 'b.jpg']) {
      await Bun.write(join(person, name), Bun.file(photograph(3)));
    }
    const outcome = await inProcess('eval', 'quality', '--images', join(folder, 'data'));
    expect(outcome.code).toBe(EXIT.input);
    expect(outcome.stderr).toContain('genuine pairs support no quality score');
  });

  test('quality names the rates it knows', async () => {
    const outcome = await inProcess('eval', 'quality', '--images', folder, '--fmr', '0.3');
    expect(outcome.code).toBe(EXIT.usage);
    expect(outcome.stderr).toContain('--fmr is one of 0.01, 0.005, 0.001');
  });

  test('quality-sheet shows a picture and its faults with falling scores', async () => {
    const out = join(folder, 'sheet.svg');
    const outcome = await inProcess(
      ...['eval', 'quality-sheet', photograph(3), '--faults', '0.6', '--out', out, '--json'],
    );
    expect(outcome.code).toBe(EXIT.ok);
    const { pictures, lost } = json(outcome);
    expect(pictures.length + lost.length).toBe(9);
    const [first, ...others] = pictures.map((entry: { values: { score: number } }) =>
      entry.values.score
    );
    const lower = others.filter((score: number) => score < first).length;
    expect(lower + lost.length).toBeGreaterThanOrEqual(7);
    expect(await Bun.file(out).text()).toContain('data:image/jpeg;base64,');
  });
});
