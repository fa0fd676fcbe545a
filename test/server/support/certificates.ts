/** Keys and certificates for tests, made by OpenSSL in a folder of their own. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HAS_OPENSSL = Bun.which('openssl') !== null;

export class Certificates {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Certificates> {
    return new Certificates(await mkdtemp(join(tmpdir(), 'gatehouse-tls-')));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  async openssl(...args: string[]): Promise<void> {
    const { exited } = Bun.spawn(['openssl', ...args], { cwd: this.folder, stderr: 'ignore' });
    if (await exited !== 0) throw new Error(`openssl ${args[0]}`);
  }

  /** `NAME.key` and `NAME.pem`; `signer` names the authority, none: it is one itself. */
  async add(
    name: string,
    subject: string,
    signer?: string,
    extensions: string[] = [],
    days = 60,
  ): Promise<void> {
    await this.openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', String(days), '-subj', subject],
      ...['subjectAltName=IP:127.0.0.1,DNS:localhost', ...extensions]
        .flatMap((extension) => ['-addext', extension]),
      ...(signer === undefined ? [] : ['-CA', `${signer}.pem`, '-CAkey', `${signer}.key`]),
    );
    await chmod(this.file(`${name}.key`), 0o600);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
