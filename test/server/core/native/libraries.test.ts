/**
 * ONNX Runtime must stay silent: no file, no address looked up, no connection, in a process whose
 * environment says nothing (the CI variable alone would hide the fault).
 */
import { dlopen, FFIType } from 'bun:ffi';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibraryProbe } from '../../support/library-probe.ts';
import type { ProbeMode } from '../../support/telemetry-probe.ts';

const PROBE = join(import.meta.dir, '../../support/telemetry-probe.ts');
const LIBRARY_PROBE = join(import.meta.dir, '../../support/library-probe.ts');
const STRACE = Bun.which('strace');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-telemetry-'));
});
afterAll(() => rm(home, { recursive: true }));

async function run(mode: ProbeMode, before: string[] = []): Promise<string> {
  const folder = join(home, `${mode}${before.length}`);
  const child = Bun.spawn([...before, process.execPath, PROBE, mode], {
    env: { HOME: folder, PATH: process.env.PATH },
    stdout: 'ignore',
    stderr: 'ignore',
  });
  expect(await child.exited).toBe(0);
  return folder;
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { recursive: true })).filter((path) => path.includes('Microsoft'));
}

describe('the inference library', () => {
  test('writes nothing below the home folder once prepared', async () => {
    expect(await filesBelow(await run('prepared'))).toEqual([]);
  });

  test('would write there unprepared: the check above can fail', async () => {
    expect(await filesBelow(await run('plain'))).not.toEqual([]);
  });

  test.skipIf(STRACE === null)('makes no connection and asks no resolver [strace]', async () => {
    const trace = join(home, 'trace');
    await run('prepared', [STRACE ?? '', '-f', '-e', 'trace=network,openat', '-o', trace]);
    const calls = await Bun.file(trace).text();
    expect(calls).toContain('openat(');
    const outward = /^.*(?:connect\(|AF_INET|resolv\.conf|\/etc\/hosts|nsswitch).*$/m;
    expect(outward.exec(calls)?.[0]).toBeUndefined();
  });
});

test("NVIDIA's libraries are told to keep to 32-bit products", async () => {
  await import('../../../../server/core/native/libraries.ts');
  const { symbols } = dlopen('libc.so.6', {
    getenv: { args: [FFIType.ptr], returns: FFIType.cstring },
  });
  const value = symbols.getenv(new TextEncoder().encode('NVIDIA_TF32_OVERRIDE\0'));
  expect(String(value)).toBe('0');
});

describe('GATEHOUSE_ORT_LIBRARY', () => {
  const probe = async (library: string): Promise<string> => {
    const child = Bun.spawn([process.execPath, LIBRARY_PROBE], {
      env: { HOME: home, PATH: process.env.PATH, GATEHOUSE_ORT_LIBRARY: library },
      stdout: 'pipe',
    });
    return (await new Response(child.stdout).text()).trim();
  };

  test('names another build of the library', async () => {
    const ours = join(
      import.meta.dir,
      '../../../../node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
    );
    expect(await probe(ours)).toBe('ok' satisfies LibraryProbe);
  });

  test('that cannot be loaded is an error that names the file', async () => {
    expect(await probe('/nowhere/libonnxruntime.so.1')).toStartWith(
      'NATIVE_LIBRARY: cannot load /nowhere/libonnxruntime.so.1',
    );
  });
});
