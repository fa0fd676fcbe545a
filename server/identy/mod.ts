/** IDENTY Web Server API v1: what the server mounts. */
export { Captures } from './captures.ts';
export type { IdentyDeps } from './endpoint.ts';
export { type CaptureKeys, openCaptureKeys } from './envelope/capture-keys.ts';
export { identyRoutes } from './routes.ts';
export { templateKeyOf } from './template-encryption.ts';
