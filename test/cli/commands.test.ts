/** match, inspect, models and doctor as a person runs them; few in processes of their own, as each loads the networks. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../server/core/native/libraries.ts';
import sharp from 'sharp';
import { EXIT } from '../../cli/command.ts';
import { encodePng } from '../../biometrics/image/mod.ts';
import { exportPack, signPack } from '../../models/mod.ts';
import { photograph } from '../biometrics/support/engine.ts';
import { noise } from '../biometrics/support/pictures.ts';
import { manifestBytes, relist, tinyPack, writePack } from '../models/support/tiny-pack.ts';
import { inProcess, json, program } from './support.ts';

let folder = '';
/** Pictures in that folder. */
let one = '', oneAgain = '', other = '', faceless = '', broken = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-cli-'));
  [one, oneAgain, other, faceless, broken] = [
    'one.jpg',
    'again.jpg',
    'other.jpg',
    'none.png',
    'broken.jpg',
  ]
    .map((name) => join(folder, name));
  const left = { left: 300, top: 230, width: 430, height: 480 };
  const first = sharp(photograph(1)).extract(left);
  await first.clone().jpeg().toFile(one);
  await first.clone().resize(300).jpeg({ quality: 70 }).toFile(oneAgain);
  await sharp(photograph(3)).jpeg().toFile(other);
  await Bun.write(faceless, await encodePng(noise(200, 200, 4)));
  await Bun.write(broken, (await Bun.file(one).bytes()).slice(0, 5000));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('match', () => {
  test('finds two pictures of one face to match, in the program itself', async () => {
    const outcome = await program(['match', one, oneAgain, '--json'], folder);
    expect(outcome.code).toBe(EXIT.ok);
    const { timeMs, similarity, similarityScore, ...rest } = json(outcome);
    expect(rest).toEqual({
      match: true,
      level: 'HIGH',
      highestLevelReached: 'HIGHEST',
      faces: [1, 1],
    });
    expect(similarityScore).toBeGreaterThanOrEqual(98);
    expect(similarity).toBeGreaterThan(0.9);
    expect(timeMs).toBeGreaterThan(0);
  });

  test('says no to two people, and lets the level decide', async () => {
    const outcome = await inProcess('match', one, other, '--level', 'low', '--id');
    expect(outcome.code).toBe(EXIT.negative);
    expect(outcome.stdout).toMatch(/^verdict +no match at level LOW$/m);
    expect(outcome.stdout).toMatch(/^score +\d+ of 100$/m);
    expect(outcome.stdout).toMatch(/^highest level +NONE$/m);
  });

  test('names the file that cannot be used, as JSON and as text', async () => {
    for (
      const [a, b, code, message] of [
        [one, faceless, 'NO_FACE', `${faceless}: No face detected`],
        [broken, one, 'IMAGE_UNDECODABLE', `${broken}: `],
        [one, join(folder, 'missing.jpg'), 'ENOENT', 'missing.jpg'],
        [folder, one, 'EISDIR', folder],
        [
          one,
          photograph(1).replace('sample1.jpg', 'index.js'),
          'IMAGE_UNSUPPORTED',
          'index.js: ',
        ],
      ] as const
    ) {
      const asJson = await inProcess('match', a, b, '--json');
      expect(asJson.code).toBe(EXIT.input);
      expect(json(asJson).error.code).toBe(code);
      expect(json(asJson).error.message).toContain(message);
    }
    const asText = await inProcess('match', one, faceless);
    expect([asText.code, asText.stdout]).toEqual([EXIT.input, '']);
    expect(asText.stderr).toBe(`gatehouse match: ${faceless}: No face detected\n`);
  });
});

describe('inspect', () => {
  test('describes the faces and writes the drawing, by default into the current folder', async () => {
    const outcome = await program(['inspect', photograph(1), '--json'], folder);
    expect(outcome.code).toBe(EXIT.ok);
    const result = json(outcome);
    expect([result.width, result.height, result.faces.length]).toEqual([1280, 853, 3]);
    expect(Object.keys(result.pose)).toEqual(['yaw', 'pitch', 'roll']);
    expect(result.drawing).toBe('sample1.inspected.png');
    const { format, width, height } = await sharp(join(folder, result.drawing)).metadata();
    expect([format, width, height]).toEqual(['png', 1280, 853]);
  });

  test('writes the drawing where it is told to, and text without --json', async () => {
    const out = join(folder, 'drawn.png');
    const { code, stdout } = await inProcess('inspect', one, '--out', out);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^face 1 +\d+,\d+ to \d+,\d+ +confidence 0\.\d+$/m);
    expect(existsSync(out)).toBe(true);
  });

  test('writes nothing where there is no face', async () => {
    const out = join(folder, 'nothing.png');
    const outcome = await inProcess('inspect', faceless, '--out', out, '--json');
    expect(outcome.code).toBe(EXIT.input);
    expect(json(outcome)).toEqual({
      error: { code: 'NO_FACE', message: `${faceless}: No face detected` },
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe('models list, build and verify', () => {
  test('build finds the pack already built, and list names its networks', async () => {
    const built = await inProcess('models', 'build', '--json');
    expect(built.code).toBe(EXIT.ok);
    const listed = await inProcess('models', 'list', '--data', folder, '--json');
    expect(listed.code).toBe(EXIT.ok);
    const { id, networks, installed } = json(listed);
    expect(id).toBe(json(built).id);
    expect(networks.map((network: { task: string }) => network.task)).toContain('embedder');
    expect(installed).toEqual([]);
    const asText = await inProcess('models', 'list', '--data', folder, '--cards');
    for (const network of networks) expect(asText.stdout).toContain(network.origin.licence);
    expect(asText.stdout).toContain('# ');
  });

  test('verify checks every file of the pack in use', async () => {
    const outcome = await inProcess('models', 'verify', '--json');
    expect(outcome.code).toBe(EXIT.ok);
    const { ok, code, files } = json(outcome);
    expect([ok, code]).toEqual([true, 'OK']);
    expect(new Set(files.map((file: { status: string }) => file.status)).size).toBe(1);
  });

  test('verify says what is wrong with a pack, and ends with 1', async () => {
    const damaged = await writePack(folder, tinyPack(), 'damaged');
    await Bun.write(join(damaged, 'cards/all.md'), '# Changed up\n');
    const future = tinyPack();
    Object.assign(future.manifest, { formatVersion: 2 });
    const newer = await writePack(folder, future, 'newer');
    for (
      const [path, code, message] of [
        [damaged, 'PACK_HASH_MISMATCH', 'cards/all.md'],
        [newer, 'PACK_FORMAT_VERSION', 'format version 2'],
      ]
    ) {
      const outcome = await inProcess('models', 'verify', path, '--json');
      expect(outcome.code).toBe(EXIT.negative);
      expect(json(outcome)).toMatchObject({ ok: false, code });
      expect(json(outcome).message).toContain(message);
      const asText = await inProcess('models', 'verify', path);
      expect(asText.stdout).toContain(`${code}: `);
    }
    const missing = await inProcess('models', 'verify', join(folder, 'no-such-pack'), '--json');
    expect(missing.code).toBe(EXIT.environment);
    expect(json(missing).error.code).toBe('PACK_NOT_FOUND');
  });
});

describe('models import', () => {
  const refusal = async (path: string, ...options: string[]) => {
    const data = join(folder, 'refused');
    const outcome = await inProcess('models', 'import', path, '--data', data, '--json', ...options);
    expect(outcome.code).toBe(EXIT.environment);
    expect(existsSync(join(data, 'packs', 'tiny-1.2.3'))).toBe(false);
    return json(outcome).error;
  };

  test('refuses changed, missing and unsigned packs by name, and installs nothing', async () => {
    const changed = tinyPack();
    const path = await writePack(folder, changed, 'changed');
    await Bun.write(
      join(path, 'networks/one.onnx'),
      changed.files.get('networks/one.onnx')!.with(-1, 9),
    );
    expect(await refusal(path)).toMatchObject({
      code: 'PACK_HASH_MISMATCH',
      message: expect.stringContaining('networks/one.onnx'),
    });
    await rm(join(path, 'networks/one.onnx'));
    expect((await refusal(path)).code).toBe('PACK_FILE_MISSING');
    const unsigned = await writePack(folder, tinyPack(), 'unsigned');
    expect((await refusal(unsigned, '--require-signature')).code).toBe('PACK_UNSIGNED');
    expect((await refusal(join(folder, 'nowhere'))).code).toBe('PACK_NOT_FOUND');
  });

  test('installs a signed archive in the program itself, and list shows it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const stranger = generateKeyPairSync('ed25519').publicKey;
    const [key, wrongKey, rsa] = ['key.pem', 'wrong.pem', 'rsa.pem'].map((name) =>
      join(folder, name)
    );
    await Bun.write(key, publicKey.export({ type: 'spki', format: 'pem' }));
    await Bun.write(wrongKey, stranger.export({ type: 'spki', format: 'pem' }));
    const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    await Bun.write(rsa, rsaKey.export({ type: 'spki', format: 'pem' }));
    const signed = await writePack(folder, tinyPack(), 'signed');
    await signPack(signed, privateKey);
    const archive = join(folder, 'tiny.gpack');
    await exportPack(signed, archive);

    expect((await refusal(archive, '--key', wrongKey)).code).toBe('PACK_SIGNER_UNKNOWN');
    for (
      const [file, message] of [[rsa, 'not an Ed25519 key'], [one, 'not a readable PEM public key']]
    ) {
      const outcome = await inProcess('models', 'import', archive, '--key', file, '--json');
      expect(outcome.code).toBe(EXIT.usage);
      expect(json(outcome).error.message).toBe(`--key ${file}: ${message}`);
    }

    const args = ['models', 'import', archive, '--key', key, '--require-signature', '--json'];
    const imported = await program(args, folder);
    expect(imported.code).toBe(EXIT.ok);
    const path = join(folder, 'data/packs/tiny-1.2.3');
    expect(json(imported)).toMatchObject({ name: 'tiny', version: '1.2.3', signed: true, path });
    const listed = json(
      await inProcess('models', 'list', '--data', join(folder, 'data'), '--json'),
    );
    expect(listed.installed).toEqual([{ path, status: 'readable', id: json(imported).id }]);
  });

  test('does not replace another pack of the same name and version', async () => {
    const data = join(folder, 'twice');
    const first = await writePack(folder, tinyPack(), 'first');
    const other = tinyPack();
    other.files.set('cards/all.md', new TextEncoder().encode('# Other\n'));
    relist(other);
    const second = await writePack(folder, other, 'second');
    for (const path of [first, first]) {
      expect((await inProcess('models', 'import', path, '--data', data)).code).toBe(EXIT.ok);
    }
    const outcome = await inProcess('models', 'import', second, '--data', data, '--json');
    expect(json(outcome).error.code).toBe('PACK_EXISTS');
    const kept = await Bun.file(join(data, 'packs/tiny-1.2.3/manifest.json')).bytes();
    expect(new Uint8Array(kept)).toEqual(new Uint8Array(manifestBytes(tinyPack())));
  });
});

describe('models calibrate', () => {
  test('names pictures it cannot read and goes on, and lists that are missing before it starts', async () => {
    const images = join(folder, 'people');
    await Bun.write(join(images, 'A/A_0001.jpg'), Bun.file(one));
    await Bun.write(join(images, 'B/B_0001.jpg'), Bun.file(other));
    const calibrate = (...options: string[]) =>
      inProcess('models', 'calibrate', '--images', images, '--json', ...options);
    const early = await calibrate('--pairs', join(folder, 'no-pairs.txt'));
    expect(early.code).toBe(EXIT.input);
    expect(early.stderr).toBe('');

    const out = join(folder, 'calibration.json');
    const few = await calibrate('--out', out);
    expect(few.code).toBe(EXIT.input);
    expect(json(few).error).toEqual({
      code: 'CALIBRATION_INVALID',
      message: '1 impostor pairs support no threshold; at least 30000 are needed',
    });
    expect(existsSync(out)).toBe(false);

    await Bun.write(join(images, 'B/notes.txt'), 'not a picture');
    const withNotes = await calibrate();
    expect(json(withNotes).error).toEqual(json(few).error);
    expect(withNotes.stderr).toContain(`not read  ${join(images, 'B/notes.txt')}: image: unknown`);
  });
});

describe('doctor', () => {
  test('names every check, and fails when one does', async () => {
    const outcome = await program(['doctor', '--json'], folder);
    const { ok, checks } = json(outcome);
    expect(outcome.code).toBe(ok ? EXIT.ok : EXIT.negative);
    const status = Object.fromEntries(
      checks.map((entry: { check: string; status: string }) => [entry.check, entry.status]),
    );
    for (
      const name of [
        'settings',
        'temp folder',
        'data folder',
        'native libraries',
        'model pack',
        'calibration',
      ]
    ) {
      expect([name, status[name]]).toEqual([name, 'ok']);
    }
    expect(Object.keys(status)).toEqual(expect.arrayContaining(['memory', 'port']));
  });

  test('finds a broken pack and a port in use, and says what to do', async () => {
    const damaged = await writePack(folder, tinyPack(), 'for-doctor');
    await Bun.write(join(damaged, 'cards/all.md'), 'no card');
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const before = process.env.GATEHOUSE_PORT;
    process.env.GATEHOUSE_PORT = String(listener.port);
    try {
      const outcome = await inProcess('doctor', '--pack', damaged, '--data', folder);
      expect(outcome.code).toBe(EXIT.negative);
      expect(outcome.stdout).toMatch(/^failed +model pack +.*cards\/all\.md/m);
      expect(outcome.stdout).toMatch(/^failed +port +.*server\.port/m);
    } finally {
      if (before === undefined) delete process.env.GATEHOUSE_PORT;
      else process.env.GATEHOUSE_PORT = before;
      listener.stop(true);
    }
  });
});
