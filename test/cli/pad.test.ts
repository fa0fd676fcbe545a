/** Liveness from the command line: train on a small made-up data set, then evaluate with the pack that came out. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { EXIT } from '../../cli/command.ts';
import { personOf } from '../../cli/eval/pad-data.ts';
import { LIVENESS_LEVELS, parsePadCalibration } from '../../biometrics/liveness/mod.ts';
import { photograph } from '../biometrics/support/engine.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pad-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => join(folder, ...names);
const data = at('data');

/** Six photographs in four sizes each; as attacks, faded and with a grid over them. */
beforeAll(async () => {
  for (let person = 1; person <= 6; person++) {
    for (let i = 0; i < 4; i++) {
      const size = 640 + 40 * i;
      const photo = sharp(photograph(person)).resize(size, size, { fit: 'inside' });
      const { data: pixels, info } = await photo.clone().removeAlpha().raw().toBuffer({
        resolveWithObject: true,
      });
      const name = `person${person}_${i}`;
      const bonaFide = i < 3
        ? at('data/bonafide', `${name}.jpg`)
        : at('data/bonafide', name, '1.jpg');
      await mkdir(join(bonaFide, '..'), { recursive: true });
      await photo.jpeg({ quality: 92 }).toFile(bonaFide);
      const faded = pixels.map((v, k) => {
        const p = Math.floor(k / 3);
        return 70 + 0.5 * v + 12 * Math.sin(1.7 * (p % info.width) + p / info.width);
      });
      for (const species of ['print', 'replay']) {
        await mkdir(at('data/attack', species), { recursive: true });
        await sharp(faded, { raw: { width: info.width, height: info.height, channels: 3 } })
          .jpeg({ quality: 92 }).toFile(at('data/attack', species, `${name}.jpg`));
      }
    }
  }
}, 60_000);

interface Scores {
  readonly scores: { species: string | null; score: number; detectors: Record<string, number> }[];
  readonly systems: { system: string; bpcerAt: Record<string, { value: number }> }[];
  readonly levels: { rates: { threshold: number; apcer: { rate: number } } | null }[];
}

/** Counts the rates again from the scores that the answer holds. */
function expectScoresToGive({ scores, systems, levels }: Scores): void {
  const kinds = [...new Set(scores.map(({ species }) => species))].filter((kind) => kind !== null);
  const apcerAt = (threshold: number, of: (row: Scores['scores'][0]) => number) =>
    Math.max(...kinds.map((kind) => {
      const own = scores.filter(({ species }) => species === kind);
      return own.filter((row) => of(row) >= threshold).length / own.length;
    }));
  for (const { rates } of levels) {
    if (rates !== null) {
      expect(rates.apcer.rate).toBe(apcerAt(rates.threshold, ({ score }) => score));
    }
  }
  const bonaFide = scores.filter(({ species }) => species === null);
  for (const { system, bpcerAt } of systems) {
    const of = (row: Scores['scores'][0]) => system === 'fused' ? row.score : row.detectors[system];
    // The fewest refused at any threshold that the attacks allow.
    const refused = [...scores.map(of), Infinity].filter((threshold) =>
      apcerAt(threshold, of) <= 0.1
    ).map((threshold) => bonaFide.filter((row) => of(row) < threshold).length);
    expect(bpcerAt[10].value).toBeCloseTo(Math.min(...refused) / bonaFide.length, 12);
  }
}

describe('train-pad and eval pad', () => {
  test(
    'write a signed pack whose calibration rates the same data, levels unsupported by so few attacks',
    async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      await Bun.write(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await Bun.write(at('pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
      const trained = await inProcess(
        ...['models', 'train-pad', '--data', data, '--out', at('packs/site.gpack'), '--json'],
        ...['--attacks', 'synthetic', '--name', 'made up', '--sign', at('key.pem')],
        ...['--calibration', at('pad.json')],
      );
      expect([trained.code, trained.stderr.includes('measuring')]).toEqual([EXIT.ok, true]);
      const result = json(trained);
      expect(result.data).toMatchObject({
        name: 'made up',
        attacks: 'synthetic',
        people: 6,
        bonaFide: 24,
      });
      const { species, withoutFace } = result.data;
      expect(species.print + species.replay + withoutFace.attack).toBe(48);
      expect(species.print).toBeGreaterThanOrEqual(20);
      expect(result.levels.at(-1)).toMatchObject({ level: 'HIGHEST', supported: false });
      const calibration = parsePadCalibration(await Bun.file(at('pad.json')).bytes());
      expect(calibration.levels.map(({ level }) => level)).toEqual([...LIVENESS_LEVELS]);

      const trust = ['--key', at('pub.pem'), '--require-signature', '--json'];
      const verified = json(await inProcess('models', 'verify', at('packs/site.gpack'), ...trust));
      expect(verified.ok).toBe(true);

      const evaluate = ['eval', 'pad', '--data', data, '--pack', at('packs/site.gpack')];
      const outcome = json(await inProcess(...evaluate, '--det', at('det.svg'), '--json'));
      const fused = outcome.systems.find(({ system }: { system: string }) => system === 'fused');
      // Trained on these very pictures, so anything but a clear separation is a fault of the chain.
      expect(fused.eer.value).toBeLessThan(0.05);
      expect(Object.keys(fused.species)).toEqual(['print', 'replay']);
      expect(outcome.calibratedOn.name).toBe('made up');
      expect(await Bun.file(at('det.svg')).text()).toContain('BPCER');

      const text = await inProcess(...evaluate);
      expect(text.stdout).toContain(
        `24 bona fide and ${48 - withoutFace.attack} attack presentations of 6 people`,
      );
      expect(text.stdout).toContain('APCER, the worst');
      expect(text.stderr).toContain('intervals');
      expectScoresToGive(outcome);
      expect(text.stdout).toContain('calibrated on synthetic attacks: made up');
      expect(text.stdout).toMatch(/^HIGHEST .*not supported$/m);
    },
    240_000,
  );

  test('name what is missing', async () => {
    expect((await inProcess('eval', 'pad')).code).toBe(EXIT.usage);
    const kind = ['models', 'train-pad', '--data', data, '--out', at('x'), '--attacks', 'some'];
    expect((await inProcess(...kind)).code).toBe(EXIT.usage);
    expect((await inProcess('eval', 'pad', '--data', at('none'))).code).toBe(EXIT.input);
    await mkdir(at('empty/bonafide'), { recursive: true });
    await mkdir(at('empty/attack'), { recursive: true });
    const empty = await inProcess('eval', 'pad', '--data', at('empty'), '--json');
    expect(empty.code).toBe(EXIT.input);
    expect(json(empty).error.message).toContain('needs pictures in bonafide/');
    for (const folder of ['none', 'empty']) {
      const error = json(await inProcess('eval', 'pad', '--data', at(folder), '--json')).error;
      expect(error.message).toContain('needs pictures in bonafide/');
    }
  }, 60_000);

  test(
    'name and count files that are no pictures, and need some of both kinds that can be judged',
    async () => {
      await Bun.write(at('bad/bonafide/a.jpg'), 'no picture');
      await Bun.write(at('bad/attack/print/b.jpg'), 'no picture');
      const bad = await inProcess('eval', 'pad', '--data', at('bad'), '--json');
      expect(bad.code).toBe(EXIT.input);
      expect(json(bad).error.message).toContain('0 bona fide and 0 attack presentations');
      expect(bad.stderr).toContain(`not read  ${at('bad/bonafide/a.jpg')}: image: unknown format`);

      const photo = await Bun.file(photograph(1)).bytes();
      await Bun.write(at('mixed/bonafide/Zoë Müller 王_1.jpg'), photo);
      await Bun.write(at('mixed/bonafide/cut.jpg'), photo.subarray(0, 5000));
      await Bun.write(at('mixed/bonafide/.DS_Store'), 'hidden');
      await Bun.write(at('mixed/bonafide/frames/1.jpg'), photo);
      await Bun.write(at('mixed/bonafide/frames/2.jpg'), 'no picture');
      await Bun.write(at('mixed/attack/paper mask/labels.csv'), 'a,b');
      await mkdir(at('elsewhere'), { recursive: true });
      await Bun.write(at('elsewhere/p.jpg'), photo);
      await symlink(at('elsewhere'), at('mixed/attack/linked'));
      Bun.spawnSync(['mkfifo', at('mixed/bonafide/pipe.jpg')]);
      const mixed = await inProcess('eval', 'pad', '--data', at('mixed'), '--json');
      expect(mixed.code).toBe(EXIT.ok);
      expect(mixed.stderr).toContain('the names tell 2 people apart');
      expect(json(mixed)).toMatchObject({
        bonaFide: { judged: 1, withoutFace: 0, unreadable: 2 },
        species: {
          'linked': { judged: 1, withoutFace: 0, unreadable: 0 },
          'paper mask': { judged: 0, withoutFace: 0, unreadable: 1 },
        },
        unreadable: 3,
        scores: [{ file: 'bonafide/Zoë Müller 王_1.jpg', species: null }, { species: 'linked' }],
      });
      expect(mixed.stderr).toContain(
        `not read  ${at('mixed/bonafide/frames')}: ${
          at('mixed/bonafide/frames/2.jpg')
        }: image: unknown format`,
      );

      await Bun.write(at('deep/attack/print/laser/a4/p.jpg'), photo);
      await Bun.write(at('deep/bonafide/p.jpg'), photo);
      const deep = json(await inProcess('eval', 'pad', '--data', at('deep'), '--json'));
      expect(deep.error.message).toContain(`${at('deep/attack/print/laser/a4')}: lies too deep`);
    },
    60_000,
  );

  test('people are told apart by name', () => {
    const names = [
      'First_Last_0001.print.jpg',
      'First_Last_0002.jpg',
      'first-7',
      '0001.jpg',
      'a.png',
    ];
    expect(names.map(personOf)).toEqual(['First_Last', 'First_Last', 'first', '0001', 'a']);
  });
});

describe('eval match', () => {
  test('counts errors at the thresholds of the pack', async () => {
    for (let person = 1; person <= 3; person++) {
      for (const size of [500, 620]) {
        await mkdir(at('people', `p${person}`), { recursive: true });
        await sharp(photograph(person)).resize(size, size, { fit: 'inside' }).jpeg()
          .toFile(at('people', `p${person}`, `${size}.jpg`));
      }
    }
    const outcome = json(await inProcess('eval', 'match', '--images', at('people'), '--json'));
    expect(outcome.data).toMatchObject({
      images: 6,
      people: 3,
      genuinePairs: 3,
      impostorPairs: 12,
    });
    // The same photograph twice always matches.
    expect(outcome.points.map(({ fnmr }: { fnmr: number }) => fnmr)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(outcome.points.at(-1).falseMatches).toBe(0);
    // No error among three people: 1 - 0.025 ** (1 / 3).
    expect(outcome.points[0].fnmrInterval[0]).toBe(0);
    expect(outcome.points[0].fnmrInterval[1]).toBeCloseTo(0.70760, 4);
  }, 60_000);

  test(
    'names and counts what is no picture, follows links, and says which folder lies too deep',
    async () => {
      await Bun.write(at('people/p1/.DS_Store'), 'hidden');
      await Bun.write(at('people/p1/notes.txt'), 'no picture');
      await symlink(at('people/p2'), at('people/p4'));
      const outcome = await inProcess('eval', 'match', '--images', at('people'), '--json');
      expect(outcome.stderr).toContain(`not read  ${at('people/p1/notes.txt')}: image: unknown`);
      expect(json(outcome).data).toMatchObject({ images: 8, unreadable: 1, people: 4 });

      await mkdir(at('people/p1/more'));
      const deep = json(await inProcess('eval', 'match', '--images', at('people'), '--json'));
      expect(deep.error.message).toContain(`${at('people/p1/more')}: lies too deep`);
    },
    60_000,
  );

  test('needs pictures of several people, some with more than one', async () => {
    await Bun.write(at('one/p/a.jpg'), Bun.file(at('people/p1/500.jpg')));
    const outcome = await inProcess('eval', 'match', '--images', at('one'), '--json');
    expect(outcome.code).toBe(EXIT.input);
    expect(json(outcome).error.code).toBe('CALIBRATION_INVALID');
  }, 60_000);
});
