/** How a trial in a process of its own ends, and what is said of it. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { join } from 'node:path';
import { probeProcess } from '../../../../server/core/inference/probe-process.ts';
import type { FakeEnd } from '../../support/fake-probe.ts';

const FAKE = join(import.meta.dir, '../../support/fake-probe.ts');
const REQUEST = {
  backend: 'cuda',
  device: 1,
  packPath: '/p',
  packId: 'x',
  networks: 'embedder',
} as const;

const trial = (args: [FakeEnd, ...string[]], timeoutMs?: number, signal?: AbortSignal) =>
  probeProcess([process.execPath, FAKE, ...args], timeoutMs)(REQUEST, signal);

const refused = (reason: string, stderr = '') =>
  trial(['print', JSON.stringify({ available: false, reason }), stderr]);

describe('a trial', () => {
  test('gets the request, and reports no crash to anybody', async () => {
    expect(await trial(['echo'])).toEqual({ available: false, reason: 'cuda 1 1' });
  });

  test('that succeeds says how far apart, and how fast', async () => {
    const answer = { available: true, compared: 1, difference: 7e-7, runMs: 2.04, processorMs: 38 };
    expect(await trial(['print', JSON.stringify(answer)])).toEqual({
      available: true,
      cores: 38 / 2.04,
      reason:
        '1 network agrees with the processor (7.0e-7 of the largest output apart, allowed is ' +
        '1.0e-4), 2.0 ms a face, 38 ms on one core',
    });
    const slow = { ...answer, compared: 6, runMs: 900 };
    expect(await trial(['print', JSON.stringify(slow)])).toMatchObject({
      cores: 38 / 900,
      reason: expect.stringContaining('6 networks agree'),
    });
  });

  test('may have a driver that prints before the answer', async () => {
    const answer = JSON.stringify({ available: false, reason: 'no device' });
    expect((await trial(['print', `driver 5.1\n{"x":1}\n${answer}\n`])).reason).toBe('no device');
  });

  test('that crashes leaves this process alone, and is no success', async () => {
    expect(await trial(['abort'])).toEqual({
      available: false,
      reason: 'the trial ended with SIGABRT',
    });
  });

  test('that ends without a word is no success', async () => {
    expect((await trial(['silence'])).reason).toBe('the trial ended with exit code 3');
    expect((await trial(['print', 'true'])).available).toBe(false);
    expect((await trial(['print', 'null'])).available).toBe(false);
    expect((await trial(['print', '{"available":true}'])).available).toBe(false);
  });

  test('may write anything: it is no success, and no error of this process', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((s) => !s.includes('\0'));
    const json = fc.json().filter((text) => !text.includes('\0'));
    const output = fc.oneof(text, json);
    await fc.assert(
      fc.asyncProperty(output, output, async (stdout, stderr) => {
        const { available, reason } = await trial(['print', stdout, stderr]);
        expect(available).toBe(false);
        expect(reason.length).toBeGreaterThan(0);
        expect(reason).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 40 },
    );
  });

  test('that cannot begin is no success', async () => {
    expect(await probeProcess(['/nowhere/gatehouse'])(REQUEST)).toEqual({
      available: false,
      reason: 'no process can be started for the trial (ENOENT)',
    });
  });

  test('that hangs is ended', async () => {
    expect(await trial(['hang'], 300)).toEqual({
      available: false,
      reason: 'no answer within 300 ms',
    });
  });

  test('is ended with what asked for it', async () => {
    const asking = new AbortController();
    const hanging = trial(['hang'], undefined, asking.signal);
    asking.abort();
    expect((await hanging).available).toBe(false);
  });
});

describe('the reason', () => {
  test('is what could not be loaded, where the error does not say', async () => {
    const log =
      '\u001b[1;31m2026-01-01 [E:onnxruntime] bridge.cc:1988 Get() [ONNXRuntimeError] : 1 : ' +
      'FAIL : Failed to load library /opt/ort/libonnxruntime_providers_cuda.so with error: ' +
      'libcublasLt.so.12: cannot open shared object file: No such file or directory\n\u001b[m\n';
    expect((await refused('Failed to load shared library', log)).reason).toBe(
      'libcublasLt.so.12: cannot open shared object file: No such file or directory',
    );
  });

  test.each([
    [
      '/onnxruntime_src/core/webgpu_context.cc:136 onnxruntime::Initialize(const Config&)::<lambda()> ' +
      'adapter.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
      'Failed to get a WebGPU adapter: No supported adapters',
    ],
    [
      '/onnxruntime_src/core/cuda/cuda_call.cc:129 std::conditional_t<THRW, void, Status> ' +
      'onnxruntime::CudaCall(ERRTYPE, const char*, int) [with ERRTYPE = cudaError; bool THRW = true] ' +
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ; ' +
      'hostname=desk-of-somebody ; file=/onnxruntime_src/cuda.cc ; line=66 ; expr=cudaSetDevice(id);',
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version',
    ],
    [
      "cannot open /home/somebody/lib/libfoo.so: and/or '/etc/x'",
      "cannot open libfoo.so: and/or 'x'",
    ],
    ['two\nlines\tof \u001b[1mtext', 'two lines of [1mtext'],
  ])('has neither sources nor places of this machine: %#', async (error, reason) => {
    expect((await refused(error)).reason).toBe(reason);
  });

  test('is not longer than a line', async () => {
    expect((await refused('x'.repeat(100_000))).reason).toHaveLength(400);
  });
});
