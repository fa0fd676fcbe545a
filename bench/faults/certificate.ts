/** The certificate of the TLS port has expired: when the server starts, and when a new one is put in place. */
import { connect } from 'node:tls';
import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BILLED_KINDS } from '../appliance/requests.ts';
import { type Fault, inScene, type Scene } from './scene.ts';

export const certificateExpired: Fault = {
  name: 'certificate expired',
  lacking: () => Bun.which('openssl') === null ? 'openssl' : undefined,
  async run(command) {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-certificate-'));
    const at = (name: string) => join(folder, name);
    try {
      certify(folder, 'good', '20200101000000Z', '20990101000000Z');
      certify(folder, 'expired', '20200101000000Z', '20200201000000Z');
      copyFileSync(at('expired.pem'), at('tls.pem'));
      const env = { GATEHOUSE_TLS_CERT: at('tls.pem'), GATEHOUSE_TLS_KEY: at('tls.key') };
      // the WebSocket of phones takes no certificate of an authority of its own
      const kinds = BILLED_KINDS.filter(({ name }) => name !== 'ws1/validate');
      return await inScene(command, { env, kinds }, async (scene) => {
        const ca = readFileSync(at('ca.pem'), 'utf8');
        const fromMs = performance.now();
        const told = scene.server.lines.find(({ event }) => event.startsWith('tls-certificate'));
        scene.expect(told?.level === 'error', `the log says it at level ${told?.level}`);
        const refusal = await handshake(scene, ca);
        scene.expect(refusal === 'CERT_HAS_EXPIRED', `a client that verifies got ${refusal}`);
        const put = async (name: string, wanted: string): Promise<number> => {
          copyFileSync(at(`${name}.pem`), at('next.pem'));
          renameSync(at('next.pem'), at('tls.pem'));
          const putMs = performance.now();
          while (await handshake(scene, ca) !== wanted) await Bun.sleep(20);
          return performance.now() - putMs;
        };
        scene.recoveryMs.push(await put('good', 'authorized'));
        copyFileSync(at('expired.pem'), at('tls.pem'));
        await scene.server.line(({ event }) => event === 'tls-unreadable');
        const kept = await handshake(scene, ca);
        scene.expect(kept === 'authorized', `after the change of the file: ${kept}`);
        return {
          happened:
            `Starts all the same; log: ${told?.level} ${told?.event}, until ${told?.until}. ` +
            `Clients that verify refuse it (${refusal}) until a good one is in its place. An expired one in ` +
            'the place of a good one is not taken.',
          clients: `those that do not verify: ${scene.between(fromMs)}`,
        };
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** What a client that verifies makes of the port. */
function handshake({ server }: Scene, ca: string): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca, servername: 'localhost' });
    socket.once('secureConnect', () => {
      resolve(socket.authorized ? 'authorized' : String(socket.authorizationError));
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** A certificate for `tls.key` of an authority in the same folder; both made when they are missing. */
function certify(folder: string, name: string, from: string, until: string): void {
  const script = `
    [ -f ca.pem ] || {
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -subj /CN=authority -keyout ca.key -out ca.pem
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.csr
      chmod 600 tls.key
      touch index.txt
    }
    openssl ca -batch -config /dev/stdin -in tls.csr -out ${name}.pem -cert ca.pem -keyfile ca.key \
      -startdate ${from} -enddate ${until} -rand_serial -outdir . -notext <<END
[ca]
default_ca=a
[a]
database=index.txt
serial=serial
default_md=sha256
policy=p
copy_extensions=copy
unique_subject=no
[p]
commonName=supplied
END`;
  const { exitCode, stderr } = Bun.spawnSync(['sh', '-ec', script], { cwd: folder });
  if (exitCode !== 0) throw new Error(`openssl: ${stderr}`);
}
