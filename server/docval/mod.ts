/** DocVal: passport chips read and verified through a client's WebSocket. `docs/docval.md` says how to use it. */
export { clientFacts, Clients, loadClients, parseClients } from './clients.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export { DocvalObserver } from './observer.ts';
export { docvalRoutes } from './passive-route.ts';
export { ResultPoster } from './result-server.ts';
export type { DocvalDeps } from './service.ts';
export { openDocval } from './settings.ts';
export type { DocvalSettings } from './settings.ts';
export { DocvalSockets } from './sockets.ts';
