/** A server with something to look at in the console: a pack, a trust store, clients, a licence, settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { livenessSupport, parsePadCalibration } from '../../../biometrics/liveness/mod.ts';
import { parseCalibration } from '../../../biometrics/match/calibration.ts';
import { importInto, TrustStore } from '../../../emrtd/mod.ts';
import type { Pack } from '../../../models/mod.ts';
import { DAY_MS } from '../../../server/core/day.ts';
import type { Pages, ServerDeps } from '../../../server/mod.ts';
import { sessionCookie } from '../../../server/console/cookie.ts';
import { AccessFile } from '../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../server/core/access/admin-store.ts';
import { KeyStore } from '../../../server/core/access/key-store.ts';
import { readRate } from '../../../server/core/access/rate.ts';
import { Sessions } from '../../../server/core/access/sessions.ts';
import { parseClients } from '../../../server/docval/clients.ts';
import { ResultPoster } from '../../../server/docval/mod.ts';
import { freshSigner, mintCertificate, mintCrl, name } from '../../emrtd/pki/support/mint.ts';
import { licensed } from './licences.ts';
import { type Running, startFake } from './running.ts';

const root = join(import.meta.dir, '../../..');
const calibration = (purpose: string) =>
  readFileSync(join(root, `models/default/calibration-${purpose}.json`));

/** Secrets of the installation below; none of them may be in an answer. */
export const SECRETS = ['client-secret-id', 'bearer-secret', 'hmac-secret-of-bank', 'hidden-path'];

const CLIENTS = JSON.stringify({
  clients: [
    {
      name: 'bank',
      client_id: SECRETS[0],
      return_result: false,
      result_server: {
        url: `https://results.bank.example/${SECRETS[3]}`,
        headers: { Authorization: `Bearer ${SECRETS[1]}` },
        hmac_secret: SECRETS[2],
      },
      documents: { types: ['TD3'], issuing_states: ['D', 'UTO'] },
    },
    { name: 'kiosk', client_id: `${SECRETS[0]}-2`, return_result: true },
  ],
});

/** CSCA certificates that end in so many days, and revocation lists that are so old. */
function trustStore(
  cscas: readonly (readonly [country: string, endsInDays: number])[],
  crls: readonly (readonly [country: string, ageDays: number, nextInDays: number])[],
): TrustStore {
  const nowMs = Date.now();
  const at = (days: number) => new Date(nowMs + days * DAY_MS).toISOString();
  const files = [
    ...cscas.map(([country, endsInDays], i) => {
      const key = freshSigner(`${country} ${i}`);
      const subject = name(country, `CSCA ${country} ${i + 1}`);
      const bytes = mintCertificate({
        subject,
        issuer: subject,
        key,
        issuerKey: key,
        serial: i + 1,
        from: at(-1000),
        to: at(endsInDays),
        ca: { pathLength: 0 },
      });
      return { name: `${country}-${i}.cer`, bytes };
    }),
    ...crls.map(([country, ageDays, nextInDays]) => {
      const index = cscas.findIndex(([of]) => of === country);
      const bytes = mintCrl({
        issuer: name(country, `CSCA ${country} ${index + 1}`),
        key: freshSigner(`${country} ${index}`),
        revoked: [7, 8],
        from: at(-ageDays),
        to: at(nextInDays),
      });
      return { name: `${country}.crl`, bytes };
    }),
  ];
  // as if it had been imported when all of it was new
  const { store, report } = importInto(TrustStore.empty, files, { at: new Date(nowMs) });
  if (!report.accepted) throw new Error(JSON.stringify(report));
  return store;
}

/** The default pack as far as the console looks at it, without its networks. */
const PACK = {
  id: 'ab'.repeat(32),
  signed: true,
  manifest: {
    name: 'default',
    version: '1.2.3',
    description: 'Made of weights inside npm packages.',
    networks: [{
      id: 'dlib-resnet',
      title: 'dlib face recognition ResNet',
      task: 'embedder',
      precision: 'int8',
      input: { width: 150, height: 150, channels: 'RGB' },
      origin: { package: '@vladmandic/face-api', version: '1.7.15', licence: 'MIT' },
      card: 'cards/dlib-resnet.md',
    }],
    files: [{ path: 'cards/dlib-resnet.md' }, { path: 'cards/pad-calibration.md' }, {
      path: 'networks/dlib-resnet.onnx',
    }],
  },
  read: async (path: string) => await Bun.file(join(root, 'models/default', path)).bytes(),
} as unknown as Pack;

const INFO = {
  pack: { name: 'default', version: '1.2.3', signed: true },
  calibration: parseCalibration(calibration('match')),
  liveness: livenessSupport(parsePadCalibration(calibration('pad'))),
  quality: true,
};

export interface Watched extends Running {
  readonly access: AccessFile;
  /** For one-time codes of the administrator. */
  readonly secret: Uint8Array;
  /** Identifier of a session that was begun at the start. */
  readonly session: string;
}

export const ADMIN = 'ops';
export const PASSWORD = 'correct horse battery';

/**
 * API keys in every state. With them the server asks for one.
 * @returns what must not be seen: the secrets of the keys, and their digests in hex and base64
 */
export async function issueKeys({ access }: Watched): Promise<string[]> {
  const keys = new KeyStore(access);
  const nowMs = Date.now();
  const made = await Promise.all(([
    ['kiosk', ['liveness'], undefined, undefined],
    ['pilot', ['match'], '5/min', -3],
    ['branch', ['match', 'docval', 'templates'], undefined, 200],
    ['teller', ['match', 'docval'], '50/s', 12],
    ['lost', ['match'], undefined, 5],
  ] as const).map(([name, scopes, rate, days]) =>
    keys.create({
      name,
      scopes,
      rate: rate === undefined ? undefined : readRate(rate),
      expiresMs: days === undefined ? undefined : nowMs + days * DAY_MS,
    }, nowMs - 100 * DAY_MS)
  ));
  await keys.revoke(made[4].entry.id, nowMs);
  const rows = await access.all<{ digest: Uint8Array }>('SELECT digest FROM api_key');
  const digests = rows.map(({ digest }) => Buffer.from(digest));
  return [
    ...made.map(({ entry, text }) => text.slice(text.indexOf(entry.id) + entry.id.length + 1)),
    ...digests.flatMap((digest) => [digest.toString('hex'), digest.toString('base64')]),
  ];
}

/** Cookie of a session as a client sends it. */
export function cookieOf(session: string): string {
  return sessionCookie(session).split(';')[0];
}

export async function startWatched(
  pages?: Pages,
  deps: Partial<ServerDeps> = {},
): Promise<Watched> {
  const trust = trustStore(
    [['DE', 900], ['DE', 60], ['FR', 12], ['NL', -30], ['UT', 2000]],
    [['DE', 12, 80], ['FR', 100, -5]],
  );
  const licensing = licensed({
    volume: { transactions: 1000, per: 'month', overage: 'allow' },
  });
  const { audit } = licensing.records;
  await audit.record({ kind: 'server-started', version: '1.2.3' });
  await audit.record({ kind: 'ledger-reported', from: '2026-10-01', to: '2026-10-31' }, {
    type: 'operator',
    uid: 1000,
    user: 'ada',
  });
  await audit.record({ kind: 'docval-session', session: 's-1', protocol: 'v2' }, {
    type: 'client',
    name: 'bank',
  });
  const access = AccessFile.open(':memory:');
  const secret = await new AdminStore(access).put(ADMIN, PASSWORD, Date.now());
  const { id } = await new Sessions(access).begin(ADMIN, Date.now());
  const running = startFake({}, pages, {
    access,
    docval: {
      clients: parseClients(CLIENTS, 'clients'),
      trust: { current: async () => trust },
      poster: new ResultPoster(),
    },
    licensing,
    settings: () => ({
      file: '/etc/gatehouse/gatehouse.toml',
      settings: [
        { key: 'server.port', value: '8080', from: 'default' },
        { key: 'identy.template_encryption_key', value: 'set', from: 'gatehouse.toml:2' },
      ],
    }),
    ...deps,
  });
  Object.assign(running.faces, {
    info: INFO,
    pack: PACK,
    status: { live: 4, busy: 1, queued: 0, writtenOff: 0, restarts: 0 },
  });
  return Object.assign(running, { access, secret, session: id });
}
