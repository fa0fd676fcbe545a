/** serve and doctor on a machine without a GPU: what they choose, what they refuse, and what they say. */
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../cli/command.ts';
import { inProcess, json } from './support.ts';

const MAIN = new URL('../../main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-inference-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Neither GPU libraries nor a Vulkan driver, whatever this machine has. */
const BARE = { PATH: process.env.PATH, VK_ICD_FILENAMES: '/nowhere.json' };

/** Vulkan in software, which comes with Chromium. */
const SOFTWARE_GPU = '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasSoftwareGpu = existsSync(SOFTWARE_GPU);
const withoutSoftwareGpu = hasSoftwareGpu ? '' : ' [skipped: install the package chromium]';

function start(args: string[], env: Record<string, string>) {
  return Bun.spawn([process.execPath, MAIN, ...args], {
    cwd: folder,
    env: { ...BARE, GATEHOUSE_PORT: '0', GATEHOUSE_WORKERS: '1', ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

type Line = { readonly event: string; readonly [key: string]: unknown };

const ready = ({ event }: Line) => event === 'engine-ready';

/** A server from its start to its end: what it logs, and what it can do once it is ready. */
async function served(env: Record<string, string>) {
  const child = start(['serve'], env);
  const lines: Line[] = [];
  let capabilities;
  let rest = '';
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    const texts = (rest + part).split('\n');
    rest = texts.pop() ?? '';
    lines.push(...texts.map((text) => JSON.parse(text)));
    if (capabilities !== undefined || !lines.some(ready)) continue;
    const url = lines.find(({ event }) => event === 'listening')?.url;
    capabilities = await (await fetch(`${url}capabilities`)).json();
    child.kill('SIGTERM');
  }
  return { lines, capabilities, code: await child.exited };
}

describe('serve', () => {
  test.skipIf(!hasSoftwareGpu)(
    `with webgpu has one worker of two${withoutSoftwareGpu}`,
    async () => {
      // two would end the process, with any driver
      const { lines, code } = await served({
        GATEHOUSE_INFERENCE_BACKEND: 'webgpu',
        GATEHOUSE_WORKERS: '2',
        VK_ICD_FILENAMES: SOFTWARE_GPU,
      });
      expect(lines.find(ready)).toMatchObject({ backend: 'webgpu', workers: 1 });
      expect(code).toBe(0);
    },
    120_000,
  );

  test.each([
    ['cuda', 'libonnxruntime_providers_shared.so: cannot open shared object file'],
    ['tensorrt', 'libonnxruntime_providers_shared.so: cannot open shared object file'],
    ['webgpu', 'Failed to get a WebGPU adapter: No supported adapters'],
  ])('with %s ends with the reason, and takes nothing else', async (backend, reason) => {
    const child = start(['serve'], { GATEHOUSE_INFERENCE_BACKEND: backend });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect(await child.exited).toBe(EXIT.environment);
    expect(stderr).toContain(
      `gatehouse serve: inference.backend ${backend} cannot be used: ${reason}`,
    );
    expect(stderr).toContain('docs/gpu.md');
    expect(stdout).not.toContain('engine-ready');
  });

  test('with auto takes the processor, and says once why it took nothing else', async () => {
    const { lines, capabilities, code } = await served({ GATEHOUSE_INFERENCE_BACKEND: 'auto' });
    expect(code).toBe(EXIT.ok);
    const skipped = lines.filter(({ event }) => event === 'backend-skipped');
    expect(skipped.map(({ backend }) => backend)).toEqual(['tensorrt', 'cuda', 'webgpu']);
    expect(lines.find(ready)).toMatchObject({ backend: 'cpu' });
    expect(capabilities.backend).toBe('cpu');
    expect(capabilities.backends).toEqual([
      ...skipped.map(({ backend: name, reason }) => ({ name, available: false, reason })),
      { name: 'cpu', available: true, reason: 'always there; the others are compared with it' },
    ]);
  });

  test('limits the memory of the networks', async () => {
    const { lines, capabilities } = await served({ GATEHOUSE_INFERENCE_MEMORY_MB: '64' });
    expect(lines.find(ready)).toMatchObject({ backend: 'cpu' });
    expect(capabilities.backends.at(-1)).toMatchObject({
      available: true,
      reason: expect.stringContaining('1 network agrees with the processor (0.0e+0'),
    });
  });
});

describe('doctor', () => {
  const doctor = async (env: Record<string, string>) => {
    const child = start(['doctor', '--json'], env);
    const [stdout] = await Promise.all([new Response(child.stdout).text(), child.exited]);
    const { checks } = JSON.parse(stdout) as {
      checks: { check: string; status: string; reason: string }[];
    };
    const backends = checks.filter(({ check }) => check.startsWith('backend '));
    return { code: child.exitCode, backends };
  };
  const statuses = ({ backends }: Awaited<ReturnType<typeof doctor>>) =>
    Object.fromEntries(backends.map(({ check, status }) => [check.slice(8), status]));

  test('tries every backend, and misses none that nobody asked for', async () => {
    const outcome = await doctor({});
    expect(outcome.code).toBe(EXIT.ok);
    expect(statuses(outcome)).toEqual({
      tensorrt: 'unavailable',
      cuda: 'unavailable',
      webgpu: 'unavailable',
      cpu: 'ok',
    });
    expect(outcome.backends[1].reason).toStartWith('libonnxruntime_providers_shared.so: ');
    expect(outcome.backends[3].reason).toStartWith('in use; ');
  });

  test('fails when the one that was asked for cannot be used', async () => {
    const outcome = await doctor({ GATEHOUSE_INFERENCE_BACKEND: 'cuda' });
    expect(outcome.code).toBe(EXIT.negative);
    expect(statuses(outcome)).toMatchObject({ cuda: 'failed', tensorrt: 'unavailable', cpu: 'ok' });
    expect(outcome.backends[1].reason).toContain('docs/gpu.md');
    expect(outcome.backends[3].reason).not.toContain('in use');
  });

  test('is content with auto', async () => {
    const outcome = await doctor({ GATEHOUSE_INFERENCE_BACKEND: 'auto' });
    expect(outcome.code).toBe(EXIT.ok);
    expect(outcome.backends[3].reason).toStartWith('in use; ');
  });
});

describe('probe-backend', () => {
  test('is not offered to people, but explains itself', async () => {
    expect((await inProcess('--help')).stdout).not.toContain('probe-backend');
    expect((await inProcess('probe-backend', '--help')).stdout).toContain('gatehouse doctor');
    expect(json(await inProcess('probe-backend', 'x', '--json')).error.code).toBe('USAGE');
  });

  test('takes nothing but a request', async () => {
    for (const text of ['', 'null', '{"backend":"cuda"}', '{"backend":"gpu","device":0}']) {
      const child = Bun.spawn([process.execPath, MAIN, 'probe-backend'], {
        stdin: new Blob([text]),
        stderr: 'pipe',
      });
      const stderr = await new Response(child.stderr).text();
      expect(await child.exited).toBe(EXIT.usage);
      expect(stderr).toBe('gatehouse probe-backend: the standard input is no request\n');
    }
  });
});
