/** The line from this page to a specimen chip on the server: the part that a card reader has elsewhere. */

export interface Chip {
  /** One command APDU out, one answer back. Rejects when the chip is gone. */
  transceive(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** Takes the chip off. */
  remove(): void;
}

/** Puts a chip on the reader; the first command waits until it is there. */
export function insertChip(specimen: string, clientId: string): Chip {
  const url = new URL('/docval/chip', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams({ specimen, client_id: clientId }).toString();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const opened = new Promise<void>((resolve) => socket.onopen = () => resolve());
  const gone = new Promise<never>((_, reject) => {
    socket.onclose = () => reject(new Error('the chip is gone'));
  });
  gone.catch(() => {});
  return {
    async transceive(command) {
      await Promise.race([opened, gone]);
      const answer = new Promise<Uint8Array>((resolve) => {
        socket.onmessage = ({ data }) => resolve(new Uint8Array(data as ArrayBuffer));
      });
      socket.send(command as Uint8Array<ArrayBuffer>);
      return await Promise.race([answer, gone]);
    },
    remove: () => socket.close(),
  };
}
