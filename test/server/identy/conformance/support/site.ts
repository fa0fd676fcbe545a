/** Where the rows are tried: the real server over HTTP, with the fake face engine behind it. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaptureKeys, openCaptureKeys } from '../../../../../server/identy/mod.ts';
import { sealCapture, type SealKey } from '../../../../../server/web/face-sdk/seal.ts';
import { defaultPack } from '../../../../biometrics/support/engine.ts';
import { picture } from '../../../support/fake-faces.ts';
import { type Running, startFake } from '../../../support/running.ts';
import { describeCapture, writeCapture } from '../../support/captures.ts';

export type Fields = Readonly<Record<string, string | Blob>>;

/** What a capture shows, in the words of the fake engine or as bytes, and how it is sealed. */
export interface Sealing {
  readonly shows?: string | Uint8Array;
  /** Of the description that lies in it. */
  readonly changes?: object;
  /** When it was packed, milliseconds since 1970 UTC. */
  readonly atMs?: number;
}

export class Site {
  readonly running: Running;
  /** The same server with encrypted templates. */
  readonly encrypting: Running;
  /** What opens its templates. */
  readonly templateKey: KeyObject;
  readonly keys: CaptureKeys;
  readonly #folder: string;

  private constructor(keys: CaptureKeys, folder: string) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const templateEncryptionKey = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const settings = { templateEncryption: true, templateEncryptionKey };
    this.keys = keys;
    this.#folder = folder;
    this.templateKey = privateKey;
    this.running = startFake({}, undefined, { captureKeys: keys });
    this.encrypting = startFake(settings, undefined, { captureKeys: keys });
  }

  static async open(): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-conformance-'));
    const site = new Site(await openCaptureKeys(folder), folder);
    site.running.faces.pack = await defaultPack();
    return site;
  }

  async close(): Promise<void> {
    await Promise.all([this.running.server.stop(), this.encrypting.server.stop()]);
    await rm(this.#folder, { recursive: true });
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.running.server.url), init);
  }

  /** Posts JSON, or a text as it is. */
  post(path: string, body: object | string, headers: Record<string, string> = {}) {
    return this.running.post(path, body, headers);
  }

  postForm(path: string, fields: Fields, headers: HeadersInit = {}, to = this.running) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return fetch(new URL(path, to.server.url), { method: 'POST', body, headers });
  }

  /** A capture as the SDK seals it for the key that the server publishes. */
  async seal({ shows = 'face 0', changes = {}, atMs = Date.now() }: Sealing = {}): Promise<Blob> {
    const response = await this.fetch('/api/v1/pub_key', { method: 'POST' });
    const frame = typeof shows === 'string' ? picture(shows) : shows;
    const payload = writeCapture(describeCapture(changes), [frame]);
    return new Blob([await sealCapture(payload, await response.json() as SealKey, atMs)]);
  }

  /** The log line of the request that had this `requestID`. */
  logLine(requestId: string): Record<string, unknown> | undefined {
    return this.running.lines.find((line) => line.request_id === requestId);
  }
}
