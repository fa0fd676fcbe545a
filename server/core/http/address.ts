/** Addresses to listen on, as they are written in settings. */

export interface Address {
  readonly host: string;
  readonly port: number;
}

const HOST_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/;
const LAST_PORT = 65_535;

/** Reads HOST:PORT, IPv6 addresses in brackets; undefined for everything else. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits] = HOST_PORT.exec(text) ?? [];
  const port = Number(digits);
  return port <= LAST_PORT ? { host: bracketed ?? plain, port } : undefined;
}
