/**
 * The server of the docval benchmark without its sockets: whole sessions, from the upgrade to the close
 * frame, whose frames are handed over instead of sent. Chips are recordings, so the randomness of sessions is that
 * of the recordings.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { lengthsNamed, type RecordedDocument, recordedDocuments } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { CHIP_ANSWER_MS, startText } from './phones.ts';
import { startBenchServer } from './server.ts';

/** As much of Bun's server and of its sockets as ours uses. */
interface Handlers {
  fetch(request: Request, server: unknown): unknown;
  websocket: {
    open(socket: unknown): void;
    message(socket: unknown, message: string | Uint8Array): void;
    close(socket: unknown, code: number, reason: string): void;
  };
}

/** What the recording of a session has drawn, in order. */
const drawn = new AsyncLocalStorage<Uint8Array[]>();
const fill = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = <Values extends ArrayBufferView>(values: Values): Values => {
  const left = drawn.getStore();
  // curves are blinded with randomness of another length, which changes no result
  if (!(values instanceof Uint8Array) || left?.[0]?.length !== values.length) return fill(values);
  values.set(left.shift()!);
  return values;
};

const serve = Bun.serve;
let handlers: Handlers | undefined;
Bun.serve = ((options: Parameters<typeof serve>[0]) => {
  handlers = options as unknown as Handlers;
  return serve(options);
}) as typeof serve;

const documents = await recordedDocuments(lengthsNamed(process.argv[2]));
const url = startBenchServer(documents).replace('ws', 'http');

/** @throws Error when the document is not found genuine */
async function session(document: RecordedDocument): Promise<void> {
  const { fetch, websocket } = handlers!;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let position = 0, genuine = false;
  const socket = {
    data: undefined as unknown,
    send(frame: string | Uint8Array): number {
      if (typeof frame === 'string') {
        genuine ||= frame.includes('"passive_authentication":true');
      } else {
        // a frame of a socket is a copy
        const answer = document.exchanges[position++].response.slice();
        setTimeout(() => websocket.message(socket, answer), CHIP_ANSWER_MS);
      }
      return frame.length;
    },
    close(code: number, reason = ''): void {
      setImmediate(() => {
        websocket.close(socket, code, reason);
        resolve();
      });
    },
    terminate(): void {},
  };
  await fetch(new Request(url, { headers: { Upgrade: 'websocket' } }), {
    requestIP: () => ({ address: '127.0.0.1', port: 1, family: 'IPv4' }),
    upgrade(_request: Request, { data }: { data: unknown }): boolean {
      socket.data = data;
      return true;
    },
  });
  websocket.open(socket);
  const start = startText(document);
  drawn.run([...document.randoms], () => websocket.message(socket, start));
  await closed;
  if (!genuine) throw new Error('a session did not end well');
}

announce('', {
  sessions: async (index, count) => {
    const document = documents[index];
    await Promise.all(Array.from({ length: count }, () => session(document)));
  },
});
