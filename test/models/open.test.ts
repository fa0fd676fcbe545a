import { describe, expect, test } from 'bun:test';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openPack, verifyPack } from '../../models/mod.ts';
import { sha256Hex } from '../../models/hash.ts';
import { expectRefusal } from './support/refusal.ts';
import {
  manifestBytes,
  relist,
  type TinyPack,
  tinyPack,
  withFolder,
  writePack,
} from './support/tiny-pack.ts';

/** The decoding rule of the tiny pack's detector. */
function anchors({ networks: [{ decode }] }: TinyPack['manifest']) {
  if (decode?.kind !== 'anchors') throw new Error('the first network has no anchors');
  return decode;
}

const YUNET = { kind: 'yunet' as const, strides: [4], minScore: 0.5, maxOverlap: 0.3 };
const PAD = { classes: 6, bonaFide: 1, activation: 'softmax' as const };

/** Turns the first embedder into a PAD network; the other keeps the whole weight. */
function padNetwork({ manifest: { networks: [, one, two] } }: TinyPack) {
  Object.assign(one, { task: 'pad', pad: PAD, outputs: { scores: 'vector' } });
  delete one.embedding;
  two.embedding!.weight = 1;
  return one;
}

/** Writes a damaged pack and expects `openPack` to refuse it. */
async function refused(
  damage: (pack: TinyPack) => void,
  ...expected: [Parameters<typeof expectRefusal>[1], RegExp]
): Promise<void> {
  await withFolder(async (folder) => {
    const pack = tinyPack();
    damage(pack);
    await expectRefusal(async () => openPack(await writePack(folder, pack)), ...expected);
  });
}

describe('openPack', () => {
  test('opens a folder; its id is the hash of the manifest; files can be read', async () => {
    await withFolder(async (folder) => {
      const tiny = tinyPack();
      const pack = await openPack(await writePack(folder, tiny));
      expect(pack.id).toBe(sha256Hex(manifestBytes(tiny)));
      expect(pack.signed).toBe(false);
      expect(pack.manifest).toEqual(tiny.manifest);
      expect(await pack.read('cards/all.md')).toEqual(tiny.files.get('cards/all.md')!);
    });
  });

  test('refuses a path where nothing is', async () => {
    await withFolder((folder) =>
      expectRefusal(() => openPack(join(folder, 'none')), 'PACK_NOT_FOUND', /none/)
    );
  });

  test('refuses a folder without a manifest', async () => {
    await withFolder((folder) =>
      expectRefusal(() => openPack(folder), 'PACK_FILE_MISSING', /manifest\.json/)
    );
  });

  test('refuses a manifest that is not JSON, or of something else', async () => {
    await withFolder(async (folder) => {
      await Bun.write(join(folder, 'manifest.json'), '{"format":');
      await expectRefusal(() => openPack(folder), 'PACK_MALFORMED', /not JSON/);
      await Bun.write(join(folder, 'manifest.json'), '{"name":"npm"}');
      await expectRefusal(() => openPack(folder), 'PACK_MALFORMED', /not the manifest/);
      await Bun.write(join(folder, 'manifest.json'), new Uint8Array(1024 * 1024 + 1));
      await expectRefusal(() => openPack(folder), 'PACK_MALFORMED', /1048577 bytes/);
    });
  });

  test('refuses another format version by number', () =>
    refused(
      (pack) => Object.assign(pack.manifest, { formatVersion: 2 }),
      'PACK_FORMAT_VERSION',
      /format version 2, this program reads 1/,
    ));

  test('refuses unknown fields', () =>
    refused(
      (pack) => Object.assign(pack.manifest, { threshold: 0.5 }),
      'PACK_MALFORMED',
      /threshold/,
    ));

  for (const path of ['../outside.bin', '/etc/passwd', 'a/../b', '.hidden', 'a//b', 'a\\b']) {
    test(`refuses the path ${path} in a manifest`, () =>
      refused((pack) => pack.manifest.files[0].path = path, 'PACK_MALFORMED', /files\[0\]\.path/));
  }

  test('refuses a pack that lacks a listed file', () =>
    refused(
      (pack) => pack.files.delete('calibration/match.json'),
      'PACK_FILE_MISSING',
      /lacks calibration\/match\.json/,
    ));

  test('refuses a file that is not listed', () =>
    refused(
      (pack) => pack.files.set('extra.bin', new Uint8Array(1)),
      'PACK_FILE_UNEXPECTED',
      /extra\.bin/,
    ));

  test('refuses a changed file of equal length', () =>
    refused(
      (pack) => pack.files.set('calibration/match.json', new TextEncoder().encode('[]')),
      'PACK_HASH_MISMATCH',
      /calibration\/match\.json/,
    ));

  test('refuses links', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      await symlink('/etc/hostname', join(root, 'link'));
      await expectRefusal(() => openPack(root), 'PACK_MALFORMED', /link is a link/);
      await symlink(root, join(folder, 'linked-pack'));
      await expectRefusal(() => openPack(join(folder, 'linked-pack')), 'PACK_NOT_FOUND', /linked/);
    });
  });

  test('notices a file that changes after opening', async () => {
    await withFolder(async (folder) => {
      const root = await writePack(folder, tinyPack());
      const pack = await openPack(root);
      await Bun.write(join(root, 'cards/all.md'), '# Other\n');
      await expectRefusal(() => pack.read('cards/all.md'), 'PACK_HASH_MISMATCH', /cards\/all\.md/);
      await expectRefusal(() => pack.read('manifest.json'), 'PACK_FILE_MISSING', /lists no/);
    });
  });
});

describe('a manifest that makes no sense is refused', () => {
  const cases: [string, (pack: TinyPack) => void, RegExp][] = [
    [
      'card not listed',
      ({ manifest }) => manifest.networks[1].card = 'cards/one.md',
      /network one: cards\/one\.md is not listed/,
    ],
    [
      'network twice',
      ({ manifest }) => manifest.networks[2].id = 'one',
      /network one is listed twice/,
    ],
    [
      'file twice',
      ({ manifest }) => manifest.files.push(manifest.files[0]),
      /file cards\/all\.md is listed twice/,
    ],
    [
      'calibration not listed',
      ({ manifest }) => manifest.calibration.pad = 'pad.json',
      /pad\.json is not listed/,
    ],
    [
      'detector without decode',
      ({ manifest }) => delete manifest.networks[0].decode,
      /network detect: decode/,
    ],
    [
      'embedder without embedding',
      ({ manifest }) => delete manifest.networks[1].embedding,
      /network one: embedding/,
    ],
    [
      'embedder without its output',
      ({ manifest }) => manifest.networks[1].outputs = {},
      /network one: outputs lacks embedding/,
    ],
    [
      'weights off',
      ({ manifest }) => manifest.networks[1].embedding!.weight = 0.3,
      /one, two sum to 1\.05/,
    ],
    [
      'unknown output',
      ({ manifest }) => manifest.networks[1].outputs.embedding = 'nope',
      /network one: .* has no output nope/,
    ],
    [
      'unknown score tensor',
      ({ manifest }) => anchors(manifest).scores = ['nope'],
      /network detect: .* has no output nope/,
    ],
    [
      'unknown input',
      ({ manifest }) => manifest.networks[1].input.name = 'image',
      /network one: .* image as its one input/,
    ],
    [
      'other input size',
      ({ manifest }) => manifest.networks[1].input.width = 16,
      /network one: .*\[N,8,8,3\].*\[N,8,16,3\]/,
    ],
    [
      'other batch',
      ({ manifest }) => manifest.networks[1].input.batch = 1,
      /network one: .*\[1,8,8,3\]/,
    ],
    [
      'other vector length',
      ({ manifest }) => manifest.networks[1].embedding!.size = 7,
      /network one: .* gives 6 numbers/,
    ],
    [
      'stride that does not fit',
      ({ manifest }) => anchors(manifest).layers[0].stride = 3,
      /network detect: stride 3/,
    ],
    [
      'score and box tensors that do not pair',
      ({ manifest }) => anchors(manifest).boxes.push('boxes'),
      /network detect: decode needs/,
    ],
    [
      'projection without size',
      ({ manifest }) => delete manifest.networks[2].embedding!.projectedSize,
      /network two: projection and projectedSize/,
    ],
    ['mean of another length', (pack) => {
      pack.files.set('embedding/two-mean.bin', new Uint8Array(12));
      relist(pack);
    }, /network two: .*two-mean\.bin must hold 4 float32/],
    [
      'pad entry on another task',
      ({ manifest }) => manifest.networks[1].pad = PAD,
      /network one: pad belongs to/,
    ],
    [
      'PAD network without pad entry',
      (pack) => delete padNetwork(pack).pad,
      /network one: pad belongs to/,
    ],
    [
      'PAD network without its output',
      (pack) => padNetwork(pack).outputs = {},
      /network one: outputs lacks scores/,
    ],
    [
      'bona fide class that is none',
      (pack) => padNetwork(pack).pad = { ...PAD, bonaFide: 6 },
      /network one: bonaFide 6 is none of 6 classes/,
    ],
    [
      'another number of classes',
      (pack) => padNetwork(pack).pad = { ...PAD, classes: 3 },
      /network one: .* gives 6 scores, pad\.classes says 3/,
    ],
    [
      'licence text not listed',
      ({ manifest }) => manifest.networks[0].origin.licenceText = 'licence.txt',
      /network detect: licence\.txt is not listed/,
    ],
    [
      'YuNet decoding without its outputs',
      ({ manifest }) => manifest.networks[0].decode = YUNET,
      /network detect: outputs lacks cls_4/,
    ],
    [
      'YuNet stride that does not fit',
      ({ manifest }) => {
        const [network] = manifest.networks;
        network.decode = { ...YUNET, strides: [3] };
        for (const role of ['cls', 'obj', 'bbox', 'kps']) network.outputs[`${role}_3`] = 'scores';
      },
      /network detect: stride 3/,
    ],
    ['no ONNX file', (pack) => {
      pack.files.set('networks/one.onnx', new TextEncoder().encode('not a network'));
      relist(pack);
    }, /networks\/one\.onnx is not a usable ONNX file/],
  ];
  for (const [name, damage, message] of cases) {
    test(name, () => refused(damage, 'PACK_MALFORMED', message));
  }
});

test('verifyPack names the state of every file', async () => {
  await withFolder(async (folder) => {
    const pack = tinyPack();
    pack.files.delete('calibration/match.json');
    pack.files.set('cards/all.md', new Uint8Array(3));
    pack.files.set('extra.bin', new Uint8Array(1));
    const found = await verifyPack(await writePack(folder, pack));
    expect(found.filter(({ status }) => status !== 'ok')).toEqual([
      { file: 'cards/all.md', status: 'hash-mismatch' },
      { file: 'calibration/match.json', status: 'missing' },
      { file: 'extra.bin', status: 'unexpected' },
    ]);
    expect(found.filter(({ status }) => status === 'ok')).toHaveLength(5);
  });
});
