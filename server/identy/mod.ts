/** IDENTY Web Server API v1: what the server mounts. */
export { identyRoutes } from './routes.ts';
export type { IdentyDeps } from './endpoint.ts';
