/** The operator console: what the server mounts. */
export { type ConsoleDeps, consoleRoutes } from './routes.ts';
export { openViews } from './open.ts';
export type { ViewDeps } from './views.ts';
