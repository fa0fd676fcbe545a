/** What `/openapi.json` says of the endpoints about the installation, held against their answers. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { livenessSupport, parsePadCalibration } from '../../../../biometrics/liveness/mod.ts';
import { installationOperations } from '../../../../server/core/api/installation.ts';
import { openSigningKey } from '../../../../server/core/keys/signing-key.ts';
import { apiDocs } from '../../../../server/web/api-docs/mod.ts';
import { ENGINE } from '../../playground/support.ts';
import { checker } from '../../support/openapi.ts';
import { type Running, startFake } from '../../support/running.ts';

const document = JSON.parse(apiDocs()['/openapi.json']);
const { check } = checker(document);

let folder: string, running: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-installation-'));
  running = startFake({}, undefined, { signingKey: await openSigningKey(folder) });
});
afterAll(async () => {
  await running.server.stop();
  await rm(folder, { recursive: true });
});

async function fits(path: string): Promise<number> {
  const response = await fetch(new URL(path, running.server.url));
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const { schema } = document.paths[path].get.responses[response.status].content[mediaType];
  const body = mediaType.endsWith('json') ? await response.json() : await response.text();
  expect(check(schema, body)).toEqual([]);
  return response.status;
}

const PATHS = installationOperations.operations.map(({ path }) => path);

test.each(PATHS)('%s answers as described, before the engine is ready and after', async (path) => {
  Object.assign(running.faces, { info: undefined, ready: false });
  await fits(path);
  const pad = `${import.meta.dir}/../../../../models/default/calibration-pad.json`;
  const liveness = livenessSupport(parsePadCalibration(await Bun.file(pad).bytes()));
  Object.assign(running.faces, { info: { ...ENGINE, liveness, quality: true }, ready: true });
  expect(await fits(path)).toBe(200);
});
