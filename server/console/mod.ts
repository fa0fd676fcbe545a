/** The operator console: what the server mounts. */
export { type ConsoleDeps, consoleRoutes } from './routes.ts';
