/** The front that TLS connections end at: what it carries, whom it names, when it lets go. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TlsFront } from '../../../../server/core/tls/front.ts';
import { readTlsMaterial } from '../../../../server/core/tls/material.ts';
import type { Peer } from '../../../../server/core/http/peer.ts';
import { Certificates, HAS_OPENSSL } from '../../support/certificates.ts';

const LARGE = 20_000_000;

describe.skipIf(!HAS_OPENSSL)('the front of the TLS port [needs openssl]', () => {
  let pki: Certificates, inner: Bun.Server<undefined>, front: TlsFront;
  const peers: (Peer | undefined)[] = [];
  beforeAll(async () => {
    pki = await Certificates.make();
    await pki.add('server', '/CN=gatehouse');
    const material = await readTlsMaterial({
      cert: pki.file('server.pem'),
      key: pki.file('server.key'),
    });
    inner = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request, server) => {
        peers.push(front.peerOf(server.requestIP(request)!.port));
        if (server.upgrade(request)) return;
        const headers = { Connection: 'close' };
        return new Response(new Uint8Array(LARGE).fill(0x78), { headers });
      },
      websocket: { message: (socket, message) => void socket.send(message) },
    });
    front = new TlsFront({
      hostname: '127.0.0.1',
      port: 0,
      innerPort: inner.port!,
      minVersion: '1.2',
      clientCertificates: 'required',
      handshakeTimeoutMs: 200,
      onRefused: () => {},
    }, material);
  });
  afterAll(async () => {
    await inner.stop(true);
    front.close();
    await pki.remove();
  });

  const insecure = { rejectUnauthorized: false };
  const closed = (socket: { on(event: string, done: () => void): unknown }) =>
    new Promise<void>((resolve) => socket.on('close', resolve));

  test('gives a client that reads late all that the server wrote before it hung up', async () => {
    const client = connectTls({ port: front.port, host: '127.0.0.1', ...insecure });
    client.write('GET / HTTP/1.1\r\nHost: gate\r\n\r\n');
    client.pause();
    await Bun.sleep(500);
    let bytes = 0;
    client.on('data', (data) => bytes += data.length);
    client.resume();
    await closed(client);
    expect(bytes).toBeGreaterThan(LARGE);
  });

  test('carries WebSockets', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${front.port}/`, { tls: insecure } as never);
    await new Promise((opened) => socket.onopen = opened);
    const answered = new Promise<string>((got) => socket.onmessage = ({ data }) => got(data));
    socket.send('through TLS');
    expect(await answered).toBe('through TLS');
    socket.close();
  });

  test('names whom a connection comes from, as long as it is there', async () => {
    peers.length = 0;
    const client = connectTls({ port: front.port, host: '127.0.0.1', ...insecure });
    client.on('data', () => {});
    client.write('GET / HTTP/1.1\r\nHost: gate\r\n\r\n');
    await closed(client);
    await fetch(`http://127.0.0.1:${inner.port}/`);
    expect(peers).toEqual([{ address: '127.0.0.1' }, undefined]);
  });

  test('lets go of a client that never finishes its handshake', async () => {
    const silent = connect(front.port, '127.0.0.1');
    silent.on('error', () => {});
    await closed(silent);
  });

  test('hangs up on everybody when it is closed', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${front.port}/`, { tls: insecure } as never);
    await new Promise((opened) => socket.onopen = opened);
    const gone = new Promise((done) => socket.onclose = done);
    front.close();
    await gone;
  });
});
