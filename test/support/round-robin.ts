/**
 * A proxy before several nodes: each connection goes to the next one in turn, or, where that cannot be reached,
 * to the one after it. It looks into nothing and repeats nothing, so a node that dies is seen by its clients.
 */
import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';

export class RoundRobin {
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** @param ports of nodes on this machine */
  static async before(ports: readonly number[]): Promise<RoundRobin> {
    let turn = 0;
    const server = createServer({ allowHalfOpen: false }, (client) => {
      const first = turn++;
      client.pause();
      client.on('error', () => {});
      const forward = (attempt: number): void => {
        if (attempt === ports.length || client.destroyed) return void client.destroy();
        const node = connect(ports[(first + attempt) % ports.length], '127.0.0.1');
        const refused = () => forward(attempt + 1);
        node.once('error', refused);
        node.once('connect', () => {
          node.off('error', refused);
          node.on('error', () => client.destroy());
          node.on('close', () => client.destroy());
          client.on('close', () => node.destroy());
          client.pipe(node);
          node.pipe(client);
        });
      };
      forward(0);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new RoundRobin(server);
  }

  close(): void {
    this.#server.close();
  }
}
