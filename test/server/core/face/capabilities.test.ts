/** `/capabilities` and the words of liveness support: nothing is claimed that the calibration does not say. */
import { afterAll, describe, expect, test } from 'bun:test';
import { livenessSupport, parsePadCalibration } from '../../../../biometrics/liveness/mod.ts';
import { startFake } from '../../support/running.ts';
import { ENGINE } from '../../playground/support.ts';

const path = `${import.meta.dir}/../../../../models/default/calibration-pad.json`;
const calibration = parsePadCalibration(await Bun.file(path).bytes());
const running = startFake();
afterAll(() => running.server.stop());

const capabilities = () => fetch(new URL('/capabilities', running.server.url));

describe('capabilities', () => {
  test('are not known before the engine is', async () => {
    const response = await capabilities();
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false });
  });

  test('name pack, data and every level with its reason', async () => {
    const liveness = livenessSupport(calibration);
    Object.assign(running.faces, { info: { ...ENGINE, liveness, quality: true } });
    const body = await (await capabilities()).json();
    expect(body).toMatchObject({
      ready: true,
      backend: 'cpu',
      pack: ENGINE.pack,
      quality: true,
      liveness: { evidence: 'synthetic', data: calibration.data.name },
    });
    expect(body.liveness.levels).toHaveLength(8);
    for (const [i, level] of calibration.levels.entries()) {
      expect(body.liveness.levels[i]).toEqual({
        level: level.level,
        supported: level.supported,
        reason: level.reason,
        target_apcer: level.targetApcer,
        bpcer: level.bpcer,
      });
    }
  });

  test('name the backend in use, and of all others why they are not', async () => {
    const backends = [
      { name: 'tensorrt', available: false, reason: 'libnvinfer.so.10: cannot open' },
      { name: 'cuda', available: true, reason: '1 network agrees' },
      { name: 'webgpu', available: null, reason: 'not tried: cuda is in use' },
      { name: 'cpu', available: null, reason: 'not tried: cuda is in use' },
    ];
    const runtime = { backend: 'cuda', device: 1, sharedMemory: false };
    Object.assign(running.faces, { info: { ...ENGINE, inference: { runtime, backends } } });
    expect(await (await capabilities()).json()).toMatchObject({ backend: 'cuda', backends });
  });

  test('say nothing of liveness where the pack is not calibrated for it', async () => {
    Object.assign(running.faces, { info: ENGINE });
    expect(await (await capabilities()).json()).toMatchObject({ liveness: null, quality: false });
  });
});
