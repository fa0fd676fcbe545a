/**
 * The frames of a reading and nothing else: what any server in this runtime pays for as many frames of the
 * same sizes, over sockets set up as those of the product.
 */
import { lengthsNamed, recordedDocuments } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { RESULT_CHARACTERS } from './phones.ts';

const STATUS = JSON.stringify({ status: 'READ_DG14' });
const CLOSE = JSON.stringify({ close_code: 1000 });
/** Texts before the result, sent one with each of the first commands. */
const STATUSES = 8;

const documents = await recordedDocuments(lengthsNamed(process.argv[2]));
const commandsOf = documents.map(({ exchanges }) =>
  exchanges.map(({ command }) => command as Uint8Array<ArrayBuffer>)
);
const result = 'x'.repeat(RESULT_CHARACTERS);

/** The commands of the document whose index the path is. */
interface Progress {
  readonly commands: readonly Uint8Array<ArrayBuffer>[];
  position: number;
}

const server = Bun.serve<Progress>({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, bun) => {
    const commands = commandsOf[Number(new URL(request.url).pathname.slice(1))];
    return bun.upgrade(request, { data: { commands, position: 0 } })
      ? undefined
      : new Response(null);
  },
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    data: {} as Progress,
    open: (socket) => {
      socket.binaryType = 'uint8array';
    },
    message: (socket) => {
      const { commands } = socket.data, position = socket.data.position++;
      if (position < STATUSES) socket.send(STATUS);
      if (position < commands.length) return void socket.send(commands[position]);
      socket.send(result);
      socket.send(CLOSE);
      socket.close(1000);
    },
  },
});
announce(server.url.href.replace('http', 'ws'));
