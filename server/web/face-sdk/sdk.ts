/** The class that integrators use: options, making ready, one capture at a time. */
import packageJson from './package.json' with { type: 'json' };
import { openDialog, type Opened } from './dialog.ts';
import { fetchOnce, makeReady, type Ready, setEndpoints } from './engine.ts';
import { FaceSDKError } from './errors.ts';
import type * as Declared from './face-sdk.d.ts';
import { type Settings, settingsOf } from './options.ts';
import { payloadOf } from './payload.ts';
import { sealCapture } from './seal.ts';
import { runSession } from './session.ts';
import { CAPTURE_HTML, PROGRESS_HTML } from './stage.ts';
import { unsupportedBecause } from './support.ts';

const { version } = packageJson;

/** Where a capture is shown: puts a stage into the page and gives a way to take it out again. */
export type Opener = (settings: Settings, onClose: () => void) => Opened;

export class FaceSDK implements Declared.FaceSDK {
  static readonly templates = { CAPTURE_DIALOG: CAPTURE_HTML, PROGRESS_DIALOG: PROGRESS_HTML };
  readonly #settings: Settings;
  readonly #open: Opener;
  #ready: Ready | undefined;
  #running: AbortController | undefined;

  static async preInitialize(
    models?: Declared.ApplicationURL | string,
    pubKey?: Declared.ApplicationURL,
    time?: Declared.ApplicationURL,
  ): Promise<void> {
    setEndpoints(models, pubKey, time);
    await fetchOnce();
  }

  static version(): string {
    return version;
  }

  /** @param open other than the dialog, for the element */
  constructor(options: Declared.SdkOptions = {}, open: Opener = openDialog) {
    this.#settings = settingsOf(options);
    this.#open = open;
  }

  async initialize(): Promise<void> {
    await this.#worded(async () => {
      const reason = this.#settings.skipSupportCheck ? undefined : unsupportedBecause();
      if (reason !== undefined) throw new FaceSDKError(reason);
      this.#ready = await makeReady(this.#settings.eyesStatus);
    });
  }

  async capture(): Promise<Blob> {
    if (this.#running !== undefined) throw new TypeError('capture: one is under way');
    const running = this.#running = new AbortController();
    try {
      // costs nothing soon after the last time, and renews the key later on
      await this.initialize();
      return await this.#worded(() => this.#capture(running));
    } finally {
      this.#running = undefined;
    }
  }

  abort(): void {
    this.#running?.abort(new FaceSDKError('FEEDBACK_DIALOG_CLOSED'));
  }

  async #capture({ signal }: AbortController): Promise<Blob> {
    const { server, networks } = this.#ready as Ready, settings = this.#settings;
    signal.throwIfAborted();
    const { stage, remove } = this.#open(settings, () => this.abort());
    try {
      const { shot, quality } = await runSession(stage, settings, networks, signal);
      const done = stage.progress();
      const nowMs = Date.now() + server.clockOffsetMs;
      const payload = await payloadOf(shot, settings, version, nowMs);
      const sealed = await sealCapture(payload, server.key, Date.now() + server.clockOffsetMs);
      done();
      signal.throwIfAborted();
      if (settings.qualityMetadata && quality !== undefined) {
        settings.events.onImageQualityDetected?.(quality);
      }
      return new Blob([sealed], { type: 'application/octet-stream' });
    } finally {
      remove();
    }
  }

  /** Gives errors the language of the options. */
  async #worded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof FaceSDKError ? error.in(this.#settings.texts) : error;
    }
  }
}
