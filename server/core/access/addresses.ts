/**
 * Whom a request comes from: the other end of its connection, or, where that is a proxy the operator has
 * named, the address that the proxy says it has the request from (`X-Forwarded-For`).
 */
import { BlockList, isIP } from 'node:net';

/** Further hops than this nobody has; a longer list is a made-up one. */
const MAX_HOPS = 16;

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An IP address in one form: without brackets, port or zone, IPv4 as such; undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(trimmed)?.[1] ??
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(trimmed)?.[1] ?? trimmed;
  const address = bare.replace(/%.*$/s, '').toLowerCase();
  if (isIP(address) === 0) return undefined;
  return IPV4_IN_IPV6.exec(address)?.[1] ?? address;
}

interface Network {
  readonly address: string;
  /** Of its prefix. */
  readonly bits: number;
}

/** Reads `ADDRESS` or `ADDRESS/BITS`; undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [, before = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = plainAddress(before);
  if (address === undefined) return undefined;
  const most = isIP(address) === 6 ? 128 : 32;
  const bits = digits === undefined ? most : Number(digits);
  return bits <= most ? { address, bits } : undefined;
}

/** Proxies whose word is taken; networks in the form that `readNetwork` takes. */
export class TrustedProxies {
  static readonly none: TrustedProxies = new TrustedProxies([]);
  readonly #list = new BlockList();

  /** @throws RangeError for what is no network */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const { address, bits } = readNetwork(network) ?? {};
      if (address === undefined || bits === undefined) throw new RangeError('no network');
      this.#list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    }
  }

  has(address: string): boolean {
    return this.#list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
}

/**
 * The address a request comes from, as far as it is known.
 * @param peer the other end of the connection
 * @param forwarded value of `X-Forwarded-For`; read from its end, where our own proxies have written
 */
export function sourceAddress(
  peer: string | undefined,
  forwarded: string | null,
  proxies: TrustedProxies,
): string | undefined {
  const address = peer === undefined ? undefined : plainAddress(peer);
  if (address === undefined || forwarded === null || !proxies.has(address)) return address;
  let source = address;
  for (const hop of forwarded.split(',').slice(-MAX_HOPS).reverse()) {
    const before = plainAddress(hop);
    if (before === undefined) return source;
    source = before;
    if (!proxies.has(source)) return source;
  }
  return source;
}

/** What is locked out together: an IPv4 address, or the /64 that one IPv6 host can choose its address from. */
export function sourceGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head, tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined
    ? []
    : Array(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...gap, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
