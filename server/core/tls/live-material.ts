/** Certificate and key as their files are now: a change is taken once it has settled and everything fits. */
import { DAY_MS } from '../day.ts';
import { ServerError } from '../errors.ts';
import type { KeyProtection } from '../keys/key-files.ts';
import type { Logger } from '../logging.ts';
import { lookOf, SettledWatch } from '../settled-watch.ts';
import { readTlsMaterial, type TlsFiles, type TlsMaterial } from './material.ts';

const POLL_MS = 2000;
/** From here on the log warns at each reading. */
const SOON_MS = 30 * DAY_MS;

export class LiveMaterial {
  readonly #files: TlsFiles;
  readonly #protection: KeyProtection;
  readonly #log: Logger;
  readonly #watch: SettledWatch;
  readonly #followers = new Set<(material: TlsMaterial) => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #current: TlsMaterial;

  private constructor(
    files: TlsFiles,
    protection: KeyProtection,
    material: TlsMaterial,
    watch: SettledWatch,
    log: Logger,
  ) {
    this.#files = files;
    this.#protection = protection;
    this.#current = material;
    this.#watch = watch;
    this.#log = log;
    this.#timer = setInterval(() => void this.poll(), POLL_MS);
    this.#timer.unref();
  }

  /**
   * @param protection of the private key, which may be encrypted under the passphrase of the installation
   * @throws ServerError CONFIG_INVALID
   */
  static async open(
    files: TlsFiles,
    log: Logger,
    protection: KeyProtection = {},
  ): Promise<LiveMaterial> {
    const paths = [
      files.cert,
      files.key,
      ...(files.clientCa === undefined ? [] : [files.clientCa]),
    ];
    const watch = new SettledWatch(() => new Map(paths.map((path) => [path, lookOf(path)])));
    const material = await readTlsMaterial(files, protection);
    tell(material, log);
    return new LiveMaterial(files, protection, material, watch, log);
  }

  get current(): TlsMaterial {
    return this.#current;
  }

  /** @returns ends it */
  follow(take: (material: TlsMaterial) => void): () => void {
    this.#followers.add(take);
    return () => void this.#followers.delete(take);
  }

  /** Looks at the files; reads them when they have changed since the look before last. */
  async poll(): Promise<void> {
    if (!this.#watch.poll()) return;
    try {
      const material = await readTlsMaterial(this.#files, this.#protection);
      if (leftMs(material) <= 0 && leftMs(this.#current) > 0) {
        const { cert } = this.#files;
        throw new ServerError('CONFIG_INVALID', `tls.cert ${cert}: it has expired already`);
      }
      for (const take of this.#followers) take(material);
      this.#current = material;
      tell(material, this.#log);
    } catch (error) {
      const cause = error instanceof ServerError ? error.message : (error as Error).name;
      this.#log.error('tls-unreadable', { cause });
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** Until its certificate has expired. */
function leftMs({ certificate }: TlsMaterial): number {
  return new Date(certificate.validTo).getTime() - Date.now();
}

function tell(material: TlsMaterial, log: Logger): void {
  const { certificate } = material;
  const left = leftMs(material);
  log[left <= 0 ? 'error' : left < SOON_MS ? 'warn' : 'info']('tls-certificate', {
    subject: certificate.subject?.replaceAll('\n', ', '),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    until: new Date(certificate.validTo).toISOString(),
    expired: left <= 0,
  });
}
