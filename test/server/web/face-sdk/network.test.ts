/** The network runtime of the page against ONNX Runtime on the networks that it is given. */
import { describe, expect, test } from 'bun:test';
import '../../../../server/core/native/libraries.ts';
import fc from 'fast-check';
import { createOnnxLoader } from '../../../../biometrics/runtime/network.ts';
import { openNetwork } from '../../../../server/web/face-sdk/network/run.ts';
import { defaultPack } from '../../../biometrics/support/engine.ts';

describe.each(['blazeface', 'facemesh', 'iris'])('%s in plain JavaScript', (id) => {
  test('gives what ONNX Runtime gives', async () => {
    const pack = await defaultPack();
    const reference = await createOnnxLoader(pack).load(id);
    const { input, outputs, file } = reference.spec;
    const data = Float32Array.from(
      { length: input.width * input.height * 3 },
      (_, i) => Math.sin(i / 97) * Math.cos(i / 7919),
    );
    const expected = await reference.run(data, 1);
    const network = openNetwork(await pack.read(file));
    for (let again = 0; again < 2; again++) {
      const got = await network.run(data, input.width, input.height, Object.values(outputs));
      for (const [role, tensor] of Object.entries(outputs)) {
        const values = got[tensor];
        expect(values.length).toBe(expected[role].length);
        const worst = values.reduce(
          (most, v, i) => Math.max(most, Math.abs(v - expected[role][i])),
          0,
        );
        const largest = expected[role].reduce((most, v) => Math.max(most, Math.abs(v)), 1);
        expect(worst / largest).toBeLessThan(1e-4);
      }
    }
  });
});

test('runs that overlap do not disturb each other', async () => {
  const pack = await defaultPack();
  const network = openNetwork(await pack.read('networks/facemesh.onnx'));
  const inputs = [0.1, 0.9].map((value) =>
    Float32Array.from({ length: 192 * 192 * 3 }, (_, i) => value * Math.abs(Math.sin(i)))
  );
  const run = (data: Float32Array) => network.run(data, 192, 192, ['points']);
  const apart = [await run(inputs[0]), await run(inputs[1])];
  const together = await Promise.all([run(inputs[0]), run(inputs[1])]);
  expect(together[0]).toEqual(apart[0]);
  expect(together[1]).toEqual(apart[1]);
  expect(apart[0]).not.toEqual(apart[1]);
});

test('a network that is cut off or changed is refused or read, never followed out of its bytes', async () => {
  const pack = await defaultPack();
  const { file } = pack.manifest.networks.find(({ task }) => task === 'detector')!;
  const bytes = await pack.read(file);
  expect(() => openNetwork(new Uint8Array())).toThrow('guidance network: no graph');
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const changed = bytes.slice();
      changed[at] = value;
      for (const given of [changed, bytes.subarray(0, at)]) {
        try {
          openNetwork(given);
        } catch (error) {
          expect(String(error)).toMatch(/guidance network|RangeError/);
        }
      }
    }),
    { numRuns: 60 },
  );
});
