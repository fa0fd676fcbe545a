/** `gatehouse doctor`: checks what the server needs and says how to repair what is missing. */
import { constants, existsSync, statfsSync } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { openPack } from '../models/mod.ts';
import { loadConfig, openConfig, type ServerConfig } from '../server/core/config/mod.ts';
import { checkAddress } from '../server/core/licence/licensing.ts';
import { recordsPath } from '../server/core/records.ts';
import { findRecordStore } from '../server/core/store/open-store.ts';
import { databaseFacts } from './database-check.ts';
import { isOpenToOthers } from '../server/core/data/open-to-others.ts';
import { privateFolder, tempFolder } from '../server/core/native/private-folder.ts';
import { backendChecks } from './backend-checks.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from './command.ts';
import { checkKeys } from './key-checks.ts';
import { licenceStanding } from './license/status.ts';
import { choosePack } from './pack-choice.ts';
import { reportProgress } from './progress.ts';

export const help = `Usage: gatehouse doctor [--config FILE] [--pack PATH] [--data DIR] [--json]

Checks the settings, the licence, the private keys, the records, the native libraries, the temp and data
folders, memory, the model pack, what it is calibrated for, the inference backends and the port, and says
how to repair what it finds. All networks of the pack run on each backend that starts and are compared with
the processor, which can take a while. Exit code 0 when nothing fails; a backend that nobody asked for may
be unavailable.

  --config FILE  the configuration file; also GATEHOUSE_CONFIG
  --pack PATH    a model pack instead of the default one
  --data DIR     the data folder; default data.folder of the configuration
  --json         one JSON object instead of text
`;

export interface Check {
  readonly check: string;
  /** Unavailable is what this machine does not have, and the settings do not ask for. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unavailable';
  /** What was found, and what to do about it unless all is well. */
  readonly reason: string;
}

/** Something that works now and may not for long. */
class Warning extends Error {}

/** Free space below which the records will soon have none; a million rows take 0.4 GB. */
const RECORDS_BYTES = 1e9;
/** Free space the temp folder needs for the libraries a compiled program unpacks. */
const TEMP_BYTES = 100e6;
/** Memory of one inference worker: weights, tensors and runtime. */
const WORKER_BYTES = 200e6;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { config: TEXT, pack: TEXT, data: TEXT, json: FLAG }, 0);
  const checks: Check[] = [];
  const check = async (name: string, find: () => Promise<string> | string, warning = false) => {
    try {
      checks.push({ check: name, status: 'ok', reason: await find() });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const status = warning || error instanceof Warning ? 'warning' : 'failed';
      checks.push({ check: name, status, reason });
    }
  };

  const { config: file, pack, data: dataFolder } = values;
  let config = loadConfig({}, { pack, dataFolder });
  await check('settings', () => {
    config = openConfig({ env: process.env, file, options: { pack, dataFolder } });
    return `listening on ${config.host}:${config.port}, ${config.workers} workers`;
  });
  await check('licence', () => checkLicence(config));
  await check('temp folder', checkTempFolder);
  await check('data folder', () => checkDataFolder(config.dataFolder));
  await check('data folder mode', () => checkDataFolderMode(config.dataFolder), true);
  await check('private keys', () => checkKeys(config));
  await check('records', () => checkRecords(config));
  await check('native libraries', async () => {
    await import('../server/core/native/libraries.ts');
    const { encodePng } = await import('../biometrics/image/mod.ts');
    await encodePng({ width: 1, height: 1, data: new Uint8Array(3) });
    const { default: ort } = await import('onnxruntime-node');
    return `ONNX Runtime ${ort.env.versions.node ?? ort.env.versions.common}, libvips`;
  });
  await check('memory', () => checkMemory(config.workers), true);
  let packPath: string | undefined;
  await check('model pack', async () => {
    const { path, trust } = await choosePack(undefined, reportProgress(io), config);
    const { manifest: { name, version, networks }, signed } = await openPack(path, trust);
    packPath = path;
    const pad = networks.filter(({ task }) => task === 'pad').map(({ id }) => id);
    const found = `${name} ${version}, ${networks.length} networks, ${
      pad.length === 0 ? 'none for presentation attack detection' : `PAD by ${pad.join(', ')}`
    }, all hashes hold`;
    return signed ? `${found}, signed by a trusted key` : found;
  });
  await check('calibration', async () => {
    const { matchCalibration, openFaceEngine } = await import('./face-engine.ts');
    const { data } = await matchCalibration(await openFaceEngine(io, undefined, config));
    return `${data.name}: ${data.impostorPairs} impostor pairs`;
  });
  await check('liveness', async () => {
    const { livenessSupport, padCalibrationOf } = await import('../biometrics/liveness/mod.ts');
    const { path, trust } = await choosePack(undefined, reportProgress(io), config);
    const calibration = await padCalibrationOf(await openPack(path, trust));
    const { supported, evidence, data } = livenessSupport(calibration);
    const found = supported.length === 0
      ? 'no level is supported'
      : `levels ${supported.join(', ')}, calibrated on ${data}`;
    if (supported.length > 0 && evidence === 'real') return found;
    throw new Error(
      `${found}: fit the pack on recordings of your site (gatehouse models train-pad)`,
    );
  }, true);
  if (packPath !== undefined) checks.push(...await backendChecks(config, packPath));
  await check('port', () => checkPort(config.host, config.port));

  const failed = checks.some(({ status }) => status === 'failed');
  if (values.json) io.stdout(JSON.stringify({ ok: !failed, checks }) + '\n');
  else io.stdout(table(checks.map(({ check, status, reason }) => [status, check, reason])));
  return failed ? EXIT.negative : EXIT.ok;
}

async function checkLicence(config: ServerConfig): Promise<string> {
  const { licence, standing } = await licenceStanding(config);
  checkAddress(licence, config.host);
  const { status, answers, reason, untilMs } = standing;
  const until = untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString()}`;
  const found = `${status}${until}`;
  if (status === 'valid' || status === 'evaluation') return found;
  const advice = `${found}: ${reason}; see docs/licence.md`;
  throw answers ? new Warning(advice) : new Error(advice);
}

async function checkRecords(config: ServerConfig): Promise<string> {
  const facts = await databaseFacts(config);
  if (facts !== undefined) return facts;
  const data = config.dataFolder, path = recordsPath(data);
  const store = await findRecordStore(config);
  if (store === undefined) return `${path} does not exist yet; it is made when needed`;
  await store.close();
  const { bavail, bsize } = statfsSync(data);
  const found = `${path}, ${Math.round(bavail * bsize / 1e6)} MB free beside it`;
  if (bavail * bsize >= RECORDS_BYTES) return found;
  throw new Warning(`${found}: when there is none, no request is answered`);
}

/**
 * The compiled program unpacks its libraries into a folder of its own there, so programs must be allowed to
 * run from it.
 */
async function checkTempFolder(): Promise<string> {
  const folder = privateFolder(tempFolder());
  const probe = await mkdtemp(join(folder, 'doctor-')).catch(() => {
    throw new Error(`${folder} cannot be written: set TMPDIR to a private, writable folder`);
  });
  try {
    const script = join(probe, 'run');
    await writeFile(script, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    if (existsSync('/bin/sh') && !runs(script)) {
      throw new Error(`${folder} is mounted noexec: set TMPDIR to a folder that is not`);
    }
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < TEMP_BYTES) {
    throw new Error(`${folder} has less than ${TEMP_BYTES / 1e6} MB free`);
  }
  return `${folder}, ${Math.round(bavail * bsize / 1e6)} MB free`;
}

function runs(program: string): boolean {
  try {
    return Bun.spawnSync([program]).exitCode === 0;
  } catch {
    return false;
  }
}

async function checkDataFolder(folder: string): Promise<string> {
  if (!existsSync(folder)) return `${folder} does not exist yet; it is made when needed`;
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`${folder} cannot be written: give it to the user that runs gatehouse`);
  });
  return folder;
}

/** What is secret in it has modes of its own; the folder is a second wall. */
function checkDataFolderMode(folder: string): string {
  if (!isOpenToOthers(folder)) return 'closed to other users';
  throw new Error(`${folder} is open to other users: chmod 700 it`);
}

function checkMemory(workers: number): string {
  const needed = workers * WORKER_BYTES, free = freemem();
  const found = `${
    Math.round(free / 1e6)
  } MB free, ${workers} workers on ${availableParallelism()} cores`;
  if (free < needed) throw new Error(`${found}: lower server.workers or add memory`);
  return found;
}

function checkPort(hostname: string, port: number): string {
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
  } catch {
    throw new Error(
      `${hostname}:${port} cannot be opened: another program uses it, or choose another server.port`,
    );
  }
  return `${hostname}:${port} is free`;
}
