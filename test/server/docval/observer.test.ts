/** What is counted of DocVal: sessions by their end, documents by their verdict, and every failed check by name. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mrzPassword, readDocument } from '../../../emrtd/mod.ts';
import { TrustStore } from '../../../emrtd/mod.ts';
import { CHECK_NAMES, checkName } from '../../../server/docval/check-names.ts';
import { documentChecks } from '../../../server/docval/named-checks.ts';
import type { LineFault } from '../../../emrtd/chip/mod.ts';
import { CHECKED_AT, ERIKSSON } from '../../emrtd/chip/support.ts';
import { scrape } from '../support/scrape.ts';
import { openSocket, relay, startMessage } from './support/client.ts';
import { filesOf, makeSpecimen, PROFILES } from './support/documents.ts';
import { type DocvalServer, startDocval } from './support/server.ts';
import { runV2 } from './support/v2-client.ts';

const specimen = makeSpecimen(PROFILES['BAC, CA and AA']);
const servers: DocvalServer[] = [];
function serve(options: Partial<Parameters<typeof startDocval>[0]> = {}): DocvalServer {
  const server = startDocval({ trust: specimen.trust, ...options });
  servers.push(server);
  return server;
}
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

describe('sessions', () => {
  test('are counted while they are open, and by their end', async () => {
    const server = serve();
    const { commands } = await relay(server.v1, specimen.insert());
    const { apdus } = await runV2({
      url: server.v1.replace('ws1', 'ws2'),
      chip: specimen.insert(),
    });
    const unknown = await openSocket(server.v1);
    unknown.send(startMessage({ client_id: 'nobody-0123456789' }));
    await unknown.closed;
    const idle = await openSocket(server.v1);
    const metrics = await scrape(server.origin);
    const expected = {
      'gatehouse_docval_sessions_open{protocol="v1"}': 1,
      'gatehouse_docval_sessions_open{protocol="v2"}': 0,
      'gatehouse_docval_sessions_total{protocol="v1",outcome="DONE"}': 1,
      'gatehouse_docval_sessions_total{protocol="v2",outcome="DONE"}': 1,
      'gatehouse_docval_sessions_total{protocol="v1",outcome="INVALID_CLIENT_ID"}': 1,
      'gatehouse_docval_session_duration_seconds_count{protocol="v1"}': 2,
      'gatehouse_docval_apdus_total{protocol="v1"}': commands.length,
      'gatehouse_docval_apdus_total{protocol="v2"}': apdus,
      'gatehouse_docval_documents_total{passive_authentication="true"}': 2,
    };
    for (const [series, value] of Object.entries(expected)) {
      expect([series, metrics.get(series)]).toEqual([series, value]);
    }
    idle.close();
    await idle.closed;
  });

  test('that find no room are counted, those of the demonstration are not', async () => {
    const server = serve({ limits: { maxConnections: 0 } });
    await openSocket(server.v1).catch(() => {});
    const { clientId } = await (await fetch(`${server.origin}/docval/demo`)).json();
    const demo = await openSocket(server.v1.replace('/ws1/validate', '/docval/session'));
    demo.send(startMessage({ client_id: clientId, access_key: {} }));
    await demo.closed;
    const metrics = await scrape(server.origin);
    expect(metrics.get('gatehouse_docval_refused_sockets_total')).toBe(1);
    const ended = [...metrics].filter(([series]) => series.includes('docval_sessions_total'));
    expect(ended.filter(([, value]) => value > 0)).toEqual([]);
  });
});

describe('documents', () => {
  test('are counted by their verdict, with the checks that failed', async () => {
    const server = serve({ trust: TrustStore.empty });
    const files = await filesOf(specimen);
    const dg1 = files.dg1.slice();
    dg1[20] ^= 1;
    const form = new FormData();
    form.append('client_id', 'test-client-0123456789');
    for (const [name, bytes] of Object.entries({ ...files, dg1 })) {
      form.append(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
    }
    await fetch(`${server.origin}/v4/validate`, { method: 'POST', body: form });
    const metrics = await scrape(server.origin);
    const failed = [...metrics].filter(([series]) => series.includes('failed_checks'));
    expect(failed).toEqual([
      [
        'gatehouse_docval_failed_checks_total{procedure="document_certificate",check="anchor.found"}',
        1,
      ],
      ['gatehouse_docval_failed_checks_total{procedure="data_group_hashes",check="DG1.hash"}', 1],
    ]);
    expect(metrics.get('gatehouse_docval_documents_total{passive_authentication="false"}')).toBe(1);
  });
});

describe('the names of checks', () => {
  const faults: (LineFault | undefined)[] = [
    undefined,
    'ca-cloned',
    'aa-cloned',
    'aa-replayed',
    'pace-cam-mismatch',
    'pace-cam-missing',
  ];
  for (const [profile, changes] of Object.entries(PROFILES)) {
    test(`are all known: ${profile}`, async () => {
      const document = makeSpecimen(changes);
      for (const trust of [document.trust, TrustStore.empty]) {
        for (const fault of faults) {
          const result = await readDocument({
            transceiver: document.insert(fault === undefined ? {} : { faults: [fault] }),
            password: mrzPassword(ERIKSSON),
            trust,
            clock: () => CHECKED_AT,
            random: (length) => crypto.getRandomValues(new Uint8Array(length)),
          }).catch(() => undefined);
          const names = result === undefined
            ? []
            : documentChecks(result).map(({ check }) => checkName(check));
          expect(names.filter((name) => !CHECK_NAMES.includes(name))).toEqual([]);
        }
      }
    });
  }

  test('of certificates in the middle of a path count as one', () => {
    expect(checkName('intermediate-7.revocation')).toBe('intermediate.revocation');
    expect(CHECK_NAMES).toContain('intermediate.revocation');
  });
});
