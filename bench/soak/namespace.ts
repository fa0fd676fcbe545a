/**
 * A network namespace with a way out that leads nowhere: one end of a cable takes every packet for the outside,
 * name queries too, and nobody answers at the other. So an attempt to leave is seen, and stays in here.
 */
import { writeFileSync } from 'node:fs';

const OUT = 'out', FAR = 'far';
/** RFC 5737 and RFC 3849: addresses for documentation, which nobody has. */
const OURS = { v4: '192.0.2.1/24', v6: '2001:db8::1/64' };
const ROUTER = { v4: '192.0.2.254', v6: '2001:db8::fe', lladdr: '02:00:00:00:00:01' };
/** Until the kernel has said what it says of a new interface. */
const SETTLE_MS = 3000;

/** Whether this machine lets us. */
export function canIsolate(): boolean {
  return process.getuid?.() === 0 && Bun.which('ip') !== null && Bun.which('unshare') !== null &&
    Bun.spawnSync(['unshare', '--net', 'true']).exitCode === 0;
}

/** Call in a new namespace, before anything is started in it. */
export async function openWayOut(): Promise<void> {
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', OUT, 'type', 'veth', 'peer', 'name', FAR);
  for (const device of [OUT, FAR]) {
    // so that the kernel itself has nothing to announce
    setting(device, 'addr_gen_mode', 1);
    setting(device, 'accept_ra', 0);
    setting(device, 'router_solicitations', 0);
    ip('link', 'set', device, 'up');
  }
  ip('addr', 'add', OURS.v4, 'dev', OUT);
  ip('addr', 'add', OURS.v6, 'dev', OUT, 'nodad');
  for (const router of [ROUTER.v4, ROUTER.v6]) {
    ip('neigh', 'add', router, 'lladdr', ROUTER.lladdr, 'dev', OUT, 'nud', 'permanent');
    ip('route', 'add', 'default', 'via', router);
  }
  await Bun.sleep(SETTLE_MS);
}

function setting(device: string, name: string, value: number): void {
  writeFileSync(`/proc/sys/net/ipv6/conf/${device}/${name}`, String(value));
}

function ip(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(['ip', ...args]);
  if (exitCode !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
