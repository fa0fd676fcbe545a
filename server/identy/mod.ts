/** IDENTY Web Server API v1: what the server mounts. */
export { IDENTY_PREFIX, identyRoutes } from './routes.ts';
export type { IdentyDeps } from './endpoint.ts';
