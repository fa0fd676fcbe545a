/** `models import` with network files, and what the other commands then say of the pack. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { photograph } from '../biometrics/support/engine.ts';
import { describeWithData, sharedPath } from '../support/shared-data.ts';
import { torchArchive } from '../models/support/torch-archive.ts';
import { inProcess, json } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = ['MiniFASNetV2.pth', 'MiniFASNetV1SE.pth', 'yunet_n_320_320.onnx'];

describe('refusals', () => {
  test('an unknown network file is refused by name', async () => {
    const file = join(folder, 'mine.pth');
    await Bun.write(file, torchArchive({ w: { shape: [1], values: [1] } }));
    const outcome = await inProcess('models', 'import', file, '--data', folder, '--json');
    expect(outcome.code).toBe(EXIT.environment);
    expect(json(outcome).error.code).toBe('SOURCE_UNKNOWN');
  });

  test('network files and packs do not mix, and --pack is for network files', async () => {
    for (const args of [['a.pth', 'a-pack'], ['a-pack', '--pack', 'b'], []]) {
      const outcome = await inProcess('models', 'import', ...args, '--json');
      expect(outcome.code).toBe(EXIT.usage);
      expect(json(outcome).error.message).toContain('.pth and .onnx files');
    }
  });
});

describeWithData('network files', FILES.map((name) => `models/${name}`), () => {
  test('become a pack that list, doctor and match use', async () => {
    const files = FILES.map((name) => sharedPath(`models/${name}`));
    const imported = await inProcess('models', 'import', ...files, '--data', folder, '--json');
    expect(imported.code).toBe(EXIT.ok);
    const { name, path, signed, networks } = json(imported);
    expect(name).toMatch(/^default-plus-[0-9a-f]{8}$/);
    expect(signed).toBe(false);
    expect(networks.slice(-3)).toEqual(['minifasnet-v2', 'minifasnet-v1se', 'yunet-320']);

    const asText = await inProcess('models', 'import', ...files, '--data', folder);
    expect(asText.stdout).toMatch(/^ +minifasnet-v2 \(pad\)$/m);
    const listed = await inProcess('models', 'list', '--pack', path, '--data', folder, '--cards');
    expect(listed.stdout).toMatch(/^minifasnet-v1se +pad +fp32 +1\.7 .*Apache-2\.0$/m);
    expect(listed.stdout).toContain('# MiniFASNetV2');
    const doctor = json(await inProcess('doctor', '--pack', path, '--data', folder, '--json'));
    expect(doctor.checks.find(({ check }: { check: string }) => check === 'model pack').reason)
      .toContain('PAD by minifasnet-v2, minifasnet-v1se');

    // the calibration of the matcher stays valid: its networks are the same
    const photo = photograph(3);
    const matched = await inProcess('match', photo, photo, '--pack', path, '--json');
    expect(matched.code).toBe(EXIT.ok);
  }, 60_000);
});
