/** Whether something stays on this machine: the address that is listened on, or the request that came in. */

/** True for the names and addresses of the loopback interface, IPv6 with or without brackets. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** What proxies add to a request that came from elsewhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True when the request names this machine by a loopback name and no proxy says that it passed it on. */
export function isLocalRequest(request: Request): boolean {
  return isLoopback(new URL(request.url).hostname) &&
    !FORWARDED.some((name) => request.headers.has(name));
}
